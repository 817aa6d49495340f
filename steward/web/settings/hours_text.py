"""Opening hours as people type them into a form, and back: `09:00-12:00, 13:00-18:00` a weekday, a line a holiday."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from babel.dates import get_day_names
from django.utils.translation import gettext as _

from steward.core.errors import Invalid
from steward.web.shared.times import locale

LONGEST, LONGEST_LINE = 20_000, 500
DAYS = range(7)
_SPAN = re.compile(r"(\d{1,2})[:.]?(\d{2})?\s*(?:-|–|—|to|bis)\s*(\d{1,2})[:.]?(\d{2})?", re.IGNORECASE)
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})\b\s*(.*)", re.DOTALL)
# What may stand between two spans is one class of characters: two optional parts would be tried in every combination.
_TAIL = re.compile(r"((?:\d{1,2}[:.]\d{2} ?[-–—] ?\d{1,2}[:.]\d{2}[ ,]*)+)$")


def day_names(width: str = "wide") -> list[str]:
    """Name the weekdays from Monday in the person's language."""
    names = get_day_names(width, "stand-alone", locale=locale())  # type: ignore[arg-type]
    return [str(names[day]) for day in DAYS]


def read_slots(typed: Mapping[int, str]) -> list[dict[str, Any]]:
    """Read the weekly hours, the text of each weekday by its number; raises `Invalid` naming the day's field."""
    return [
        {"weekday": day, "start": start, "end": end}
        for day in DAYS
        for start, end in _spans(_bounded(typed.get(day, ""), f"slots_{day}"), field=f"slots_{day}")
    ]


def read_holidays(typed: str) -> list[dict[str, Any]]:
    """Read one holiday a line: the date, its name, and hours where it is not closed all day."""
    found = []
    for line in _bounded(typed, "holidays").splitlines():
        # Single spaces, so that the search below is over soon whatever was pasted.
        written = " ".join(line.split())
        if not written:
            continue
        match = _DATE.fullmatch(written) if len(written) <= LONGEST_LINE else None
        if match is None or not _is_date(match[1]):
            raise Invalid(
                _("This line does not begin with a date: %(line)s") % {"line": written[:80]},
                field="holidays",
                hint=_("Write it like 2026-12-25 Christmas."),
            )
        name, hours = match[2], ""
        if tail := _TAIL.search(name):
            name, hours = name[: tail.start()], tail[1]
        slots = [{"start": start, "end": end} for start, end in _spans(hours, field="holidays")]
        found.append({"date": match[1], "name": name.strip(" ,–-"), "slots": slots})
    return found


def written_day(slots: Iterable[Mapping[str, Any]], day: int) -> str:
    """Write the hours of a weekday as they are typed."""
    return ", ".join(f"{slot['start']}-{slot['end']}" for slot in slots if slot["weekday"] == day)


def written_holidays(holidays: Sequence[Mapping[str, Any]]) -> str:
    """Write the holidays as they are typed."""
    return "\n".join(" ".join(part for part in (day["date"], day.get("name", ""), _day_hours(day)) if part) for day in holidays)


def week_words(slots: Sequence[Mapping[str, Any]]) -> str:
    """Say the weekly hours in one line, days with the same hours together."""
    names, runs = day_names("abbreviated"), list[tuple[int, int, str]]()
    for day in DAYS:
        hours = written_day(slots, day).replace("-", "–")
        if runs and runs[-1][2] == hours:
            runs[-1] = runs[-1][0], day, hours
        else:
            runs.append((day, day, hours))
    return "; ".join(f"{names[first]}{'–' + names[last] if last > first else ''} {hours}" for first, last, hours in runs if hours)


def _day_hours(day: Mapping[str, Any]) -> str:
    return ", ".join(f"{slot['start']}-{slot['end']}" for slot in day.get("slots") or [])


def _bounded(typed: str, field: str) -> str:
    if len(typed) > LONGEST:
        raise Invalid(
            _("That is too long: %(most)s characters fit.") % {"most": LONGEST}, field=field, hint=_("Enter the hours alone.")
        )
    return typed


def _spans(typed: str, *, field: str) -> list[tuple[str, str]]:
    return [_span(part.strip(), field) for part in re.split(r"[,;，；\n]", typed) if part.strip()]


def _span(written: str, field: str) -> tuple[str, str]:
    match = _SPAN.fullmatch(written)
    if match is not None:
        start, end = _time(match[1], match[2]), _time(match[3], match[4])
        if start and end and start != "24:00":
            return start, end
    raise Invalid(
        _("“%(text)s” is not a span of hours.") % {"text": written[:40]},
        field=field,
        hint=_("Write it like 09:00-12:00, 13:00-18:00; 22:00-06:00 runs into the next day."),
    )


def _time(hour: str, minute: str | None) -> str:
    hours, minutes = int(hour), int(minute or 0)
    fits = (hours < 24 and minutes < 60) or (hours, minutes) == (24, 0)  # noqa: PLR2004 -- a day
    return f"{hours:02}:{minutes:02}" if fits else ""


def _is_date(written: str) -> bool:
    try:
        date.fromisoformat(written)
    except ValueError:
        return False
    return True
