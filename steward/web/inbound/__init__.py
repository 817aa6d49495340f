"""Where vendors bring what happens on their side."""
