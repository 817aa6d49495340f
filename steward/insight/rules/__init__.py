"""The arithmetic of reports: days, the fold of a ticket's past, and the figures made of it."""
