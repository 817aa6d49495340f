"""Tickets: listed, opened, read, changed."""

from typing import Annotated, Literal

from django.db import transaction
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field, StrictBool, StrictFloat, StrictInt, StrictStr

from steward.api.operations import CREATED, delete, get, patch, post, put
from steward.api.shapes import Given, Id, Line, Listed, PathId, Sent, Text
from steward.api.tokens import Asked
from steward.api.v1.files import uploaded
from steward.api.v1.finding import MOST_ROWS, USUAL_ROWS, named
from steward.api.v1.showing import TICKET, FieldValue, RowOut, TicketOut, row_out, seen_ticket
from steward.core import clock
from steward.core.errors import Invalid, NotFound, spoken
from steward.desk.actions.assignment import assign_ticket, get_next
from steward.desk.actions.changing import add_tag, change_ticket, remove_tag, transfer_ticket
from steward.desk.actions.comparing import differs
from steward.desk.actions.field_values import fill_fields, set_field
from steward.desk.actions.intake import Origin, open_ticket
from steward.desk.actions.lifecycle import change_status, reopen_ticket, solve_ticket
from steward.desk.actions.locking import lock_in_sight
from steward.desk.models import Category, Queue, Tag
from steward.desk.queries.access import ticket_seen_by
from steward.desk.queries.custom_fields import all_fields, fields_of
from steward.desk.queries.filtering.plan import plan
from steward.desk.queries.filtering.reader import reader
from steward.desk.queries.lists import list_tickets as page_of
from steward.desk.queries.search import search_page
from steward.desk.rules.fields import Definition, Value, read
from steward.desk.rules.filters.reading import read_filter
from steward.desk.rules.states import State
from steward.desk.rules.views import WORKED_ORDERS
from steward.people.models import Requester, User
from steward.people.rules import Scope

router = Router(tags=["Tickets"])
READ, WRITE = Scope.TICKETS_READ, Scope.TICKETS_WRITE
FieldSent = StrictStr | StrictBool | StrictInt | StrictFloat | list[Id] | None
FieldsSent = Annotated[dict[Annotated[StrictStr, Field(pattern="^[1-9][0-9]{0,17}$")], FieldSent], Field(max_length=200)]
Handles = Annotated[list[Line], Field(max_length=10)]
Order = Literal["due", "priority", "waiting", "updated", "newest"]


class TicketsOut(Listed[RowOut]):
    """A page of tickets; `looked_through` is set where looking was given up for now, and `next` goes on from there."""

    previous: str | None = None
    looked_through: int | None = None


@get(router, "/tickets", scope=READ, out=TicketsOut)
def list_tickets(
    request: Asked,
    q: Annotated[
        str, Query(max_length=2_000, description="A filter in the language of the screens, such as `is:open queue:Support`.")
    ] = "",
    order: Annotated[Order, Query(description="`due`, `priority` and `waiting` list only what is being worked.")] = "newest",
    cursor: Annotated[str, Query(max_length=2_000, description="What `next` or `previous` of another page gave.")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = USUAL_ROWS,
) -> TicketsOut:
    """List tickets. Those in queues out of the user's sight are not among them."""
    who = reader(request.queues, user_id=request.actor.user_id, zone=request.actor.time_zone, at=clock.now())
    told = read_filter(q)
    asked = plan(told.query, who)
    if problems := (*told.problems, *asked.problems):
        raise Invalid(spoken(problems[0].message, problems[0].values), field="q", hint=_("Write it as in the search of a list."))
    if order in WORKED_ORDERS and not asked.is_worked:
        told = read_filter(f"{q} is:working")
        asked = plan(told.query, who)
    # Words are looked for as the search of the screens does it.
    look = search_page if asked.has_words else page_of
    found = look(asked, order=order, page=cursor, most=limit)
    return TicketsOut(
        items=[row_out(row) for row in found.rows], next=found.older, previous=found.newer, looked_through=found.looked_at
    )


class TicketIn(Sent):
    """A request to be opened in the name of a requester."""

    requester_id: Id
    body: Text
    subject: Line = ""
    queue_id: Id | None = None
    category_id: Id | None = None
    priority: Annotated[StrictInt, Field(ge=1, le=4)] = 3
    channel: Literal["portal", "chat", "email", "agent", "import"] = "agent"
    language: Annotated[StrictStr, Field(max_length=35)] = ""
    source: Annotated[StrictStr, Field(max_length=200)] = ""
    external_id: Annotated[StrictStr, Field(max_length=200)] = ""
    fields: FieldsSent | None = None
    files: Handles = []


@post(router, "/tickets", scope=WRITE, out=TicketOut, status=CREATED)
def create_ticket(request: Asked, body: TicketIn) -> TicketOut:
    """Open a ticket in the name of a requester. The same source and external id give the same ticket."""
    queue = named(Queue, body.queue_id, "queue_id")
    if queue is not None and queue.pk not in {one.pk for one in request.queues}:
        raise Invalid(_("There is no such queue."), field="queue_id")
    requester = named(Requester, body.requester_id, "requester_id")
    assert requester is not None
    opened = open_ticket(
        requester=requester,
        subject=body.subject,
        body=body.body,
        origin=Origin(channel=body.channel, source=body.source, external_id=body.external_id, language=body.language),
        queue=queue,
        category=named(Category, body.category_id, "category_id"),
        priority=body.priority,
        files=uploaded(body.files, request.actor),
        fields=None if body.fields is None else read_fields({one.id: one for one in all_fields()}, body.fields),
        by=request.actor,
        at=clock.now(),
    )
    return seen_ticket(request, opened.pk)


def read_fields(known: dict[int, Definition], sent: dict[str, FieldValue]) -> dict[int, Value]:
    """Read values of the desk's own fields; raises `Invalid` for a field that is not known."""
    found: dict[int, Value] = {}
    for key, value in sent.items():
        definition = known.get(int(key))
        if definition is None:
            raise Invalid(_("There is no such field."), field=f"fields.{key}")
        found[definition.id] = read(definition, _raw(value))
    return found


def _raw(value: FieldValue) -> list[str]:
    if value is None:
        return []
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, list):
        return [str(one) for one in value]
    return [f"{value:.15g}" if isinstance(value, float) else str(value)]


@get(router, "/tickets/{int:ticket_id}", scope=READ, out=TicketOut, versioned=TICKET)
def get_ticket(request: Asked, ticket_id: PathId) -> TicketOut:
    """Give a ticket as it is."""
    return seen_ticket(request, ticket_id)


class TicketChange(Sent):
    """What a ticket is to be; what is not sent stays."""

    subject: Line = ""
    priority: Annotated[StrictInt, Field(ge=1, le=4)] = 3
    category_id: Id | None = None
    fields: FieldsSent = {}


@patch(router, "/tickets/{int:ticket_id}", scope=WRITE, out=TicketOut, versioned=TICKET)
def update_ticket(request: Asked, ticket_id: PathId, body: TicketChange) -> TicketOut:
    """Change subject, priority, category and the desk's own fields."""
    ticket, at, sent = ticket_seen_by(request.actor, ticket_id), clock.now(), body.given()
    present: dict[str, str | int | None] = {"subject": ticket.subject, "priority": ticket.priority, "category": ticket.category_id}
    wanted = {name.removesuffix("_id"): value for name, value in sent.items() if name != "fields"}
    with transaction.atomic():
        if wanted:
            changes = {name: (present[name], value) for name, value in wanted.items()}
            change_ticket(ticket_id=ticket_id, changes=changes, by=request.actor, at=at)
        if body.fields:
            filled = {one.definition.id: one for one in fields_of(ticket_seen_by(request.actor, ticket_id))}
            values = read_fields({key: one.definition for key, one in filled.items()}, body.fields)
            fill_fields(
                ticket_id=ticket_id,
                changes={key: (filled[key].value, value) for key, value in values.items()},
                by=request.actor,
                at=at,
            )
    return seen_ticket(request, ticket_id)


class FieldIn(Sent):
    """The value of one field; null empties it."""

    value: FieldSent


@put(router, "/tickets/{int:ticket_id}/fields/{int:field_id}", scope=WRITE, out=TicketOut, versioned=TICKET)
def set_ticket_field(request: Asked, ticket_id: PathId, field_id: PathId, body: FieldIn) -> TicketOut:
    """Set one of the desk's own fields, whatever it holds."""
    definition = next((one for one in all_fields() if one.id == field_id), None)
    if definition is None:
        raise NotFound(_("There is no such field."))
    set_field(ticket_id=ticket_id, field_id=field_id, value=read(definition, _raw(body.value)), by=request.actor, at=clock.now())
    return seen_ticket(request, ticket_id)


class AssigneeIn(Sent):
    """Who is to have a ticket; null gives it back to its queue. `seen` is who had it when this was decided."""

    user_id: Id | None
    seen: Id | None = None


@put(router, "/tickets/{int:ticket_id}/assignee", scope=WRITE, out=TicketOut, versioned=TICKET)
def assign(request: Asked, ticket_id: PathId, body: AssigneeIn) -> TicketOut:
    """Give a ticket to somebody, or back to its queue."""
    with transaction.atomic():
        ticket = lock_in_sight(ticket_id, request.actor)
        if "seen" in body.model_fields_set:
            differs("assignee", seen=body.seen, now=ticket.assignee_id, wanted=body.user_id)
        assign_ticket(ticket_id=ticket_id, to=named(User, body.user_id, "user_id"), by=request.actor, at=clock.now())
    return seen_ticket(request, ticket_id)


class StatusIn(Sent):
    """The state a ticket is to be in: `reason` for on hold and closed, `despite` where parts are open."""

    state: State
    status_id: Id | None = None
    reason: Text = ""
    seen_status_id: Id | None = None
    despite: Text = ""


@put(router, "/tickets/{int:ticket_id}/status", scope=WRITE, out=TicketOut, versioned=TICKET)
def set_status(request: Asked, ticket_id: PathId, body: StatusIn) -> TicketOut:
    """Set the status, with what each state brings with it."""
    change_status(
        ticket_id=ticket_id,
        state=body.state,
        status_id=body.status_id,
        reason=body.reason,
        seen_status_id=body.seen_status_id,
        despite=body.despite,
        by=request.actor,
        at=clock.now(),
    )
    return seen_ticket(request, ticket_id)


@post(router, "/tickets/{int:ticket_id}/solve", scope=WRITE, out=TicketOut, versioned=TICKET)
def solve(request: Asked, ticket_id: PathId) -> TicketOut:
    """Say that the request is answered; the requester is asked whether it is."""
    solve_ticket(ticket_id=ticket_id, by=request.actor, at=clock.now())
    return seen_ticket(request, ticket_id)


@post(router, "/tickets/{int:ticket_id}/reopen", scope=WRITE, out=TicketOut, versioned=TICKET)
def reopen(request: Asked, ticket_id: PathId) -> TicketOut:
    """Take up a solved or closed ticket again."""
    reopen_ticket(ticket_id=ticket_id, by=request.actor, at=clock.now())
    return seen_ticket(request, ticket_id)


class TransferIn(Sent):
    """The queue a ticket is to go to, and why."""

    queue_id: Id
    reason: Text


class Transferred(Given):
    """That a ticket went to another queue; out of the user's sight, `ticket` is null."""

    ticket_id: int
    queue_id: int
    ticket: TicketOut | None


@put(router, "/tickets/{int:ticket_id}/queue", scope=WRITE, out=Transferred, versioned=TICKET)
def transfer(request: Asked, ticket_id: PathId, body: TransferIn) -> Transferred:
    """Move a ticket to another queue, also to one the user does not see."""
    transfer_ticket(ticket_id=ticket_id, queue_id=body.queue_id, reason=body.reason, by=request.actor, at=clock.now())
    sees = body.queue_id in {queue.pk for queue in request.queues}
    return Transferred(ticket_id=ticket_id, queue_id=body.queue_id, ticket=seen_ticket(request, ticket_id) if sees else None)


class TagIn(Sent):
    """A label."""

    name: Line


@post(router, "/tickets/{int:ticket_id}/tags", scope=WRITE, out=TicketOut, versioned=TICKET)
def add_ticket_tag(request: Asked, ticket_id: PathId, body: TagIn) -> TicketOut:
    """Put a label on a ticket. One already there stays once."""
    add_tag(ticket_id=ticket_id, name=body.name, by=request.actor, at=clock.now())
    return seen_ticket(request, ticket_id)


@delete(router, "/tickets/{int:ticket_id}/tags/{int:tag_id}", scope=WRITE, out=TicketOut, versioned=TICKET)
def remove_ticket_tag(request: Asked, ticket_id: PathId, tag_id: PathId) -> TicketOut:
    """Take a label off a ticket. One that is not there is no error."""
    if Tag.objects.filter(pk=tag_id).exists():
        remove_tag(ticket_id=ticket_id, tag_id=tag_id, by=request.actor, at=clock.now())
    return seen_ticket(request, ticket_id)


class NextOut(Given):
    """The ticket to work next, null when nothing waits."""

    ticket: TicketOut | None


@post(router, "/next-ticket", scope=WRITE, out=NextOut)
def take_next_ticket(request: Asked) -> NextOut:
    """Give the user of the token the ticket that should be worked next."""
    found = get_next(by=request.actor, at=clock.now())
    return NextOut(ticket=seen_ticket(request, found.pk) if found else None)
