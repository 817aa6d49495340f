"""What a filter means in the tables: each operator as a condition on tickets, and what the index knows of it."""
