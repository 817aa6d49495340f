"""The verbs of the desk: each one transaction, lock, check, write, record a fact. The only writers of its tables."""
