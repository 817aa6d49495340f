"""Who may do what on the desk: the same predicates for actions, screens and the API."""

from datetime import datetime

from steward.desk.models import BulkRun, Draft, Handling, HeldReply, Macro, Queue, SavedReply, SavedView, Ticket
from steward.desk.rules.merging import may_undo
from steward.desk.rules.states import Purpose
from steward.people.actor import Actor, ActorKind
from steward.people.rules import Capability


def may_work(actor: Actor, ticket: Ticket) -> bool:
    """Tell whether an actor may answer and change a ticket that they can see."""
    return may_work_in(actor, ticket.queue.purpose)


def may_work_in(actor: Actor, purpose: str) -> bool:
    """Tell whether an actor may answer and change tickets in queues of a purpose."""
    return actor.can(Capability.WORK_TICKETS) or (actor.can(Capability.ANSWER_ENGINEERING) and purpose == Purpose.ENGINEERING)


def may_work_at_all(actor: Actor) -> bool:
    """Tell whether somebody works tickets anywhere, and so may do the same to many."""
    return actor.user_id is not None and (actor.can(Capability.WORK_TICKETS) or actor.can(Capability.ANSWER_ENGINEERING))


def may_steer(actor: Actor, run: BulkRun) -> bool:
    """Tell whether somebody may see and steer a bulk run: whoever started it, and a lead once it has started."""
    if actor.user_id is not None and actor.user_id == run.user_id:
        return may_work_at_all(actor)
    return actor.can(Capability.ASSIGN_OTHERS) and run.state != BulkRun.State.PREPARED


def may_assign(actor: Actor, ticket: Ticket, *, to_user_id: int | None) -> bool:
    """Tell whether an actor may give a ticket away: to oneself or back always, to others by capability."""
    return may_assign_in(actor, ticket.queue.purpose, assignee_id=ticket.assignee_id, to_user_id=to_user_id)


def may_assign_in(actor: Actor, purpose: str, *, assignee_id: int | None, to_user_id: int | None) -> bool:
    """Tell whether an actor may give away a ticket of this owner in a queue of this purpose."""
    if not may_work_in(actor, purpose):
        return actor.can(Capability.ASSIGN_OTHERS)
    return to_user_id in {None, actor.user_id} or actor.can(Capability.ASSIGN_OTHERS) or assignee_id == actor.user_id


def may_snooze(actor: Actor, ticket: Ticket) -> bool:
    """Tell whether an actor may put a ticket out of its owner's sight: one's own, nobody's, or by capability anybody's."""
    return may_work(actor, ticket) and (ticket.assignee_id in {None, actor.user_id} or actor.can(Capability.ASSIGN_OTHERS))


def may_transfer(actor: Actor, ticket: Ticket, *, to: Queue) -> bool:
    """Tell whether an actor may move a ticket to another queue; a restricted one may be handed to by anybody."""
    return may_work(actor, ticket) and to.is_active


def may_speak_as_requester(actor: Actor, ticket: Ticket) -> bool:
    """Tell whether an actor may speak for the requester: the person, or a channel or import on the person's behalf."""
    if actor.kind == ActorKind.REQUESTER:
        return actor.requester_id == ticket.requester_id
    return actor.kind in {ActorKind.SYNC, ActorKind.IMPORT}


def may_open_for_others(actor: Actor) -> bool:
    """Tell whether an actor may open a ticket in somebody else's name."""
    return actor.can(Capability.WORK_TICKETS)


def may_hand_over(actor: Actor, user_id: int) -> bool:
    """Tell whether an actor hands over somebody's tickets: their own, or as a lead those of anybody who is not there."""
    if actor.user_id == user_id:
        return actor.can(Capability.WORK_TICKETS) or actor.can(Capability.ANSWER_ENGINEERING)
    return actor.can(Capability.MANAGE_SHIFTS) and actor.can(Capability.ASSIGN_OTHERS) and actor.can(Capability.WORK_TICKETS)


def may_handle(actor: Actor) -> bool:
    """Tell whether an actor's time on a ticket is handle time: those who work tickets, not those who only read."""
    return actor.user_id is not None and (actor.can(Capability.WORK_TICKETS) or actor.can(Capability.ANSWER_ENGINEERING))


def may_correct_handling(actor: Actor, handling: Handling) -> bool:
    """Tell whether an actor corrects a stretch: their own, or as a lead anybody's."""
    return actor.user_id is not None and (actor.user_id == handling.user_id or actor.can(Capability.MANAGE_SHIFTS))


def may_set_capacity(actor: Actor) -> bool:
    """Tell whether an actor says how much others take at once and in which languages they answer."""
    return actor.can(Capability.MANAGE_SHIFTS) or actor.can(Capability.MANAGE_PEOPLE)


def may_let_look(actor: Actor) -> bool:
    """Tell whether an actor sees how long others look at harmful content, and may let them go on beyond the limit."""
    return actor.can(Capability.ASSIGN_OTHERS)


def may_manage_desk(actor: Actor) -> bool:
    """Tell whether an actor may change queues, categories and statuses."""
    return actor.can(Capability.MANAGE_SETTINGS)


def may_take_draft(actor: Actor, draft: Draft) -> bool:
    """Tell whether an actor who works the ticket may take somebody's draft over: shared with all, by a lead, or left behind."""
    return draft.is_shared or not draft.author.is_active or actor.can(Capability.ASSIGN_OTHERS)


def may_take_back(actor: Actor, held: HeldReply) -> bool:
    """Tell whether an actor may take a held reply back or let it go at once: whoever wrote it, or a lead."""
    return held.author_id == actor.user_id or actor.can(Capability.ASSIGN_OTHERS)


def may_undo_merge(actor: Actor, *, merged_at: datetime, at: datetime) -> bool:
    """Tell whether an actor who works a merged ticket may still take the merge back: leads at any time."""
    return may_undo(merged_at=merged_at, at=at, is_lead=actor.can(Capability.ASSIGN_OTHERS))


def may_keep(actor: Actor) -> bool:
    """Tell whether an actor may have saved replies, macros and views of their own: everybody who works here."""
    return actor.user_id is not None and bool(actor.capabilities - {Capability.ASK})


def may_share(actor: Actor, *, team_id: int | None) -> bool:
    """Tell whether an actor may make things for a team (a lead for their own teams), or for everybody (None)."""
    if actor.can(Capability.MANAGE_SETTINGS):
        return True
    return actor.can(Capability.ASSIGN_OTHERS) and (team_id is None or team_id in actor.team_ids)


def may_change_kept(actor: Actor, kept: SavedReply | Macro | SavedView) -> bool:
    """Tell whether an actor may change a saved reply, macro or view: their own, or a shared one they look after."""
    if kept.scope == kept.Scope.PRIVATE:
        return actor.user_id is not None and kept.owner_id == actor.user_id
    return may_share(actor, team_id=kept.team_id)


def may_manage_automations(actor: Actor) -> bool:
    """Tell whether an actor may make automations and switch them on: leads and admins."""
    return actor.user_id is not None and (actor.can(Capability.ASSIGN_OTHERS) or actor.can(Capability.MANAGE_SETTINGS))
