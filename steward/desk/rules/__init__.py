"""The desk's arithmetic: states, routing, what a reply means, and the ticket as its events tell it."""
