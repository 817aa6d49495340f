"""What is being written: drafts, held replies, and the page of both. May import web.shared and every domain package."""
