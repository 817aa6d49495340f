"""Erasing: what goes and what stays, shown first and asked twice."""
