"""The ways in and out: what requesters send is kept raw and handed to the desk, what the desk says is delivered. May import sla and below."""
