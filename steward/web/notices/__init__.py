"""One's own notices: what happened that one should know."""
