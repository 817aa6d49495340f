"""Steward: the desk of a user-operations team, from the first message to the confirmed fix."""

__version__ = "0.1.0"
