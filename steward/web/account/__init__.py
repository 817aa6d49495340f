"""Signing in, joining by a link, and one's own account. May import web.shared and every domain package."""
