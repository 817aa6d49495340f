"""What the desk promises: policies by match, clocks on tickets, breaches. May import desk, roster, people, ledger and core."""
