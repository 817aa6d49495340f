"""The requesters' own pages: asking, following, answering, confirming. May import web.shared and every domain package."""
