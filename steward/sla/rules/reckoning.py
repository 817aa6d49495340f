"""How much of a promise has run, and when it is due: always from the whole log of intervals, never from a counter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from steward.roster.rules.business_time import Hours, add, between


@dataclass(frozen=True)
class Span:
    """One interval of a clock: it ran or stood still, under these hours, from one instant to another (or until now)."""

    started_at: datetime
    ended_at: datetime | None
    running: bool
    hours: Hours


def elapsed(spans: Sequence[Span], at: datetime) -> int:
    """Count the business seconds that had run by an instant."""
    return sum(
        between(span.hours, span.started_at, min(at, span.ended_at or at))
        for span in spans
        if span.running and span.started_at < at
    )


def due(spans: Sequence[Span], seconds: int, *, promised_at: datetime) -> datetime | None:
    """Find when the clock has run for so many business seconds; None while it stands still before that.

    Never before the promise was made or the clock last began to run: a target made shorter later cannot have been
    broken before it was set, nor while the clock stood still.
    """
    last = spans[-1] if spans else None
    if last is None or not last.running or last.ended_at is not None:
        return None
    reached = _reached(spans, seconds)
    return max(reached, promised_at, last.started_at)


def _reached(spans: Sequence[Span], seconds: int) -> datetime:
    left = seconds
    for span in spans:
        if not span.running:
            continue
        if span.ended_at is None:
            return add(span.hours, span.started_at, left)
        used = between(span.hours, span.started_at, span.ended_at)
        if used >= left:
            return add(span.hours, span.started_at, left)
        left -= used
    raise ValueError("the last span runs, so the loop ends in it")


def warn_seconds(target_seconds: int, warn_at: float | None) -> int | None:
    """Say after how many business seconds to warn; None for a policy that does not."""
    return int(target_seconds * warn_at) if warn_at else None
