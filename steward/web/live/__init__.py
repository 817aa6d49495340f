"""Live screens: one LISTEN connection a process, one event stream a browser, the ledger as the truth."""
