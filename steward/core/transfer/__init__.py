"""Carrying a whole desk out into open files, and into an empty one: by table, whatever the packages above keep in theirs."""
