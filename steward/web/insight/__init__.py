"""The daily report's screens: the figures, and the tickets behind each."""
