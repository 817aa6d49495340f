"""One ticket: what was said and happened, writing, and everything beside it; each resource has a module."""
