"""The server-rendered screens: a folder per screen, a file per resource. May import every domain package, never `cli`."""
