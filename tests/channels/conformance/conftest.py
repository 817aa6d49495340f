"""The worlds the suite runs in: one for each adapter, with the counterpart it speaks to."""

import pytest

from tests.channels.matrix_world import _world, world

__all__ = ["_world", "world"]

COUNTERPARTS = {"matrix": "a real server: Synapse 1.163.2"}


@pytest.fixture(autouse=True)
def _told(request: pytest.FixtureRequest, record_property) -> None:
    """Say in the report of the run which adapter was held to a behavior, and against what."""
    record_property("conformance", f"matrix against {COUNTERPARTS['matrix']}")
