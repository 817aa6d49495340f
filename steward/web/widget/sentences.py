"""The sentences in which the widget says how a request stands: those of the portal."""

from typing import Any

from django.utils.translation import gettext as _

from steward.channels.queries.expectation import Expectation
from steward.desk.models import Ticket


def headline(ticket: Ticket, expected: Expectation) -> str:
    """Say in one sentence how a request stands."""
    if ticket.state == "open":
        if expected.agent:
            return _("%(name)s is taking care of it.") % {"name": expected.agent}
        return _("It is in line for the next free person.")
    if ticket.state == "closed":
        said = {"confirmed": _("Fixed, as you confirmed."), "unconfirmed": _("Closed, since we heard nothing more.")}
        return said.get(str(ticket.outcome), _("Closed."))
    return {
        "new": _("We have received your request."),
        "pending": _("We need your answer to go on."),
        "on_hold": _("We are waiting for others and keep an eye on it."),
        "solved": _("We think it is solved."),
    }.get(str(ticket.state), "")


def steps(ticket: Ticket) -> dict[str, Any]:
    """Give the steps of a request and which one it is at."""
    if ticket.state == "closed" and ticket.outcome != "confirmed":
        return {"names": [_("Received"), _("Closed")], "at": 2}
    names = [_("Received"), _("We are on it"), _("Solved"), _("Confirmed")]
    return {"names": names, "at": {"new": 0, "solved": 2, "closed": 4}.get(str(ticket.state), 1)}


def event_words(what: str, who: str, number: int) -> str:
    """Say what happened to a request."""
    words = {
        "received": _("We received your request as #%(number)s.") % {"number": number},
        "assigned": _("%(name)s is taking care of your request.") % {"name": who or _("Somebody")},
        "waiting_for_you": _("We are waiting for your answer."),
        "waiting_for_others": _("We are waiting for others before we can go on."),
        "solved": _("We said that it is solved, and asked you whether it is."),
        "reopened": _("Your request was opened again."),
        "confirmed": _("You confirmed that it is fixed."),
        "closed_unconfirmed": _("Closed, since we heard nothing more. Write below if it is not fixed."),
        "closed_other": _("Closed."),
    }
    return words.get(what, "")
