"""Writing the ledger, and following it."""
