"""Changing many tickets at once: prepared, previewed, watched while it runs, taken back."""
