"""The desk: conversations, messages, tickets, queues. Calls `roster`, `people`, `ledger` and `core`; knows nobody above it."""
