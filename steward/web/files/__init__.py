"""Attached files: one address for everybody, and one place that says who may have what, and how a browser gets it."""
