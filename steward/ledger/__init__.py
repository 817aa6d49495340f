"""The ledger: every fact in order, for ever, and the subscribers that follow it. Knows no subject; imports only `core`."""
