"""Telling those who watch a ticket, and those who were named in a note."""

from collections.abc import Iterable
from datetime import datetime

from steward.core.rows import rows
from steward.desk.facts.ticket import MessageReceived, NoteAdded, ReplySent, TicketClosed, TicketReopened, TicketSolved
from steward.desk.models import Ticket
from steward.desk.notice_kinds import WATCHED
from steward.desk.queries.access import only_those_who_see
from steward.people.actions import notify
from steward.people.actor import Actor, ActorKind, system

Watched = MessageReceived | ReplySent | NoteAdded | TicketSolved | TicketReopened | TicketClosed
WATCHING = system("watching", kind=ActorKind.RULE)
_WHAT = {
    MessageReceived: "message",
    ReplySent: "reply",
    NoteAdded: "note",
    TicketSolved: "solved",
    TicketReopened: "reopened",
    TicketClosed: "closed",
}


_WATCHING = "SELECT user_id FROM desk_watcher WHERE ticket_id = %s AND stopped_at IS NULL ORDER BY user_id"


def tell_watchers(fact: Watched, *, actor_kind: str, actor_id: int | None, at: datetime) -> int:
    """Tell the watchers of a ticket what happened, but whoever did it and its owner, who is told otherwise; give how many were."""
    if isinstance(fact, ReplySent) and fact.automatic:
        return 0
    # Most tickets are watched by nobody; that is seen in one small look.
    watching = [pk for (pk,) in rows(_WATCHING, [fact.ticket_id])]
    ticket = Ticket.objects.select_related("queue").filter(pk=fact.ticket_id).first() if watching else None
    if ticket is None:
        return 0
    left_out = {actor_id if actor_kind == ActorKind.AGENT else None, ticket.assignee_id}
    told = [pk for pk in watching if pk not in left_out]
    return tell(ticket, told, kind=WATCHED, data={"what": _WHAT[type(fact)]}, by=WATCHING, at=at)


def tell(ticket: Ticket, user_ids: Iterable[int], *, kind: str, data: dict[str, str | int], by: Actor, at: datetime) -> int:
    """Give a notice of a ticket to those who may see it where it stands now; give how many got one."""
    seeing = only_those_who_see(user_ids, queue=ticket.queue)
    if not seeing:
        return 0
    return len(notify(user_ids=seeing, kind=kind, ticket_id=ticket.pk, queue_id=ticket.queue_id, data=data, by=by, at=at))
