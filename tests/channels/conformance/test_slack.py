"""The conformance suite held against Slack, on a strict stand-in of its platform."""

import pytest

from tests.channels.conformance.behaviors import Conformance
from tests.channels.slack_world import _world, world

__all__ = ["_world", "world"]
pytestmark = pytest.mark.crash


class TestSlack(Conformance):
    """Every behavior."""
