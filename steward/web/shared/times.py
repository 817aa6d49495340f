"""Instants and durations in the person's zone and language, as `<time>` elements that the browser keeps current."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from babel.units import format_unit
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from steward.core import clock

MINUTE = 60
UNITS = (("day", 86_400), ("hour", 3_600), ("minute", MINUTE))
UNITS_SHOWN = 2


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(translation.to_locale(language))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def locale() -> Locale:
    """Give the locale of the language that is active."""
    return _locale(translation.get_language() or "en")


def instant(value: datetime | None, *, at: datetime | None = None) -> Markup:
    """Show an instant as briefly as is clear: the time today, the day this year, else the whole date."""
    if value is None:
        return Markup("")
    local, today = _local(value), _local(at or clock.now()).date()
    shape = "time" if local.date() == today else "day" if local.year == today.year else "date"
    return _time(value, _instant_words(locale(), local.replace(second=0, microsecond=0), shape))


def day_and_time(value: datetime, *, at: datetime | None = None) -> str:
    """Say an instant as briefly as is clear, as plain words for a sentence."""
    local, today = _local(value), _local(at or clock.now()).date()
    shape = "time" if local.date() == today else "day" if local.year == today.year else "date"
    words = _instant_words(locale(), local.replace(second=0, microsecond=0), shape)
    return f"{words}, {format_time(local, 'short', locale=locale())}" if shape == "date" else words


def ago(value: datetime | None, *, at: datetime | None = None) -> Markup:
    """Say how long ago an instant was (`5m ago`); the browser keeps it current."""
    if value is None:
        return Markup("")
    return _time(value, ago_words(value, at or clock.now()), marks=" data-ago")


def moment(value: datetime, words: str) -> Markup:
    """Show how long ago an instant was, in words that were found before."""
    return _time(value, words, marks=" data-ago")


def ago_words(value: datetime, at: datetime) -> str:
    """Say how long before or after `at` an instant is."""
    seconds = (value - at).total_seconds()
    size = next((size for _unit, size in UNITS if abs(seconds) >= size), 0)
    return _ago_words(locale(), round(seconds / size) * size) if size else _("now")


def day(value: date | datetime | None, *, at: datetime | None = None) -> Markup:
    """Name a day: today, yesterday, tomorrow, else weekday and date."""
    if value is None:
        return Markup("")
    that = _local(value).date() if isinstance(value, datetime) else value
    today = _local(at or clock.now()).date()
    words = {0: _("Today"), -1: _("Yesterday"), 1: _("Tomorrow")}.get((that - today).days)
    if words is None:
        words = format_skeleton("MMMEd" if that.year == today.year else "yMMMEd", that, locale=locale())
    full = format_date(that, "full", locale=locale())
    return Markup('<time datetime="{}" title="{}">{}</time>').format(that.isoformat(), full, words)


def duration(seconds: float | timedelta | None) -> str:
    """Say a length of time in its two largest units, such as `2h 5m`."""
    if seconds is None:
        return "–"
    total = seconds.total_seconds() if isinstance(seconds, timedelta) else float(seconds)
    if abs(total) < MINUTE:
        return _counted(round(abs(total)), "second")
    return " ".join(_parts(abs(total)))


def _parts(total: float) -> Iterator[str]:
    rest, shown = int(total), 0
    for unit, size in UNITS:
        count, rest = divmod(rest, size)
        if count and shown < UNITS_SHOWN:
            yield _counted(count, unit)
        # `1d 5m` would read as exact; once a unit was shown only the next smaller one may follow.
        shown += bool(count or shown)


def _counted(count: int, unit: str) -> str:
    return _unit_words(locale(), count, unit)


@lru_cache(maxsize=4096)
def _unit_words(language: Locale, count: int, unit: str) -> str:
    # Most languages have no narrow form of their own here and would fall back to English words.
    return format_unit(count, unit, length="narrow" if language.language == "en" else "short", locale=language)


@lru_cache(maxsize=4096)
def _ago_words(language: Locale, seconds: int) -> str:
    return format_timedelta(timedelta(seconds=seconds), add_direction=True, format="narrow", threshold=1, locale=language)


@lru_cache(maxsize=4096)
def _instant_words(language: Locale, local: datetime, shape: str) -> str:
    if shape == "time":
        return format_time(local, "short", locale=language)
    if shape == "date":
        return format_skeleton("yMMMd", local, locale=language)
    day_words, time_words = format_skeleton("MMMd", local, locale=language), format_time(local, "short", locale=language)
    return str(language.datetime_formats["medium"]).replace("{1}", day_words).replace("{0}", time_words).replace("'", "")


def _time(value: datetime, words: str, *, marks: str = "") -> Markup:
    # The full date is the browser's to say, when somebody points at it: fifty of them are half the work of a list.
    return Markup(  # noqa: S704 -- every part is escaped
        f'<time datetime="{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"{marks}>{escape(words)}</time>'
    )


def _local(value: datetime) -> datetime:
    return timezone.localtime(value)
