"""What the tests of the notices ask for besides."""

from tests.web.settings.browsing import browse, browser, served_desk

__all__ = ["browse", "browser", "served_desk"]
