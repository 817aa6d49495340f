"""Every component on pages of its own, served to a browser: what the pictures and the accessibility check look at."""
