"""Reading the ledger as figures."""
