"""The lists of tickets: views and queues with their counts, search, the next ticket, and one's follow-ups."""
