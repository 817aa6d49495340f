"""What an actor may see: one predicate, as a set of queues that every list, search, count and stream is held to."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from steward.core.errors import NotFound
from steward.core.prepared import Prepared
from steward.core.rows import rows
from steward.desk.models import Conversation, Queue, QueueAccess, Ticket
from steward.desk.rules.states import Purpose
from steward.people.actor import Actor, ActorKind
from steward.people.models import Membership, User
from steward.people.rules import Capability, Role, capabilities_of

_SEES_THE_DESK = frozenset(
    {Capability.WORK_TICKETS, Capability.SEE_REPORTS, Capability.REVIEW_QUALITY, Capability.MANAGE_SETTINGS},
)


def is_of_the_desk(actor: Actor) -> bool:
    """Tell whether somebody sees tickets from the agents' side at all."""
    return bool(actor.capabilities & (_SEES_THE_DESK | {Capability.ANSWER_ENGINEERING}))


@dataclass(frozen=True)
class QueueInSight:
    """A queue whose tickets somebody sees, as lists and menus name it."""

    pk: int
    name: str
    purpose: str
    restricted: bool
    is_active: bool


_IN_SIGHT = """
SELECT q.id, q.name, q.purpose, q.restricted, q.is_active FROM desk_queue q
 WHERE {seen} ORDER BY q.position, q.name, q.id
"""
_NAMED = "EXISTS (SELECT 1 FROM desk_queueaccess a WHERE a.queue_id = q.id AND a.user_id = %s)"
_ALL = _IN_SIGHT.format(seen="true")
_OF_THE_DESK = _IN_SIGHT.format(seen=f"NOT q.restricted OR {_NAMED}")
_OF_ENGINEERING = _IN_SIGHT.format(seen=f"NOT q.restricted AND q.purpose = 'engineering' OR {_NAMED}")


def queues_in_sight(actor: Actor) -> list[QueueInSight]:
    """Give the queues whose tickets an actor sees, in their order, in one query: restricted ones only where the person is named."""
    if actor.kind != ActorKind.AGENT and actor.user_id is None and actor.can(Capability.WORK_TICKETS):
        return [QueueInSight(*row) for row in rows(_ALL)]
    if actor.kind == ActorKind.REQUESTER or not is_of_the_desk(actor) or actor.user_id is None:
        return []
    asked = _OF_THE_DESK if actor.capabilities & _SEES_THE_DESK else _OF_ENGINEERING
    return [QueueInSight(*row) for row in rows(asked, [actor.user_id])]


def visible_queue_ids(actor: Actor) -> list[int]:
    """Give the ids of the queues an actor sees, in one query; lists and searches are joined to them."""
    return [queue.pk for queue in queues_in_sight(actor)]


def people_who_see(queue_id: int) -> QuerySet[QueueAccess]:
    """Give the access rows of a restricted queue."""
    return QueueAccess.objects.filter(queue_id=queue_id)


def only_those_who_see(user_ids: Iterable[int], *, queue: Queue) -> list[int]:
    """Keep the users who may hear of a ticket in this queue, in the order given; the same answer as `queues_in_sight`."""
    return _kept(user_ids, queue, lambda _can: True)


def only_those_who_take(user_ids: Iterable[int], *, queue: Queue) -> list[int]:
    """Keep the users whom the desk may give tickets of this queue: agents, in a lead's queue leads, in engineering's engineers."""
    return _kept(user_ids, queue, _TAKES[Purpose(queue.purpose)].issubset)


_TAKES = {
    Purpose.SUPPORT: frozenset({Capability.WORK_TICKETS}),
    Purpose.LEAD: frozenset({Capability.WORK_TICKETS, Capability.ASSIGN_OTHERS}),
    Purpose.ENGINEERING: frozenset({Capability.ANSWER_ENGINEERING}),
}


_WORKERS = """
SELECT u.id, u.name, u.roles,
       EXISTS (SELECT 1 FROM desk_queueaccess a WHERE a.queue_id = %s AND a.user_id = u.id)
  FROM people_user u WHERE u.is_active AND u.roles && %s ORDER BY lower(u.name), u.id
"""
_ROLES = {
    purpose: [role.value for role in Role if capabilities_of([role]) & wanted]
    for purpose, wanted in (
        (Purpose.SUPPORT, {Capability.WORK_TICKETS}),
        (Purpose.LEAD, {Capability.WORK_TICKETS}),
        (Purpose.ENGINEERING, {Capability.WORK_TICKETS, Capability.ANSWER_ENGINEERING}),
    )
}


def people_who_may_own(queue: Queue) -> list[tuple[int, str]]:
    """Give id and name of everybody who works tickets of a queue and may see it, by name, in one query."""
    found = rows(_WORKERS, [queue.pk, _ROLES[Purpose(queue.purpose)]])
    return [(pk, name) for pk, name, roles, is_named in found if _sees(capabilities_of(roles), queue, is_named)]


def leads_of(queue: Queue) -> list[int]:
    """Give who answers for a queue when nobody else is there, in order of id; never nobody while somebody may see it.

    The leads of its team; without any, all leads; without those, whoever may see it.
    """
    people = User.objects.active().order_by("id")
    members = set(Membership.objects.filter(team=queue.team).values_list("user_id", flat=True)) if queue.team else set()
    leads = only_those_who_see(people.with_role(Role.LEAD).values_list("id", flat=True), queue=queue)
    of_team = [user_id for user_id in leads if user_id in members]
    return of_team or leads or only_those_who_see(people.values_list("id", flat=True), queue=queue)


_DESK_ROLES = [role.value for role in Role if capabilities_of([role]) & (_SEES_THE_DESK | {Capability.ANSWER_ENGINEERING})]


def people_in_sight(queue: Queue) -> list[tuple[int, str]]:
    """Give id and name of everybody who sees the tickets of a queue, by name, in one query."""
    found = rows(_WORKERS, [queue.pk, _DESK_ROLES])
    return [(pk, name) for pk, name, roles, is_named in found if _sees(capabilities_of(roles), queue, is_named)]


def _kept(user_ids: Iterable[int], queue: Queue, able: Callable[[frozenset[Capability]], bool]) -> list[int]:
    wanted = list(user_ids)
    roles = dict(User.objects.active().filter(pk__in=wanted).values_list("id", "roles"))
    named = set(people_who_see(queue.pk).values_list("user_id", flat=True))
    can = {user_id: capabilities_of(roles[user_id]) for user_id in wanted if user_id in roles}
    return [user_id for user_id in wanted if user_id in can and able(can[user_id]) and _sees(can[user_id], queue, user_id in named)]


def _sees(can: frozenset[Capability], queue: Queue, is_named: bool) -> bool:  # noqa: FBT001 -- of three facts, one is a yes or no
    if queue.restricted:
        return is_named and bool(can & (_SEES_THE_DESK | {Capability.ANSWER_ENGINEERING}))
    if can & _SEES_THE_DESK:
        return True
    return Capability.ANSWER_ENGINEERING in can and (is_named or queue.purpose == Queue.Purpose.ENGINEERING)


_TALKS = Conversation.objects.filter(kind=Conversation.Kind.REQUESTER, ended_at=None)
_OTHERS = _TALKS.filter(ticket_id=OuterRef("pk")).exclude(requester_id=OuterRef("requester_id"))
_TICKET = Prepared(
    lambda ticket_id: (
        Ticket.objects.filter(pk=ticket_id)
        .select_related("requester", "queue__team", "status", "category", "assignee")
        .annotate(
            has_merged=Exists(Ticket.objects.filter(merged_into_id=OuterRef("pk"))),
            has_participants=Exists(_OTHERS),
        )
    ),
    ticket_id=int,
)


_OWN = Prepared(
    lambda ticket_id, requester_id: (
        Ticket.objects.filter(
            Q(requester_id=requester_id) | Q(Exists(_TALKS.filter(ticket_id=OuterRef("pk"), requester_id=requester_id))),
            pk=ticket_id,
        )
        .annotate(
            has_merged=Exists(Ticket.objects.filter(merged_into_id=OuterRef("pk"))),
            has_participants=Exists(_OTHERS),
        )
        .select_related("requester", "queue__team", "status", "assignee")
    ),
    ticket_id=int,
    requester_id=int,
)


def ticket_seen_by(actor: Actor, ticket_id: int, *, queue_ids: Collection[int] | None = None) -> Ticket:
    """Give a ticket for reading from the agents' side; raises `NotFound` alike for none and for one out of sight.

    `queue_ids` are the queues in the actor's sight, where the caller has read them already.
    """
    ticket = _TICKET.first(ticket_id=ticket_id)
    if ticket is None or ticket.queue_id not in (visible_queue_ids(actor) if queue_ids is None else queue_ids):
        raise no_such_ticket(ticket_id)
    return ticket


def own_ticket(actor: Actor, ticket_id: int) -> Ticket:
    """Give a requester's own ticket, or one they take part in; raises `NotFound` for anybody else's."""
    if actor.requester_id is None:
        raise _no_such_request(ticket_id)
    ticket = _OWN.first(ticket_id=ticket_id, requester_id=actor.requester_id)
    if ticket is None:
        raise _no_such_request(ticket_id)
    return ticket


def _no_such_request(ticket_id: int) -> NotFound:
    return NotFound(
        _("You have no request #%(number)s.") % {"number": ticket_id},
        hint=_("Check the number; everything you asked stands under “My requests”."),
    )


def no_such_ticket(ticket_id: int) -> NotFound:
    """Give the error for a ticket that does not exist, or must seem not to."""
    return NotFound(
        _("There is no ticket #%(number)s, or you may not see it.") % {"number": ticket_id},
        hint=_("Check the number, or ask a lead for access."),
    )
