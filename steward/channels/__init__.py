"""The ways in and out: what requesters send is kept raw first, what the desk says is delivered. May import sla and below."""
