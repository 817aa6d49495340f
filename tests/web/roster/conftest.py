"""What the tests of the shifts ask for besides."""

from tests.web.settings.browsing import beside_an_event_loop, browse, browser, served_desk

__all__ = ["beside_an_event_loop", "browse", "browser", "served_desk"]
