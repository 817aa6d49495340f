"""The shifts: who is on now, the week by person, and entering them by hand."""
