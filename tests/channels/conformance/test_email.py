"""The conformance suite held against e-mail, on real servers for fetching letters and for handing them in."""

import pytest

from tests.channels.conformance.behaviors import Conformance
from tests.channels.email_world import _world, world

__all__ = ["_world", "world"]
pytestmark = pytest.mark.crash


class TestEmail(Conformance):
    """Every behavior."""
