"""Handing over at the end of a shift: every ticket in hand on one page, with what becomes of it and a note."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from steward.core import clock
from steward.core.errors import DomainError, Invalid, NotFound
from steward.desk.actions.handing_over import MOST_TICKETS, Leaving, hand_over
from steward.desk.models import HandedTicket, Snooze
from steward.desk.permissions import may_hand_over
from steward.desk.queries.shift import MyTicket, tickets_in_hand
from steward.desk.rules.handover import KEPT, PARKED, PASSED, Left, default_choice, needs_note
from steward.desk.rules.snoozing import quick_choices
from steward.people.models import User
from steward.people.permissions import require
from steward.people.queries import users_with_capability
from steward.people.rules import Capability
from steward.roster.models import ShiftKind
from steward.roster.queries import presence_of, shifts_between
from steward.web.shared.asking import Request, is_on, number_in, optional_number, text
from steward.web.shared.environment import url
from steward.web.shared.errors import status_of
from steward.web.shared.htmx import go, is_htmx
from steward.web.shift.asking import me, workers_only
from steward.web.shift.snooze import QUICK

SOON = timedelta(hours=12)
CHOICES = (KEPT, PASSED, PARKED)


@dataclass(frozen=True)
class Line:
    """One ticket of the form, as it was filled in or as the rule proposes."""

    ticket: MyTicket
    choice: str
    to: str
    until: str
    note: str
    needs_note: bool


@dataclass(frozen=True)
class Colleague:
    """Somebody who could go on with a ticket: on shift now, or soon."""

    id: int
    name: str
    starts_at: datetime | None = None


@require_http_methods(["GET", "HEAD", "POST"])
@workers_only
def page(request: Request) -> HttpResponse:
    leaver = _leaver(request)
    if request.method != "POST":
        return render(request, "shift/handover.html", _form(request, leaver, {}))
    try:
        handover = hand_over(
            user_id=leaver.pk,
            leaving=_leaving(request),
            note=text(request, "handover_note"),
            ends_shift=is_on(request, "ends_shift"),
            client_token=text(request, "client_token"),
            by=request.actor,
            at=clock.now(),
        )
    except DomainError as error:
        # Everything filled in stays as it is; tickets that came meanwhile stand among the others, and the reason above.
        context = _form(request, leaver, request.POST) | {"error": error}
        if is_htmx(request):
            return render(request, "shift/handover_form.html", context)
        return render(request, "shift/handover.html", context, status=status_of(error))
    messages.success(request, _("Handed over. Have a good rest.") if leaver.pk == me(request) else _("Handed over."))
    return go(request, url("shift:handed", handover.pk))


def _leaver(request: Request) -> User:
    user_id = number_in(request.GET.get("user", "")) or me(request)
    user: User | None = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotFound(_("There is no such person."))
    require(may_hand_over(request.actor, user.pk), _("This is somebody else's shift."))
    return user


def _form(request: Request, leaver: User, filled: Mapping[str, Any]) -> dict[str, Any]:
    at = clock.now()
    presence = presence_of(leaver.pk, at)
    tickets = tickets_in_hand(leaver.pk, queue_ids=[queue.pk for queue in request.queues], most=MOST_TICKETS)
    quick = [one for one in quick_choices(at, request.actor.time_zone) if one.key in {"tomorrow", "week"}]
    return {
        "at": at,
        "leaver": leaver,
        "is_me": leaver.pk == me(request),
        "presence": presence,
        "lines": [_line(one, filled, presence.next_at, at) for one in tickets],
        "colleagues": _colleagues(leaver.pk, at),
        "untils": [
            *([("shift", _("my next shift"))] if presence.next_at else []),
            *((one.key, str(QUICK[one.key])) for one in quick),
        ],
        "token": filled.get("client_token") or str(uuid4()),
        "note": filled.get("handover_note", ""),
        "ends_shift": "ends_shift" in filled if filled else True,
        "here": url("shift:handover", query={} if leaver.pk == me(request) else {"user": leaver.pk}),
        "others": _others(request, leaver),
        "error": None,
    }


def _line(one: MyTicket, filled: Mapping[str, Any], next_shift_at: datetime | None, at: datetime) -> Line:
    left = Left(one.priority, one.state, one.due_at, asleep=one.snoozing == "asleep")
    proposed = default_choice(left, next_shift_at=next_shift_at, at=at)
    return Line(
        ticket=one,
        choice=str(filled.get(f"choice_{one.id}", proposed)),
        to=str(filled.get(f"to_{one.id}", "")),
        until=str(filled.get(f"until_{one.id}", "" if left.asleep else "shift" if next_shift_at else "tomorrow")),
        note=str(filled.get(f"note_{one.id}", "")),
        needs_note=needs_note(left),
    )


def _colleagues(leaver_id: int, at: datetime) -> list[Colleague]:
    """Give those on shift now, then those who come soon, each once."""
    found: dict[int, Colleague] = {}
    for shift in shifts_between(at, at + SOON):
        if shift.kind == ShiftKind.DUTY and shift.user.is_active and shift.user_id not in {leaver_id, *found}:
            found[shift.user_id] = Colleague(shift.user_id, shift.user.name, shift.starts_at if shift.starts_at > at else None)
    return sorted(found.values(), key=lambda one: (one.starts_at or at, one.name))


def _others(request: Request, leaver: User) -> list[tuple[int, str]]:
    """Give for whom a lead may hand over."""
    if not request.actor.can(Capability.MANAGE_SHIFTS):
        return []
    people = users_with_capability(Capability.WORK_TICKETS) | users_with_capability(Capability.ANSWER_ENGINEERING)
    names = dict(people.order_by("name", "id").values_list("id", "name")) | {leaver.pk: leaver.name}
    return list(names.items())


def _leaving(request: Request) -> list[Leaving]:
    ids = [number for name in request.POST if name.startswith("choice_") and (number := number_in(name.removeprefix("choice_")))]
    quick = {one.key: one.until_at for one in quick_choices(clock.now(), request.actor.time_zone)}
    return [_read(request, ticket_id, quick) for ticket_id in ids[: MOST_TICKETS + 1]]


def _read(request: Request, ticket_id: int, quick: Mapping[str, datetime]) -> Leaving:
    choice, until = text(request, f"choice_{ticket_id}"), text(request, f"until_{ticket_id}")
    if choice not in CHOICES or until not in {"", "shift", *QUICK}:
        raise Invalid(_("That is not one of the choices."), field=f"choice_{ticket_id}")
    until_at = quick.get(until)
    return Leaving(
        ticket_id=ticket_id,
        choice=HandedTicket.Choice(choice),
        note=text(request, f"note_{ticket_id}"),
        to_user_id=optional_number(request, f"to_{ticket_id}"),
        until=Snooze.Until.TIME if until_at else Snooze.Until.SHIFT,
        until_at=until_at,
    )
