"""E-mail: what a message says, who it is from, and what its writer wrote of it. Reading is pure; nothing here writes."""
