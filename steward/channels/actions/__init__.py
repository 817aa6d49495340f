"""The verbs of channels, the only writers of its tables."""
