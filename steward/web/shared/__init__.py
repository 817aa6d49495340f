"""What every screen stands on: the shell, its components, filters, errors and navigation. Knows no subject but people."""
