"""How a running clock is shown: its tone, its words and the instants between which the browser changes them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from steward.core import clock
from steward.web.shared.labels import CLOCKS, CLOCKS_SHORT, reason_label
from steward.web.shared.times import duration


@dataclass(frozen=True)
class Chip:
    """A clock as drawn; `tone` is ok, warn, late, paused or done."""

    kind: str
    name: str
    tone: str
    words: str
    icon: str
    due: str = ""
    warn: str = ""


ICONS = {"ok": "timer", "warn": "alarm-clock", "late": "flame", "paused": "pause", "done": "check"}


def chip(
    kind: str,
    state: str,
    due_at: datetime | None = None,
    warn_at: datetime | None = None,
    reason: str = "",
    *,
    breached: bool = False,
    at: datetime | None = None,
) -> Chip:
    """Say where a clock stands: time left, time over, paused and why, or met."""
    now = at or clock.now()
    state = str(state)
    short = _short_name(kind, get_language() or "")
    if state == "running" and due_at:
        tone = "late" if due_at <= now or breached else "warn" if warn_at and warn_at <= now else "ok"
        words = _gap_words(duration(abs((due_at - now).total_seconds())), get_language() or "", is_over=due_at <= now)
    elif state == "paused":
        tone, words = "paused", reason_label(reason) if reason else _("paused")
    elif breached or state.startswith(("missed", "breached")):
        tone, words = "late", _("missed")
    else:
        tone, words = "done", _("met") if state == "met" else _("stopped")
    return Chip(kind, short, tone, words, ICONS[tone], _utc(due_at) if state == "running" else "", _utc(warn_at))


@lru_cache(maxsize=4096)
def _gap_words(gap: str, _language: str, *, is_over: bool) -> str:
    return _("%(time)s over") % {"time": gap} if is_over else _("%(time)s left") % {"time": gap}


@lru_cache(maxsize=64)
def _short_name(kind: str, _language: str) -> str:
    return str(CLOCKS_SHORT.get(kind, kind))


def full_name(kind: str) -> str:
    """Name a kind of clock in full."""
    return str(CLOCKS.get(kind, kind))


def _utc(value: datetime | None) -> str:
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if value else ""
