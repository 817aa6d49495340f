"""Who works when: shifts entered by hand, who is on duty, business calendars. May import people, ledger and core."""
