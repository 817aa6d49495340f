"""A running desk for the pictures of a shift."""

from tests.web.settings.browsing import browse, browser, served_desk

__all__ = ["browse", "browser", "served_desk"]
