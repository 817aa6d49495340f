"""Putting tickets out of sight for a while: the dialog with its choices, and what is chosen in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from steward.core import clock
from steward.core.errors import DomainError, Invalid, NotFound
from steward.desk.actions.snoozing import accept_return, snooze_ticket, unsnooze_ticket
from steward.desk.models import Snooze, Ticket
from steward.desk.queries.snoozes import sleeps_of
from steward.desk.rules.snoozing import quick_choices
from steward.roster.queries import next_shift_start
from steward.web.shared.asking import Request, number_in, text
from steward.web.shared.environment import url
from steward.web.shared.htmx import Toast, go, is_htmx, safe_next, say
from steward.web.shared.snoozing import sleep_words, until_words
from steward.web.shift.asking import me, workers_only

MOST = 200
QUICK: dict[str, str | Promise] = {
    "hour": gettext_lazy("In an hour"),
    "afternoon": gettext_lazy("This afternoon"),
    "evening": gettext_lazy("This evening"),
    "tomorrow": gettext_lazy("Tomorrow morning"),
    "week": gettext_lazy("Next week"),
}


@dataclass(frozen=True)
class Offer:
    """A choice of the dialog: its value, its words, the instant it stands for, and whether a promise falls due before."""

    value: str
    label: str
    at: datetime | None = None
    is_late: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
@workers_only
def page(request: Request) -> HttpResponse:
    """Offer the choices for one or more tickets, and snooze them."""
    return create(request) if request.method == "POST" else _dialog(request)


def _dialog(request: Request) -> HttpResponse:
    tickets = _asked(request, request.GET.get("ids", ""))
    sleeps = sleeps_of([ticket.pk for ticket in tickets if ticket.snoozing == Ticket.Snoozing.ASLEEP])
    at, due = clock.now(), min((ticket.due_at for ticket in tickets if ticket.due_at), default=None)
    context = {
        "tickets": tickets,
        "ids": ",".join(str(ticket.pk) for ticket in tickets),
        "offers": _offers(request, due, at),
        "due_at": due,
        "asleep": [sleep_words(one.until, one.until_at, "") for one in sleeps.values()],
        "earliest": f"{at.astimezone(ZoneInfo(request.actor.time_zone)):%Y-%m-%dT%H:%M}",
        "next": request.GET.get("next", ""),
        "here": "ticket" if request.GET.get("here") == "ticket" else "list",
    }
    return render(request, "shift/snooze.html", context)


def _offers(request: Request, due: datetime | None, at: datetime) -> list[Offer]:
    offers = [
        Offer(one.key, str(QUICK[one.key]), one.until_at, is_late=due is not None and one.until_at > due)
        for one in quick_choices(at, request.actor.time_zone)
    ]
    shift = next_shift_start(me(request), at)
    if shift is not None:
        offers.append(Offer("shift", _("My next shift"), shift, is_late=due is not None and shift > due))
    return [*offers, Offer("reply", _("Until the requester replies"))]


def create(request: Request) -> HttpResponse:
    at, tickets = clock.now(), _asked(request, text(request, "ids"))
    until, until_at = _chosen(request, at)
    done: list[Snooze] = []
    refused: dict[int, DomainError] = {}
    for ticket in tickets:
        try:
            done.append(snooze_ticket(ticket_id=ticket.pk, until=until, until_at=until_at, by=request.actor, at=at))
        except DomainError as error:
            if len(tickets) == 1:
                raise
            refused[ticket.pk] = error
    return _told(request, done, refused)


def _chosen(request: Request, at: datetime) -> tuple[Snooze.Until, datetime | None]:
    choice = text(request, "choice")
    if choice == "shift":
        return Snooze.Until.SHIFT, None
    if choice == "reply":
        return Snooze.Until.REPLY, None
    if choice == "own":
        return Snooze.Until.TIME, _instant(request)
    quick = {one.key: one.until_at for one in quick_choices(at, request.actor.time_zone)}
    if choice not in quick:
        raise Invalid(_("That time is over by now."), field="choice", hint=_("Open the choices again."))
    return Snooze.Until.TIME, quick[choice]


def _instant(request: Request) -> datetime:
    try:
        local = parse_datetime(text(request, "until_at"))
    except ValueError:
        local = None
    if local is None:
        raise Invalid(_("That is not a date and time."), field="until_at", hint=_("Choose both a day and a time."))
    return local if local.tzinfo else local.replace(tzinfo=ZoneInfo(request.actor.time_zone))


def _told(request: Request, done: Sequence[Snooze], refused: dict[int, DomainError]) -> HttpResponse:
    words = until_words(done[0].until, done[0].until_at) if done else ""
    if len(done) == 1:
        title = _("#%(number)s is snoozed %(until)s.") % {"number": done[0].ticket_id, "until": words}
    else:
        count = ngettext("%(count)s ticket is snoozed", "%(count)s tickets are snoozed", len(done)) % {"count": len(done)}
        title = f"{count} {words}." if done else _("Nothing was snoozed.")
    because = " ".join(f"#{ticket_id}: {error.message}" for ticket_id, error in refused.items())
    if is_htmx(request) and text(request, "here") == "list":
        link = url("inbox:page", query={"view": "snoozed"})
        said = because or _("The clocks go on.")
        toast = Toast(title=title, text=said, tone="warning" if refused else "success", href=link, link=_("Snoozed tickets"))
        return say(request, toast)
    messages.success(request, f"{title} {because}".strip())
    return go(request, safe_next(request, url("inbox:page")))


@require_POST
@workers_only
def destroy(request: Request, ticket_id: int) -> HttpResponse:
    """Bring a ticket back at once."""
    unsnooze_ticket(ticket_id=ticket_id, by=request.actor, at=clock.now())
    return _back(request, ticket_id, _("#%(number)s is back in your list.") % {"number": ticket_id})


@require_POST
@workers_only
def accept(request: Request, ticket_id: int) -> HttpResponse:
    """Say that one has seen that it is back."""
    accept_return(ticket_id=ticket_id, by=request.actor, at=clock.now())
    return _back(request, ticket_id, _("#%(number)s takes its ordinary place.") % {"number": ticket_id})


def _back(request: Request, ticket_id: int, said: str) -> HttpResponse:
    if is_htmx(request):
        return say(request, Toast(title=said))
    return HttpResponseRedirect(safe_next(request, url("ticket:page", ticket_id)), status=303)


def _asked(request: Request, raw: str) -> list[Ticket]:
    """Read the tickets a request names, as far as the actor sees them."""
    ids = [number for part in raw.split(",") if (number := number_in(part.strip())) is not None][:MOST]
    queue_ids = [queue.pk for queue in request.queues]
    found = {ticket.pk: ticket for ticket in Ticket.objects.filter(pk__in=ids, queue__in=queue_ids)}
    if not found:
        raise NotFound(_("There is no such ticket, or you may not see it."))
    return [found[ticket_id] for ticket_id in dict.fromkeys(ids) if ticket_id in found]
