"""The words by which somebody is told that their question has arrived, and what to expect."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from steward.channels.queries.expectation import Expectation, what_to_expect
from steward.core.prepared import Prepared
from steward.desk.models import Ticket

_WHOLE = Prepared(
    lambda ticket_id: Ticket.objects.select_related("queue__team", "assignee", "requester").filter(pk=ticket_id), ticket_id=int
)


def receipt_of(ticket_id: int, *, at: datetime) -> str:
    """Give the words of a receipt by the ticket's number."""
    return receipt(_WHOLE.all(ticket_id=ticket_id)[0], at=at)


def receipt(ticket: Ticket, *, at: datetime) -> str:
    """Give the words of a receipt."""
    expected = what_to_expect(ticket, at)
    requester = ticket.requester
    with translation.override(requester.language or None), timezone.override(requester.time_zone or settings.DESK_TIME_ZONE):
        parts = [_("Received as #%(number)s.") % {"number": ticket.pk}, _who(expected), _when(expected)]
        return " ".join(part for part in parts if part)


def _who(expected: Expectation) -> str:
    if not expected.is_staffed:
        if expected.back_at is None:
            return _("Nobody is on shift at the moment; it is not lost.")
        return _("Somebody is back at %(time)s.") % {"time": _clock(expected.back_at)}
    if expected.agent:
        return _("%(name)s answers.") % {"name": expected.agent}
    if expected.place is not None:
        return _("You are number %(place)s in line.") % {"place": expected.place}
    return ""


def _when(expected: Expectation) -> str:
    if expected.promised_at is None or expected.is_late:
        return ""
    return _("An answer is promised by %(time)s.") % {"time": _clock(expected.promised_at)}


def _clock(instant: datetime) -> str:
    return date_format(timezone.localtime(instant), "D H:i T")
