"""What the ledger says in figures: the daily report. Reads every package below; none of them imports it."""
