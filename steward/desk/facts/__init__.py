"""What the desk can say has happened, to a ticket and to the desk's own settings."""
