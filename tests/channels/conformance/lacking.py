"""Behaviors some vendors do not have: left out by name, with the reason in the report."""

import functools
from collections.abc import Callable
from typing import Any

import pytest


def unless_lacking(ability: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Leave a behavior out where the vendor has nothing of it, saying why."""

    def around(behavior: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(behavior)
        def held(self: object, world: Any, **more: Any) -> None:
            if ability in world.lacks:
                pytest.skip(f"{world.kind} has no {ability}: {world.lacks[ability]}")
            behavior(self, world, **more)

        return held

    return around
