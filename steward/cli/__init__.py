"""The `steward` command: arguments parsed, one call down, an answer for people or for scripts."""
