"""Care with harmful content: one's own minutes and wishes, and what leads see of others."""
