"""Whether shifts and calendars are as the ledger says."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from steward.ledger.models import Event
from steward.roster import facts
from steward.roster.models import Break, CalendarVersion, Shift, ShiftKind

_KINDS = [
    fact.kind
    for fact in (
        facts.ShiftAdded,
        facts.ShiftChanged,
        facts.ShiftCancelled,
        facts.ShiftEnded,
        facts.BreakStarted,
        facts.BreakEnded,
        facts.CalendarVersionPublished,
    )
]
_FIELDS = ("user_id", "kind", "starts_at", "ends_at", "time_zone", "team_id", "cancelled", "ended_at")


def roster_problems() -> Iterator[str]:
    """Say which shifts and calendar versions differ from the fold of their events."""
    shifts: dict[int, dict[str, Any]] = {}
    versions: dict[tuple[int, int], int] = {}
    away: set[int] = set()
    for event in Event.objects.filter(kind__in=_KINDS).order_by("id").iterator(chunk_size=1_000):
        _fold(event, shifts, versions, away)
    for shift in Shift.objects.order_by("id").iterator(chunk_size=1_000):
        yield from _shift_problems(shift, shifts.pop(shift.pk, None))
    for shift_id in sorted(shifts):
        yield f"shift {shift_id} is in the ledger, but there is no such shift"
    open_breaks = set(Break.objects.filter(ended_at=None).values_list("id", flat=True))
    for break_id in sorted(open_breaks ^ away):
        yield f"break {break_id} is not both open and open in the ledger"
    now = {(v.calendar_id, v.version): v.pk for v in CalendarVersion.objects.order_by("id")}
    for calendar_id, version in sorted(set(now.items()) ^ set(versions.items())):
        yield f"calendar {calendar_id}: version {version} is not both a row and in the ledger"


def _fold(event: Event, shifts: dict[int, dict[str, Any]], versions: dict[tuple[int, int], int], away: set[int]) -> None:
    match event.fact:
        case facts.ShiftAdded() as fact:
            shifts[fact.shift_id] = {
                "user_id": fact.user_id,
                "kind": ShiftKind[fact.shift_kind.upper()].value,
                "starts_at": fact.starts_at,
                "ends_at": fact.ends_at,
                "time_zone": fact.time_zone,
                "team_id": fact.team_id,
                "cancelled": False,
                "ended_at": None,
            }
        case facts.ShiftChanged() as fact:
            for name, (_old, new) in fact.changes.items():
                shifts[fact.shift_id][name] = _read(name, new)
        case facts.ShiftCancelled() as fact:
            shifts[fact.shift_id]["cancelled"] = True
        case facts.ShiftEnded() as fact:
            shifts[fact.shift_id] |= {"ends_at": fact.ends_at, "ended_at": fact.ended_at}
        case facts.BreakStarted() as fact:
            away.add(fact.break_id)
        case facts.BreakEnded() as fact:
            away.discard(fact.break_id)
        case facts.CalendarVersionPublished() as fact:
            versions[fact.calendar_id, fact.version] = fact.calendar_version_id


def _read(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name.endswith("_at") else value


def _shift_problems(shift: Shift, told: dict[str, Any] | None) -> Iterator[str]:
    if told is None:
        yield f"shift {shift.pk} is not in the ledger"
        return
    for name in _FIELDS:
        found = shift.cancelled_at is not None if name == "cancelled" else getattr(shift, name)
        if found != told[name]:
            yield f"shift {shift.pk}: {name} is {found}, the ledger says {told[name]}"
