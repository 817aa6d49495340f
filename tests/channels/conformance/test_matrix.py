"""The conformance suite held against Matrix, on a real homeserver."""

import pytest

from tests.channels.conformance.behaviors import Conformance
from tests.channels.matrix_world import _world, world

__all__ = ["_world", "world"]
pytestmark = pytest.mark.synapse


class TestMatrix(Conformance):
    """Every behavior."""
