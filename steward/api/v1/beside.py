"""What stands beside a ticket: snooze, watchers, participants, links, side conversations, clocks, merges, care, handle time."""

from datetime import datetime
from typing import Annotated, Literal

from django.db.models import Q
from ninja import Router
from pydantic import Field, StrictInt, StrictStr

from steward.api.operations import CREATED, delete, get, post, put
from steward.api.shapes import Done, Given, Id, Instant, Line, Listed, Named, PathId, Sent, Yes
from steward.api.tokens import Asked
from steward.api.v1.finding import nothing_here
from steward.api.v1.showing import TICKET, TicketOut, seen_ticket
from steward.api.v1.tickets import READ, WRITE
from steward.core import clock
from steward.desk.actions.caring import flag_ticket
from steward.desk.actions.handling import correct_handling
from steward.desk.actions.linking import link_tickets, unlink_tickets
from steward.desk.actions.merging import merge_tickets, unmerge_ticket
from steward.desk.actions.participants import add_participant, remove_participant
from steward.desk.actions.snoozing import accept_return, snooze_ticket, unsnooze_ticket
from steward.desk.actions.watching import unwatch_ticket, watch_ticket
from steward.desk.models import Handling, Link, Snooze
from steward.desk.queries.access import ticket_seen_by, visible_queue_ids
from steward.desk.queries.handling import handle_time_of, own_stretches
from steward.desk.queries.participants import participants_of
from steward.desk.queries.watchers import watchers_of
from steward.sla.queries.clocks import clocks_of

router = Router(tags=["Beside a ticket"])


class SnoozeIn(Sent):
    """Until when a ticket is to sleep: a time, the next shift, or the requester's reply."""

    until: Snooze.Until
    until_at: Instant | None = None


@put(router, "/tickets/{int:ticket_id}/snooze", scope=WRITE, out=TicketOut, versioned=TICKET)
def snooze(request: Asked, ticket_id: PathId, body: SnoozeIn) -> TicketOut:
    """Take a ticket out of the working lists for a while."""
    snooze_ticket(ticket_id=ticket_id, until=body.until, until_at=body.until_at, by=request.actor, at=clock.now())
    return seen_ticket(request, ticket_id)


@delete(router, "/tickets/{int:ticket_id}/snooze", scope=WRITE, out=TicketOut, versioned=TICKET)
def unsnooze(request: Asked, ticket_id: PathId) -> TicketOut:
    """Bring a sleeping ticket back into the lists at once."""
    unsnooze_ticket(ticket_id=ticket_id, by=request.actor, at=clock.now())
    return seen_ticket(request, ticket_id)


@post(router, "/tickets/{int:ticket_id}/accept-return", scope=WRITE, out=TicketOut, versioned=TICKET)
def accept_ticket_return(request: Asked, ticket_id: PathId) -> TicketOut:
    """Say that one has seen that a ticket is back from its snooze."""
    accept_return(ticket_id=ticket_id, by=request.actor, at=clock.now())
    return seen_ticket(request, ticket_id)


class WatcherOut(Named):
    """Somebody who watches, and how that came about."""

    how: str


def _watchers(request: Asked, ticket_id: int) -> list[WatcherOut]:
    people = watchers_of(ticket_seen_by(request.actor, ticket_id))
    return [WatcherOut(id=one.id, name=one.name, how=one.how) for one in people]


@get(router, "/tickets/{int:ticket_id}/watchers", scope=READ, out=list[WatcherOut])
def list_watchers(request: Asked, ticket_id: PathId) -> list[WatcherOut]:
    """List who watches a ticket."""
    return _watchers(request, ticket_id)


@put(router, "/tickets/{int:ticket_id}/watch", scope=WRITE, out=list[WatcherOut])
def watch(request: Asked, ticket_id: PathId) -> list[WatcherOut]:
    """Let the user of the token hear of what happens on a ticket."""
    watch_ticket(ticket_id=ticket_id, by=request.actor, at=clock.now())
    return _watchers(request, ticket_id)


@delete(router, "/tickets/{int:ticket_id}/watch", scope=WRITE, out=list[WatcherOut])
def unwatch(request: Asked, ticket_id: PathId) -> list[WatcherOut]:
    """Stop telling the user of the token of a ticket."""
    unwatch_ticket(ticket_id=ticket_id, by=request.actor, at=clock.now())
    return _watchers(request, ticket_id)


class ParticipantOut(Given):
    """A colleague of the requester who takes part."""

    requester_id: int
    name: str
    email: str
    since: datetime


def _participants(request: Asked, ticket_id: int) -> list[ParticipantOut]:
    ticket_seen_by(request.actor, ticket_id)
    return [
        ParticipantOut(requester_id=one.requester_id, name=one.name, email=one.email or "", since=one.since)
        for one in participants_of(ticket_id)
    ]


@get(router, "/tickets/{int:ticket_id}/participants", scope=READ, out=list[ParticipantOut])
def list_participants(request: Asked, ticket_id: PathId) -> list[ParticipantOut]:
    """List who takes part in a ticket besides its requester."""
    return _participants(request, ticket_id)


class ParticipantIn(Sent):
    """A requester by number, or anybody by an address."""

    requester_id: Id | None = None
    email: Line = ""


@post(router, "/tickets/{int:ticket_id}/participants", scope=WRITE, out=list[ParticipantOut], versioned=TICKET)
def add_ticket_participant(request: Asked, ticket_id: PathId, body: ParticipantIn) -> list[ParticipantOut]:
    """Let somebody take part in a ticket of somebody else's."""
    ticket_seen_by(request.actor, ticket_id)
    add_participant(ticket_id=ticket_id, requester_id=body.requester_id, email=body.email, by=request.actor, at=clock.now())
    return _participants(request, ticket_id)


@delete(router, "/tickets/{int:ticket_id}/participants/{int:requester_id}", scope=WRITE, out=list[ParticipantOut], versioned=TICKET)
def remove_ticket_participant(request: Asked, ticket_id: PathId, requester_id: PathId) -> list[ParticipantOut]:
    """Let somebody take part no longer."""
    ticket_seen_by(request.actor, ticket_id)
    remove_participant(ticket_id=ticket_id, requester_id=requester_id, by=request.actor, at=clock.now())
    return _participants(request, ticket_id)


class LinkOut(Given):
    """A link between two tickets: the first stands so to the second."""

    id: int
    from_ticket_id: int
    kind: str
    to_ticket_id: int
    closing: str


def _link_out(link: Link) -> LinkOut:
    return LinkOut(
        id=link.pk, from_ticket_id=link.from_ticket_id, kind=link.kind, to_ticket_id=link.to_ticket_id, closing=link.closing
    )


@get(router, "/tickets/{int:ticket_id}/links", scope=READ, out=list[LinkOut])
def list_links(request: Asked, ticket_id: PathId) -> list[LinkOut]:
    """List the links of a ticket with tickets the user sees."""
    ticket_seen_by(request.actor, ticket_id)
    seen = visible_queue_ids(request.actor)
    links = Link.objects.filter(Q(from_ticket_id=ticket_id) | Q(to_ticket_id=ticket_id), removed_at=None)
    links = links.filter(from_ticket__queue_id__in=seen, to_ticket__queue_id__in=seen)
    return [_link_out(link) for link in links.order_by("id")]


class LinkIn(Sent):
    """How this ticket stands to another; `closing` says what solving has to do with it where it is `child_of`."""

    other_id: Id
    kind: Link.Kind
    closing: Literal["", "waits", "follows", "free"] = ""


@post(router, "/tickets/{int:ticket_id}/links", scope=WRITE, out=LinkOut, status=CREATED)
def link(request: Asked, ticket_id: PathId, body: LinkIn) -> LinkOut:
    """Link a ticket with another. The same link made twice is one."""
    ticket_seen_by(request.actor, ticket_id)
    made = link_tickets(
        ticket_id=ticket_id, other_id=body.other_id, kind=body.kind, closing=body.closing, by=request.actor, at=clock.now()
    )
    return _link_out(made)


@delete(router, "/tickets/{int:ticket_id}/links/{int:link_id}", scope=WRITE, out=Done)
def unlink(request: Asked, ticket_id: PathId, link_id: PathId) -> Done:
    """Take a link back."""
    ticket_seen_by(request.actor, ticket_id)
    if not Link.objects.filter(Q(from_ticket_id=ticket_id) | Q(to_ticket_id=ticket_id), pk=link_id).exists():
        raise nothing_here()
    unlink_tickets(link_id=link_id, by=request.actor, at=clock.now())
    return Done()


class MergeIn(Sent):
    """The tickets that are to go on in this one."""

    source_ids: Annotated[list[Id], Field(min_length=1, max_length=50)]
    tell: Yes = True


@post(router, "/tickets/{int:ticket_id}/merge", scope=WRITE, out=TicketOut)
def merge(request: Asked, ticket_id: PathId, body: MergeIn) -> TicketOut:
    """Join tickets into this one, all or none of them."""
    merge_tickets(source_ids=body.source_ids, target_id=ticket_id, tell=body.tell, by=request.actor, at=clock.now())
    return seen_ticket(request, ticket_id)


@post(router, "/tickets/{int:ticket_id}/unmerge", scope=WRITE, out=TicketOut)
def unmerge(request: Asked, ticket_id: PathId) -> TicketOut:
    """Take back the merge of this ticket into another."""
    unmerge_ticket(ticket_id=ticket_id, by=request.actor, at=clock.now())
    return seen_ticket(request, ticket_id)


class HarmIn(Sent):
    """What harmful content a ticket carries; empty for none."""

    harm: Literal["", "violence", "sexual", "child_safety", "self_harm", "hate", "other"]


@put(router, "/tickets/{int:ticket_id}/harm", scope=WRITE, out=TicketOut, versioned=TICKET)
def flag(request: Asked, ticket_id: PathId, body: HarmIn) -> TicketOut:
    """Say what kind of harmful content a ticket carries, or that it carries none."""
    flag_ticket(ticket_id=ticket_id, harm=body.harm, by=request.actor, at=clock.now())
    return seen_ticket(request, ticket_id)


class ClockOut(Given):
    """A promise on a ticket: `seconds_left` is negative once it is broken."""

    clock_id: int
    kind: str
    state: str
    reason: str
    due_at: datetime | None
    seconds_left: int | None
    target_seconds: int
    policy_name: str
    started_at: datetime
    breached_at: datetime | None
    stopped_at: datetime | None


@get(router, "/tickets/{int:ticket_id}/clocks", scope=READ, out=list[ClockOut])
def list_clocks(request: Asked, ticket_id: PathId) -> list[ClockOut]:
    """List what was promised on a ticket."""
    ticket_seen_by(request.actor, ticket_id)
    return [ClockOut.model_validate(one) for one in clocks_of(ticket_id, at=clock.now())]


class StretchOut(Given):
    """A stretch in which the user of the token had a ticket in hand."""

    id: int
    started_at: datetime
    ended_at: datetime
    seconds: int


class HandleTimeOut(Given):
    """How long a ticket was in hand: by everybody, and by the user of the token, with the latter's latest stretches."""

    total: int
    mine: int
    people: int
    stretches: list[StretchOut]


@get(router, "/tickets/{int:ticket_id}/handle-time", scope=READ, out=HandleTimeOut)
def get_handle_time(request: Asked, ticket_id: PathId) -> HandleTimeOut:
    """Say how long a ticket was in hand."""
    ticket_seen_by(request.actor, ticket_id)
    user_id = request.actor.user_id or 0
    told = handle_time_of(ticket_id, user_id=user_id)
    stretches = [
        StretchOut(id=one.pk, started_at=one.started_at, ended_at=one.ended_at, seconds=one.seconds)
        for one in own_stretches(ticket_id, user_id=user_id)
    ]
    return HandleTimeOut(total=told.total, mine=told.mine, people=told.people, stretches=stretches)


class CorrectionIn(Sent):
    """What a stretch is to count, and why."""

    seconds: Annotated[StrictInt, Field(ge=0, le=86_400)]
    reason: Annotated[StrictStr, Field(max_length=2_000)]


@post(router, "/handle-times/{int:handling_id}/correct", scope=WRITE, out=Done)
def correct_handle_time(request: Asked, handling_id: PathId, body: CorrectionIn) -> Done:
    """Let a stretch count otherwise than it was measured."""
    found = Handling.objects.select_related("ticket").filter(pk=handling_id).first()
    if found is None or found.ticket.queue_id not in visible_queue_ids(request.actor):
        raise nothing_here()
    correct_handling(handling_id=handling_id, seconds=body.seconds, reason=body.reason, by=request.actor, at=clock.now())
    return Done()


class PartOut(Given):
    """A part of a ticket that the user sees."""

    ticket_id: int
    state: str
    closing: str


@get(router, "/tickets/{int:ticket_id}/parts", scope=READ, out=Listed[PartOut])
def list_parts(request: Asked, ticket_id: PathId) -> Listed[PartOut]:
    """List the parts of a ticket that the user sees."""
    ticket_seen_by(request.actor, ticket_id)
    links = Link.objects.filter(to_ticket_id=ticket_id, kind=Link.Kind.CHILD, removed_at=None)
    links = links.filter(from_ticket__queue_id__in=visible_queue_ids(request.actor)).select_related("from_ticket")
    items = [
        PartOut(ticket_id=one.from_ticket_id, state=one.from_ticket.state, closing=one.closing) for one in links.order_by("id")
    ]
    return Listed(items=items)
