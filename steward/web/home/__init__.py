"""The front door: where each person's day begins, and what a monitor asks."""
