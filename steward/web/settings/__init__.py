"""The settings screens: people, teams and requesters, and how the desk works."""
