"""The same desk as in the tests of the portal."""

from tests.web.portal.conftest import desk

__all__ = ["desk"]
