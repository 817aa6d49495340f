"""The web chat as a page: a request drawn as a chat. May import web.shared and every domain package."""
