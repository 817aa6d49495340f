"""Reading the desk: lists, one ticket's timeline, search, counts, and what an actor may see."""
