"""What an actor may see: one predicate, as a set of queues that every list, search, count and stream is held to."""

from collections.abc import Callable, Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from steward.core.errors import NotFound
from steward.desk.models import Queue, QueueAccess, Ticket
from steward.desk.rules.states import Purpose
from steward.people.actor import Actor, ActorKind
from steward.people.models import User
from steward.people.rules import Capability, capabilities_of

_SEES_THE_DESK = frozenset(
    {Capability.WORK_TICKETS, Capability.SEE_REPORTS, Capability.REVIEW_QUALITY, Capability.MANAGE_SETTINGS},
)


def is_of_the_desk(actor: Actor) -> bool:
    """Tell whether somebody sees tickets from the agents' side at all."""
    return bool(actor.capabilities & (_SEES_THE_DESK | {Capability.ANSWER_ENGINEERING}))


def visible_queues(actor: Actor) -> QuerySet[Queue]:
    """Give the queues whose tickets an actor sees: restricted ones only where the person is named, admins included."""
    if actor.kind != ActorKind.AGENT and actor.user_id is None and actor.can(Capability.WORK_TICKETS):
        return Queue.objects.all()
    if actor.kind == ActorKind.REQUESTER or not is_of_the_desk(actor):
        return Queue.objects.none()
    if actor.user_id is None:
        return Queue.objects.none()
    named = Exists(QueueAccess.objects.filter(queue=OuterRef("pk"), user_id=actor.user_id))
    if actor.capabilities & _SEES_THE_DESK:
        return Queue.objects.filter(Q(restricted=False) | named)
    return Queue.objects.filter(Q(restricted=False, purpose=Queue.Purpose.ENGINEERING) | named)


def visible_queue_ids(actor: Actor) -> list[int]:
    """Give the ids of the queues an actor sees, in one query; lists and searches are joined to them."""
    return list(visible_queues(actor).values_list("id", flat=True))


def people_who_see(queue_id: int) -> QuerySet[QueueAccess]:
    """Give the access rows of a restricted queue."""
    return QueueAccess.objects.filter(queue_id=queue_id)


def only_those_who_see(user_ids: Iterable[int], *, queue: Queue) -> list[int]:
    """Keep the users who may hear of a ticket in this queue, in the order given; the same answer as `visible_queues`."""
    return _kept(user_ids, queue, lambda _can: True)


def only_those_who_take(user_ids: Iterable[int], *, queue: Queue) -> list[int]:
    """Keep the users whom the desk may give tickets of this queue: agents, in a lead's queue leads, in engineering's engineers."""
    return _kept(user_ids, queue, _TAKES[Purpose(queue.purpose)].issubset)


_TAKES = {
    Purpose.SUPPORT: frozenset({Capability.WORK_TICKETS}),
    Purpose.LEAD: frozenset({Capability.WORK_TICKETS, Capability.ASSIGN_OTHERS}),
    Purpose.ENGINEERING: frozenset({Capability.ANSWER_ENGINEERING}),
}


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


def ticket_seen_by(actor: Actor, ticket_id: int) -> Ticket:
    """Give a ticket for reading from the agents' side; raises `NotFound` alike for none and for one out of sight."""
    ticket = (
        Ticket.objects.filter(pk=ticket_id, queue__in=visible_queue_ids(actor))
        .select_related("requester", "queue__team", "status", "category", "assignee")
        .first()
    )
    if ticket is None:
        raise no_such_ticket(ticket_id)
    return ticket


def own_ticket(actor: Actor, ticket_id: int) -> Ticket:
    """Give a requester's own ticket; raises `NotFound` for anybody else's."""
    if actor.requester_id is None:
        raise no_such_ticket(ticket_id)
    ticket = (
        Ticket.objects.filter(pk=ticket_id, requester_id=actor.requester_id)
        .select_related("requester", "queue__team", "status", "assignee")
        .first()
    )
    if ticket is None:
        raise no_such_ticket(ticket_id)
    return ticket


def no_such_ticket(ticket_id: int) -> NotFound:
    """Give the error for a ticket that does not exist, or must seem not to."""
    return NotFound(
        _("There is no ticket #%(number)s, or you may not see it.") % {"number": ticket_id},
        hint=_("Check the number, or ask a lead for access."),
    )
