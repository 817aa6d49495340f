"""The web chat as a page: the same conversation as in the portal, drawn as a chat. May import web.shared and every domain package."""
