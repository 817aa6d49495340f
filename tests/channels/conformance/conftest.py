"""The report of the suite: which adapter was held to each behavior, and against what."""

from collections.abc import Callable

import pytest


@pytest.fixture(autouse=True)
def _told(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> None:
    """Say it in the report of the run; `tests/channels/report.py` makes the table."""
    world = request.getfixturevalue("world")
    record_property("conformance", f"{world.kind}|{world.counterpart}")
