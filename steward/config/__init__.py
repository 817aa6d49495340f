"""Where everything is wired: settings, addresses, the server. Imports anything, imported by nobody."""
