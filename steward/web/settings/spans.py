"""Lengths of time as people write them: `2d`, `4h 30m`, `1:30`."""

import re

from django.utils.translation import gettext as _

from steward.core.errors import Invalid

MINUTE, HOUR, DAY = 60, 3600, 86_400
LONGEST = 40
_PARTS = re.compile(r"(?:(\d{1,4})\s*d)?\s*(?:(\d{1,5})\s*h)?\s*(?:(\d{1,6})\s*m(?:in)?)?\s*(?:(\d{1,6})\s*s)?", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,5}):([0-5]\d)")


def read_span(raw: str, *, field: str, days: bool = True) -> int:
    """Read a length of time into seconds; raises `Invalid` for anything else.

    Without `days` a day is refused: of business time nobody could say how many hours it has.
    """
    written = raw.strip()[:LONGEST]
    if match := _CLOCK.fullmatch(written):
        return int(match[1]) * HOUR + int(match[2]) * MINUTE
    found = _PARTS.fullmatch(written)
    if not written or found is None or (found[1] and not days):
        hint = _("Write it like 3d, 4h 30m or 45m.") if days else _("Write hours and minutes, like 4h, 30m or 1h 30m.")
        raise Invalid(_("“%(text)s” is not a length of time.") % {"text": written}, field=field, hint=hint)
    of_days, of_hours, of_minutes, seconds = (int(part or 0) for part in found.groups())
    return of_days * DAY + of_hours * HOUR + of_minutes * MINUTE + seconds


def written_span(seconds: float, *, days: bool = True) -> str:
    """Write seconds in the way that `read_span` reads, the same in every language."""
    rest, parts = int(seconds), []
    for unit, size in (("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", 1)):
        if unit == "d" and not days:
            continue
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts) or "0m"
