"""The sweep: tells of promises broken and about to be, each once, however late and however often it runs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Subquery, Value
from django.db.models.functions import Coalesce

from steward.desk.models import Queue
from steward.desk.queries.access import leads_of, only_those_who_see
from steward.ledger.models import Event, ParkedStream, Subscription
from steward.people.absence import off_shift
from steward.people.actions.notices import notify
from steward.people.actor import Actor, system
from steward.people.models import User
from steward.people.rules import Capability, capabilities_of
from steward.roster.queries.duty import on_duty
from steward.sla.actions import clocks
from steward.sla.models import Clock
from steward.sla.rules.following import FOLLOWED, SUBSCRIBER

CHUNK = 100
WARNED, BREACHED, UNATTENDED = "clock_warned", "clock_breached", "clock_unattended"


@dataclass(frozen=True)
class Swept:
    """What a sweep told of: the ids of the clocks warned of and breached."""

    warned: tuple[int, ...] = ()
    breached: tuple[int, ...] = ()


def sweep(*, at: datetime, chunk: int = CHUNK, by: Actor | None = None) -> Swept:
    """Mark every running clock that is due, and warn of those that soon will be; tell whoever can still help.

    Nothing is kept in memory: what is due and not marked is found again, so the sweep may be killed between two
    chunks, run late, or run twice at once (tickets another transaction holds are passed over until the next sweep).
    A clock whose promise broke while nobody swept is marked with the instant it broke and no longer warned of.
    A ticket with events the clocks have not heard of yet waits for the next sweep: its answer may be among them.
    """
    by = by or system("sla.sweep")
    # Every due id first, by the two small indexes of what is yet to tell; a page by id would walk the whole table.
    due = sorted(Clock.objects.to_tell(at).values_list("id", flat=True))
    warned: list[int] = []
    breached: list[int] = []
    for first in range(0, len(due), chunk):
        for clock in _sweep_chunk(due[first : first + chunk], by=by, at=at):
            (breached if clock.breached_at is not None else warned).append(clock.pk)
    return Swept(tuple(warned), tuple(breached))


def _sweep_chunk(clock_ids: Sequence[int], *, by: Actor, at: datetime) -> list[Clock]:
    with transaction.atomic():
        # Asked again under the lock: another sweep may have told of some meanwhile.
        found = list(
            Clock.objects.to_tell(at)
            .filter(id__in=clock_ids)
            .select_related("ticket__queue")
            .select_for_update(of=("self", "ticket"), skip_locked=True)
            .order_by("id")
        )
        unheard = _tickets_with_unheard_events({clock.ticket_id for clock in found})
        told = [clock for clock in found if clock.ticket_id not in unheard]
        for clock in told:
            if clocks.is_overdue(clock, at):
                clocks.breach(clock, by=by, at=at)
            else:
                clocks.warn(clock, by=by, at=at)
        _notify(told, by=by, at=at)
    return told


def _tickets_with_unheard_events(ticket_ids: set[int]) -> set[int]:
    """Give those of the tickets on which something happened that the clocks have not followed yet.

    The tickets' rows are locked, so nothing more can happen on them until this transaction ends.
    """
    if not ticket_ids:
        return set()
    streams = [f"ticket:{ticket_id}" for ticket_id in ticket_ids]
    position = Subscription.objects.filter(name=SUBSCRIBER).values("position")
    waiting = Event.objects.filter(
        stream__in=streams, kind__in=FOLLOWED, id__gt=Coalesce(Subquery(position), Value(0))
    ).values_list("stream", flat=True)
    parked = ParkedStream.objects.filter(subscriber=SUBSCRIBER, stream__in=streams).values_list("stream", flat=True)
    return {int(stream.rpartition(":")[2]) for stream in {*waiting, *parked}}


def _notify(told: Iterable[Clock], *, by: Actor, at: datetime) -> None:
    """Tell whoever can still help with each clock, as `_listeners` finds them."""
    wanted: list[tuple[int, str, Clock]] = []
    helpers: dict[int, list[int]] = {}
    leads: dict[int, list[int]] = {}
    for clock in told:
        wanted += [(user_id, kind, clock) for user_id, kind in _listeners(clock, helpers, leads, at=at)]
    # In the order of users, whose streams are locked one by one: two sweeps at once never wait for each other in a ring.
    for user_id, kind, clock in sorted(wanted, key=lambda one: (one[0], one[2].pk)):
        notify(
            user_ids=[user_id],
            kind=kind,
            ticket_id=clock.ticket_id,
            queue_id=clock.ticket.queue_id,
            data={"clock_id": clock.pk, "clock_kind": clock.kind, "due_at": _iso(clock.due_at)},
            by=by,
            at=at,
        )


def _listeners(
    clock: Clock, helpers: dict[int, list[int]], leads: dict[int, list[int]], *, at: datetime
) -> Iterable[tuple[int, str]]:
    """Give who is told of a clock, and as what.

    The ticket's owner; where there is none, or the owner is off shift, the agents on duty who may take it; and when a
    promise broke while nobody is on duty, the leads, off shift as they are.
    """
    ticket, kind = clock.ticket, BREACHED if clock.breached_at is not None else WARNED
    owner = only_those_who_see([ticket.assignee_id], queue=ticket.queue) if ticket.assignee_id is not None else []
    listeners = [(user_id, kind) for user_id in owner]
    if owner and not off_shift(owner, at):
        return listeners
    if ticket.queue_id not in helpers:
        helpers[ticket.queue_id] = _on_duty_for(ticket.queue, at)
    listeners += [(user_id, kind) for user_id in helpers[ticket.queue_id] if user_id not in owner]
    if kind == BREACHED and not helpers[ticket.queue_id]:
        if ticket.queue_id not in leads:
            leads[ticket.queue_id] = leads_of(ticket.queue)
        listeners += [(user_id, UNATTENDED) for user_id in leads[ticket.queue_id]]
    return listeners


def _on_duty_for(queue: Queue, at: datetime) -> list[int]:
    present = User.objects.filter(id__in=on_duty(at, team_id=queue.team_id)).values_list("id", "roles")
    able = [user_id for user_id, roles in present if Capability.WORK_TICKETS in capabilities_of(roles)]
    return only_those_who_see(able, queue=queue)


def _iso(instant: datetime | None) -> str:
    return instant.isoformat() if instant else ""
