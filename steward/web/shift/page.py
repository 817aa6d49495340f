"""The start of an agent's day: what is due, who waits for an answer, what came back, and what the shift before left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from steward.core import clock
from steward.desk.queries.handovers import handed_over_since, handovers_to_read
from steward.desk.queries.load import loads, takes
from steward.desk.queries.shift import MOST_TICKETS, MyTicket, promises_due, tickets_in_hand
from steward.people.notice_kinds import notice_kind
from steward.people.queries import batches_of
from steward.people.rules import Capability
from steward.roster.models import Shift
from steward.roster.queries import Presence, last_shift_of, presence_of
from steward.sla.queries.clocks import pressing
from steward.web.shared.asking import Request
from steward.web.shared.blocks import blocks_for
from steward.web.shared.clocks import Chip, chip
from steward.web.shift.asking import me, workers_only

SHOWN = 12
NOTICES = 4
LOOKS_AHEAD = timedelta(hours=8)
# Who left without handing over is reminded while the next shift can still make use of it.
REMINDS_FOR = timedelta(hours=12)


@dataclass(frozen=True)
class Sorted:
    """One's tickets by what they ask for; each stands in one place."""

    back: list[MyTicket]
    answers: list[MyTicket]
    due: list[MyTicket]
    waiting: list[MyTicket]
    asleep: int


def sort_out(tickets: Sequence[MyTicket]) -> Sorted:
    """Sort tickets: back from a snooze, the requester waits for an answer, the rest by due time, and what waits for others."""
    awake = [one for one in tickets if one.snoozing != "asleep"]
    back = [one for one in awake if one.snoozing == "back"]
    rest = [one for one in awake if one.snoozing != "back"]
    worked = [one for one in rest if one.state in {"new", "open"}]
    return Sorted(
        back=back,
        answers=sorted((one for one in worked if one.awaits_reply), key=lambda one: (one.last_message_at, one.id)),
        due=[one for one in worked if not one.awaits_reply],
        waiting=[one for one in rest if one.state not in {"new", "open"}],
        asleep=len(tickets) - len(awake),
    )


@require_safe
@workers_only
def page(request: Request) -> HttpResponse:
    context = _read(request, clock.now())
    partial = request.headers.get("HX-Request-Type") == "partial"
    return render(request, "shift/now.html" if partial else "shift/page.html", context)


def _read(request: Request, at: datetime) -> dict[str, Any]:
    user_id, actor = me(request), request.actor
    queue_ids = [queue.pk for queue in request.queues]
    presence = presence_of(user_id, at)
    tickets = tickets_in_hand(user_id, queue_ids=queue_ids)
    mine = sort_out(tickets)
    shown = [*mine.back[:SHOWN], *mine.answers[:SHOWN], *mine.due[:SHOWN]]
    return {
        "at": at,
        "presence": presence,
        "mine": mine,
        "shown": SHOWN,
        "more": len(tickets) == MOST_TICKETS,
        "chips": _chips([one.id for one in shown], at),
        "load": loads([user_id])[user_id],
        "takes": takes([user_id])[user_id].capacity,
        "promises": promises_due(user_id, until=(presence.until or at) + LOOKS_AHEAD, queue_ids=queue_ids),
        "handovers": handovers_to_read(actor, queue_ids=queue_ids, at=at),
        "notices": _notices(user_id, queue_ids),
        "leftover": _leftover(user_id, presence, tickets, at),
        "works": actor.can(Capability.WORK_TICKETS),
        "topics": " ".join([f"user:{user_id}", *(f"ticket:{one.id}" for one in tickets)]),
        "blocks": blocks_for(actor.capabilities),
    }


def _notices(user_id: int, queue_ids: list[int]) -> list[tuple[str, str, datetime]]:
    """Give the newest batches of notices one has not seen, in words."""
    found = [one for one in batches_of(user_id, visible_queue_ids=queue_ids, limit=NOTICES) if one.unread]
    kinds = [(one, notice_kind(one.kind)) for one in found]
    return [(kind.words(one.unread, one.tickets), kind.sign, one.notices[0].created_at) for one, kind in kinds]


def _leftover(user_id: int, presence: Presence, tickets: Sequence[MyTicket], at: datetime) -> Shift | None:
    """Give the shift that has run out with tickets still in hand that nobody handed over."""
    if presence.is_on_duty or not any(one.snoozing != "asleep" for one in tickets):
        return None
    shift = last_shift_of(user_id, at, within=REMINDS_FOR)
    return shift if shift is not None and not handed_over_since(user_id, shift.starts_at) else None


def _chips(ticket_ids: list[int], at: datetime) -> dict[int, Chip]:
    return {
        one.ticket_id: chip(one.kind, one.state, one.due_at, one.warn_at, one.reason, breached=one.is_breached, at=at)
        for one in pressing(ticket_ids)
    }
