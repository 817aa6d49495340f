"""Who owns a ticket: given by hand, taken by rule, or handed out by the desk; always by the roster."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.errors import Invalid
from steward.desk.actions.lifecycle import set_state
from steward.desk.actions.locking import lock, lock_for_work, lock_in_sight, refuse_merged, touch
from steward.desk.actions.waking import end_snooze, settle_return
from steward.desk.facts.ticket import TicketAssigned
from steward.desk.models import Queue, Snooze, Ticket
from steward.desk.permissions import may_assign, may_work
from steward.desk.queries.access import only_those_who_see, only_those_who_take, visible_queue_ids
from steward.desk.queries.load import loads, takes
from steward.desk.queries.routing import candidates, next_ticket, serialize_agent, serialize_routing, waiting_to_be_given
from steward.desk.rules.routing import pick
from steward.desk.rules.states import State
from steward.ledger.actions.recording import record
from steward.people.actor import Actor, ActorKind, system
from steward.people.models import User
from steward.people.permissions import require
from steward.people.queries.actors import actor_for
from steward.people.rules import Capability
from steward.roster.queries.duty import on_break, on_duty, presence_of

ROUTING = system("routing", kind=ActorKind.RULE)


class NotOnShift(Invalid):
    """Somebody asked for the next ticket outside their shift."""

    code = "not_on_shift"


class OnBreak(Invalid):
    """Somebody asked for the next ticket while they are away."""

    code = "on_break"


class AtCapacity(Invalid):
    """Somebody asked for the next ticket with their hands full."""

    code = "at_capacity"


def give(
    ticket: Ticket,
    *,
    to: User | None,
    how: str,
    because: tuple[str, ...] = (),
    by: Actor,
    at: datetime,
) -> None:
    """Make somebody, or nobody, the owner of a locked ticket; a new one becomes open."""
    old = ticket.assignee_id
    new = to.pk if to else None
    if old == new:
        return
    if to is not None and State(ticket.state) == State.NEW:
        set_state(ticket, state=State.OPEN, by=by, at=at)
    # Out of sight is a promise its owner made; another owner sees it at once.
    end_snooze(ticket, ended_as=Snooze.Ended.MOVED, by=by, at=at)
    settle_return(ticket, at=at)
    ticket.assignee = to
    touch(ticket, at, "assignee", "snoozing")
    record(
        TicketAssigned(ticket_id=ticket.pk, old_assignee_id=old, new_assignee_id=new, how=how, because=because),
        by=by,
        at=at,
    )


def assign_ticket(*, ticket_id: int, to: User | None, how: str = "manual", by: Actor, at: datetime) -> Ticket:
    """Give a ticket to somebody by hand, or back to its queue; the new owner must be able to see and work it."""
    with transaction.atomic():
        ticket = lock_in_sight(ticket_id, by)
        require(may_assign(by, ticket, to_user_id=to.pk if to else None), _("You may not give this ticket away."))
        refuse_merged(ticket)
        if to is not None:
            _check_assignee(to, ticket)
        give(ticket, to=to, how=how, by=by, at=at)
        return ticket


def _check_assignee(to: User, ticket: Ticket) -> None:
    if not only_those_who_see([to.pk], queue=ticket.queue):
        raise Invalid(
            _("%(name)s may not see this queue.") % {"name": to.name},
            field="assignee",
            hint=_("Choose somebody who may, or move the ticket first."),
        )
    if not may_work(actor_for(to), ticket):
        raise Invalid(_("%(name)s does not work tickets.") % {"name": to.name}, field="assignee", hint=_("Choose an agent."))


def take_over(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Make the one who answers a locked ticket its owner, when it has none and the answerer is an agent."""
    if ticket.assignee_id is None and by.kind in {ActorKind.AGENT, ActorKind.MACRO} and by.user_id is not None:
        give(ticket, to=User.objects.get(pk=by.user_id), how="manual", by=by, at=at)


def get_next(*, by: Actor, at: datetime) -> Ticket | None:
    """Give the asking agent the ticket that should be worked next, by rule; None when nothing waits.

    A team's own queues go before others', then the languages the agent answers in, the earliest promise, the higher
    priority, the longer wait. Raises `NotOnShift` outside the agent's shift, `OnBreak` in a break, and `AtCapacity` where
    what the agent has in hand weighs what they take. Two agents asking at once get two tickets.
    """
    require(by.can(Capability.WORK_TICKETS) and by.user_id is not None, _("Only agents take tickets."))
    user_id = by.user_id or 0
    _check_at_work(user_id, at)
    with transaction.atomic():
        serialize_agent(user_id)
        load, own = loads([user_id])[user_id], takes([user_id])[user_id]
        queue_ids, team_ids = visible_queue_ids(by), sorted(by.team_ids)
        found = next_ticket(queue_ids=queue_ids, team_ids=team_ids, load=load, takes=own, at=at)
        if found is None:
            if next_ticket(queue_ids=queue_ids, team_ids=team_ids, load=-1, takes=own, at=at) is not None:
                raise _hands_full(load)
            return None
        ticket = lock_for_work(found.ticket_id, by)
        give(ticket, to=User.objects.get(pk=user_id), how="get_next", because=found.because, by=by, at=at)
        return ticket


def _check_at_work(user_id: int, at: datetime) -> None:
    presence = presence_of(user_id, at)
    if not presence.is_on_duty:
        raise NotOnShift(
            _("You are not on shift, so the desk gives you no tickets."),
            hint=_("Ask your lead to enter your shift, or assign one to yourself by hand."),
        )
    if presence.away_since is not None:
        raise OnBreak(_("You are on a break, so the desk gives you no tickets."), hint=_("End the break on “My shift” first."))


def _hands_full(load: float) -> AtCapacity:
    return AtCapacity(
        _("You have as much in hand as you take: %(load)s.") % {"load": f"{load:g}"},
        hint=_("Solve, hand over or put something on hold first. Your lead can raise your capacity."),
    )


def route_waiting(*, at: datetime, most: int = 50) -> int:
    """Hand out what waits in the queues that give tickets, to agents on shift with room; give how many went.

    Nobody on shift, or nobody with room, leaves a ticket where it is, in sight and counted.
    """
    given = 0
    for queue in Queue.objects.filter(routing=Queue.Routing.PUSH, is_active=True).order_by("position", "id"):
        if on_duty(at, team_id=queue.team_id):
            for ticket_id in waiting_to_be_given(queue.pk, most=most):
                handed = _hand_out(ticket_id, at=at)
                given += handed == Handed.GIVEN
                if handed == Handed.NO_ROOM:
                    break
    return given


def route_ticket(*, ticket_id: int, at: datetime) -> bool:
    """Give one waiting ticket of a queue that hands out to the agent the rule picks; False when nobody has room.

    A ticket that somebody is working on at this moment is left alone.
    """
    return _hand_out(ticket_id, at=at) == Handed.GIVEN


class Handed(StrEnum):
    """What came of handing out one ticket."""

    GIVEN = "given"
    LEFT = "left"
    NO_ROOM = "no_room"


def _hand_out(ticket_id: int, *, at: datetime) -> Handed:
    with transaction.atomic():
        serialize_routing()
        free = Ticket.objects.select_for_update(skip_locked=True).filter(pk=ticket_id, assignee=None, state__in=["new", "open"])
        if not free.values_list("pk"):
            return Handed.LEFT
        ticket = lock(ticket_id)
        queue = ticket.queue
        if queue.routing != Queue.Routing.PUSH or not queue.is_active:
            return Handed.LEFT
        present = on_duty(at, team_id=queue.team_id)
        able = only_those_who_take(sorted(present - on_break(present)), queue=queue)
        chosen = pick(candidates(able, language=ticket.language, at=at), default_capacity=queue.capacity)
        if chosen is None:
            return Handed.NO_ROOM
        give(ticket, to=User.objects.get(pk=chosen.user_id), how="routing", because=chosen.because, by=ROUTING, at=at)
        return Handed.GIVEN
