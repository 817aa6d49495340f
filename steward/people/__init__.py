"""Who is there: users, roles, teams, requesters and their notices. May import ledger and core."""
