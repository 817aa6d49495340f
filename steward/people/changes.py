"""Comparing what is with what shall be, so that a fact can carry old and new."""

from collections.abc import Mapping
from typing import Any

from steward.people.facts import Changes


def differing(row: Any, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the wanted values that are not the row's values already."""
    return {name: value for name, value in wanted.items() if getattr(row, name) != value}


def told(row: Any, wanted: Mapping[str, Any], *, personal: frozenset[str]) -> tuple[Changes, tuple[str, ...]]:
    """Split changes into old and new values that may be kept, and the names of personal fields, whose values may not.

    Call it before the row is changed.
    """
    changes: Changes = {name: (getattr(row, name), value) for name, value in wanted.items() if name not in personal}
    return changes, tuple(sorted(name for name in wanted if name in personal))
