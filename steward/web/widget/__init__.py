"""What the widget on other pages talks to, and what agents see of those pages. May import web.shared and every domain package."""
