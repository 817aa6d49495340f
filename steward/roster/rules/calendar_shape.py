"""The shape in which a calendar's hours are written and stored, and their reading into `Hours`."""

import itertools
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from steward.roster.rules.business_time import Holiday, Hours, Slot

MAX_SLOTS = 200
MAX_HOLIDAYS = 1_000
MAX_NAME = 100
MIDNIGHT = 24 * 60
SUNDAY = 6

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


class Fault(StrEnum):
    """What can be wrong with a calendar as it was written."""

    ZONE = "zone"
    SHAPE = "shape"
    WEEKDAY = "weekday"
    TIME = "time"
    DATE = "date"
    NAME = "name"
    TWICE = "twice"
    EMPTY = "empty"
    NEVER = "never"
    TOO_MANY = "too_many"


class BadHours(ValueError):
    """A calendar that cannot be read: which fault, in which field, and the value at fault."""

    def __init__(self, fault: Fault, *, field: str, value: object = "") -> None:
        super().__init__(f"{field}: {fault.value}: {value}")
        self.fault = fault
        self.field = field
        self.value = str(value)[:60]


def parse_hours(time_zone: object, slots: object, holidays: object) -> Hours:
    """Read a calendar as people and forms write it; raises BadHours for the first thing that cannot be meant.

    `slots` is a list of {weekday 0-6 from Monday, start "HH:MM", end "HH:MM"}: an end at or before the start is on the
    next day, and 24:00 is the end of the day. `holidays` is a list of {date, name, slots}: without slots it is closed.
    """
    zone = _zone(time_zone)
    weekly = tuple(_weekly(slot) for slot in _listed(slots, "slots", MAX_SLOTS))
    if not weekly:
        raise BadHours(Fault.EMPTY, field="slots")
    days = tuple(sorted((_holiday(day) for day in _listed(holidays, "holidays", MAX_HOLIDAYS)), key=lambda day: day.on))
    for one, other in itertools.pairwise(days):
        if one.on == other.on:
            raise BadHours(Fault.TWICE, field="holidays", value=one.on)
    return Hours(zone, tuple(sorted(weekly, key=lambda slot: (slot.weekday, slot.start, slot.end))), days)


def written_slots(hours: Hours) -> list[dict[str, Any]]:
    """Give the weekly slots as they are stored."""
    return [{"weekday": s.weekday, "start": _clock(s.start), "end": _clock(s.end)} for s in hours.slots]


def written_holidays(hours: Hours) -> list[dict[str, Any]]:
    """Give the holidays as they are stored."""
    return [
        {
            "date": day.on.isoformat(),
            "name": day.name,
            "slots": [{"start": _clock(start), "end": _clock(end)} for start, end in day.slots],
        }
        for day in hours.holidays
    ]


def read_hours(time_zone: str, slots: Sequence[Any], holidays: Sequence[Any]) -> Hours:
    """Read stored hours; the same content gives the same object, so that its laid-out years are kept."""
    return _read(time_zone, json.dumps(slots), json.dumps(holidays))


@lru_cache(maxsize=256)
def _read(time_zone: str, slots: str, holidays: str) -> Hours:
    return parse_hours(time_zone, json.loads(slots), json.loads(holidays))


def _zone(name: object) -> str:
    if isinstance(name, str) and name:
        # A folder of the zone database, or a path out of it, raises something else than a missing key.
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            pass
        else:
            return name
    raise BadHours(Fault.ZONE, field="time_zone", value=name)


def _listed(value: object, field: str, most: int) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise BadHours(Fault.SHAPE, field=field, value=value)
    if len(value) > most:
        raise BadHours(Fault.TOO_MANY, field=field, value=most)
    return value


def _keys(value: object, field: str, known: set[str]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not set(value) <= known:
        raise BadHours(Fault.SHAPE, field=field, value=value)
    return value


def _weekly(value: object) -> Slot:
    slot = _keys(value, "slots", {"weekday", "start", "end"})
    weekday = slot.get("weekday")
    if type(weekday) is not int or not 0 <= weekday <= SUNDAY:
        raise BadHours(Fault.WEEKDAY, field="slots", value=weekday)
    return Slot(weekday, *_span(slot, "slots"))


def _holiday(value: object) -> Holiday:
    day = _keys(value, "holidays", {"date", "name", "slots"})
    on, name = day.get("date"), day.get("name", "")
    if not isinstance(name, str) or len(name) > MAX_NAME or "\x00" in name:
        raise BadHours(Fault.NAME, field="holidays", value=name)
    try:
        when = date.fromisoformat(on) if isinstance(on, str) and len(on) == len("2026-01-01") else None
    except ValueError:
        when = None
    if when is None:
        raise BadHours(Fault.DATE, field="holidays", value=on)
    spans = [_keys(span, "holidays", {"start", "end"}) for span in _listed(day.get("slots") or [], "holidays", 24)]
    return Holiday(when, name.strip(), tuple(sorted(_span(span, "holidays") for span in spans)))


def _span(slot: Mapping[str, Any], field: str) -> tuple[int, int]:
    start, end = _minutes(slot.get("start"), field), _minutes(slot.get("end"), field, last=True)
    return start, end if end > start else end + MIDNIGHT


def _minutes(value: object, field: str, *, last: bool = False) -> int:
    if last and value == "24:00":
        return MIDNIGHT
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise BadHours(Fault.TIME, field=field, value=value)
    return int(match[1]) * 60 + int(match[2])


def _clock(minutes: int) -> str:
    if minutes == MIDNIGHT:
        return "24:00"
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
