"""The words of a snooze: until when, and why a ticket is back."""

from datetime import datetime

from django.utils.translation import gettext as _

from steward.web.shared.times import day_and_time


def until_words(until: str, until_at: datetime | None) -> str:
    """Say until when a ticket is, or was, snoozed."""
    if until == "reply" or until_at is None:
        return _("until the requester replies")
    if until == "shift":
        return _("until the next shift, %(time)s") % {"time": day_and_time(until_at)}
    return _("until %(time)s") % {"time": day_and_time(until_at)}


def sleep_words(until: str, until_at: datetime | None, ended_as: str) -> str:
    """Say that a ticket sleeps and until when, or that it is back and why."""
    words = until_words(until, until_at)
    if not ended_as:
        return _("snoozed %(until)s") % {"until": words}
    if ended_as == "reply":
        return _("back: the requester replied")
    return _("back: snoozed %(until)s") % {"until": words}
