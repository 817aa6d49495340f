"""The API: the same verbs as the screens, JSON in and out. It shares no code with the screens."""
