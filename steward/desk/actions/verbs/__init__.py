"""What can be done to a ticket by name: macros, automations and bulk edits are made of these, and packages above add theirs."""
