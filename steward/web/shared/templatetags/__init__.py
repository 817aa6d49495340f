"""Tags of Django's template language, for the pages of the sign-in library only."""
