"""Remembering what was read for the length of a batch: what a hundred events ask alike is asked once."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")

_remembered: ContextVar[dict[Hashable, object] | None] = ContextVar("remembered", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Remember within this block, and nothing longer: what is read in it may be as old as the block."""
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def remembered(key: Hashable, read: Callable[[], T]) -> T:
    """Give what was read under a key in this block, reading it at the first time; outside of such a block read it every time."""
    kept = _remembered.get()
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    return kept[key]  # type: ignore[return-value]


def forget(key: Hashable) -> None:
    """Read it again at the next time: it was changed."""
    kept = _remembered.get()
    if kept is not None:
        kept.pop(key, None)
