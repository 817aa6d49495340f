"""Joining a ticket into another, and taking that back: an event, not a copy. Messages keep their home; the target shows them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from steward.core.errors import Conflict, Invalid, NotFound
from steward.desk.actions.assignment import give
from steward.desk.actions.changing import relocate
from steward.desk.actions.confirming import ask_for_confirmation, withdraw_questions
from steward.desk.actions.lifecycle import move
from steward.desk.actions.locking import default_status, lock_in_sight, touch
from steward.desk.actions.moving import show_on
from steward.desk.actions.watching import How, start_watching, stop_watching
from steward.desk.actions.writing import write_message
from steward.desk.facts.structure import TicketsMerged, TicketsUnmerged
from steward.desk.facts.ticket import TagAdded, TagRemoved, TicketClosed
from steward.desk.models import Merge, Message, Tag, Ticket, TicketTag, Watcher
from steward.desk.permissions import may_undo_merge, may_work
from steward.desk.queries.access import only_those_who_see, visible_queue_ids
from steward.desk.rules.merging import Refusal, Side, comes_back_as, opens_target, refusal
from steward.desk.rules.states import Outcome, State
from steward.ledger.actions.recording import record
from steward.people.actor import Actor, system
from steward.people.permissions import require

TELLING = system("merge")
MOST_AT_ONCE = 50


class CannotMerge(Conflict):
    """These two tickets are not merged, and why."""

    code = "cannot_merge"


def merge_tickets(*, source_ids: Sequence[int], target_id: int, tell: bool = True, by: Actor, at: datetime) -> list[Merge]:
    """Join tickets into a target, all or none of them; each closes as merged and is read on the target from then on.

    The target takes over labels, watchers and, when nobody owns it, the owner; it is worked again when it waited while
    the joined one did not. With `tell` their requesters are told where it goes on. Of two merges that contradict each
    other the first stands and the second raises `CannotMerge`.
    """
    wanted = list(dict.fromkeys(source_ids))
    if not wanted or len(wanted) > MOST_AT_ONCE:
        raise Invalid(_("Choose between one and %(most)s tickets to merge.") % {"most": MOST_AT_ONCE}, field="source")
    with transaction.atomic():
        tickets = {ticket_id: _lock_to_merge(ticket_id, by) for ticket_id in sorted({*wanted, target_id})}
        return [_merge(tickets[ticket_id], tickets[target_id], tell=tell, by=by, at=at) for ticket_id in wanted]


def _lock_to_merge(ticket_id: int, by: Actor) -> Ticket:
    ticket = lock_in_sight(ticket_id, by)
    require(may_work(by, ticket), _("You may read this ticket but not change it."))
    return ticket


def side_of(ticket: Ticket) -> Side:
    """Give what the rule looks at."""
    return Side(
        id=ticket.pk,
        state=State(ticket.state),
        queue_id=ticket.queue_id,
        is_restricted=ticket.queue.restricted,
        is_merged=ticket.merged_into_id is not None,
    )


def why_not(source: Ticket, target: Ticket) -> CannotMerge | None:
    """Give the error with which two tickets are not merged, or None when they may be."""
    reason = refusal(side_of(source), side_of(target))
    if reason is None:
        return None
    said, hint = {
        Refusal.SAME: (_("A ticket cannot be merged into itself."), _("Choose another one.")),
        Refusal.SOURCE_MERGED: (
            _("#%(source)s has been merged already, into #%(into)s."),
            _("Take that merge back first if it was wrong."),
        ),
        Refusal.TARGET_MERGED: (_("#%(target)s has itself been merged, into #%(there)s."), _("Merge into #%(there)s.")),
        Refusal.SOURCE_CLOSED: (_("#%(source)s is closed."), _("Link it instead, or reopen it first.")),
        Refusal.TARGET_CLOSED: (_("#%(target)s is closed."), _("Choose the other direction, or reopen it first.")),
        Refusal.TARGET_SOLVED: (
            _("#%(target)s is solved, while #%(source)s still waits for an answer."),
            _("Choose the other direction, or reopen it first."),
        ),
        Refusal.RESTRICTED: (
            _("#%(source)s is in a restricted queue: more people would see it."),
            _("Move both into the same queue first."),
        ),
    }[reason]
    values = {"source": source.pk, "target": target.pk, "into": source.merged_into_id, "there": target.merged_into_id}
    return CannotMerge(said % values, field="target", hint=hint % values)


def _merge(source: Ticket, target: Ticket, *, tell: bool, by: Actor, at: datetime) -> Merge:
    error = why_not(source, target)
    if error is not None:
        raise error
    old = State(source.state)
    waits = source.last_requester_message_at is not None and source.last_requester_message_at >= source.last_message_at
    merge = Merge.objects.create(
        source=source,
        target=target,
        status_id=source.status_id,
        queue_id=source.queue_id,
        waiting_reason=source.waiting_reason,
        told=tell,
        created_at=at,
    )
    if tell:
        _tell(source, _where_it_goes_on(source, target), at=at)
    _record_merge(TicketsMerged, merge, source, target, waits=waits, by=by, at=at)
    _close(source, target, by=by, at=at)
    _hand_over(merge, source, target, by=by, at=at)
    if opens_target(old, State(target.state)):
        move(target, to=default_status(State.OPEN), by=by, at=at)
    target.last_message_at = max(target.last_message_at, source.last_message_at)
    target.last_requester_message_at = max(
        filter(None, [target.last_requester_message_at, source.last_requester_message_at]), default=None
    )
    touch(target, at, "last_message_at", "last_requester_message_at")
    return merge


def _record_merge(
    fact: type[TicketsMerged] | type[TicketsUnmerged],
    merge: Merge,
    source: Ticket,
    target: Ticket,
    *,
    by: Actor,
    at: datetime,
    **more: bool,
) -> None:
    for ticket in (source, target):
        # Only where it is awaited from now on does the waiting matter.
        said = more if ticket is target else {}
        record(
            fact(ticket_id=ticket.pk, merge_id=merge.pk, source_id=source.pk, target_id=target.pk, **said),
            by=by,
            at=at,
        )


def _close(source: Ticket, target: Ticket, *, by: Actor, at: datetime) -> None:
    withdraw_questions(source, at=at)
    source.merged_into = target
    move(source, to=default_status(State.CLOSED), outcome=Outcome.MERGED.value, by=by, at=at)
    record(TicketClosed(ticket_id=source.pk, outcome=Outcome.MERGED.value), by=by, at=at)
    if source.queue_id != target.queue_id:
        relocate(source, target.queue, reason="merged", by=by, at=at)


def _hand_over(merge: Merge, source: Ticket, target: Ticket, *, by: Actor, at: datetime) -> None:
    """Give the target what the joined ticket had: labels, watchers, and its owner when the target has none."""
    for row in TicketTag.objects.filter(ticket=source).order_by("id"):
        _new, added = TicketTag.objects.get_or_create(ticket=target, tag_id=row.tag_id)
        if added:
            record(TagAdded(ticket_id=target.pk, tag_id=row.tag_id), by=by, at=at)
            merge.added_tags.append(row.tag_id)
    watching = list(Watcher.objects.filter(ticket=source, stopped_at=None).order_by("user_id").values_list("user_id", flat=True))
    merge.added_watchers = start_watching(target, watching, how=How.MERGE, by=by, at=at)
    merge.save(update_fields=["added_tags", "added_watchers"])
    owner = source.assignee
    if target.assignee_id is None and owner is not None and only_those_who_see([owner.pk], queue=target.queue):
        give(target, to=owner, how="merge", by=by, at=at)


def _where_it_goes_on(source: Ticket, target: Ticket) -> str:
    with translation.override(source.requester.language or None):
        if source.requester_id == target.requester_id:
            return _("We go on with this in your request #%(number)s, together with what you wrote there.") % {"number": target.pk}
        return _("We are working on this together with a request like it. You will hear from us here.")


def _tell(ticket: Ticket, body: str, *, at: datetime) -> None:
    write_message(ticket, body=body, automatic=True, by=TELLING, at=at)


def unmerge_ticket(*, ticket_id: int, by: Actor, at: datetime) -> Merge:
    """Take back the merge of a ticket: it goes on by itself, as it was; what its requester and we said since comes along.

    For a day by everybody who works it, later by leads. What others have merged into it stays with it.
    """
    with transaction.atomic():
        found = Merge.objects.filter(source_id=ticket_id, undone_at=None).first()
        if found is None:
            raise NotFound(_("#%(number)s is not merged into another ticket.") % {"number": ticket_id})
        # The target first: whoever holds a joined ticket never waits for the one it was joined into.
        target = _lock_to_merge(found.target_id, by)
        source = _lock_to_merge(ticket_id, by)
        merge = Merge.objects.select_for_update(of=("self",)).select_related("status", "queue").get(pk=found.pk)
        if merge.undone_at is not None:
            raise Conflict(_("Somebody has taken this merge back already."), field="merge")
        require(
            may_undo_merge(by, merged_at=merge.created_at, at=at),
            _("This merge is older than a day: only a lead takes it back."),
        )
        merge.undone_at = at
        merge.save(update_fields=["undone_at"])
        _record_merge(TicketsUnmerged, merge, source, target, by=by, at=at)
        wrote_since = _bring_along(merge, source, by=by, at=at)
        _restore(merge, source, wrote_since=wrote_since, by=by, at=at)
        _take_back(merge, target, by=by, at=at)
        touch(target, at)
        return merge


def _bring_along(merge: Merge, source: Ticket, *, by: Actor, at: datetime) -> bool:
    """Show on the ticket what was said in its conversations meanwhile; tell whether its requester was among the speakers."""
    said = Message.objects.filter(conversation__ticket=source, created_at__gte=merge.created_at, shown_on=None)
    wrote = False
    for message in said.exclude(ticket=source).order_by("id"):
        show_on(message, source, waits=message.from_requester, by=by, at=at)
        wrote |= message.from_requester
    return wrote


def _restore(merge: Merge, source: Ticket, *, wrote_since: bool, by: Actor, at: datetime) -> None:
    source.merged_into = None
    if merge.queue_id != source.queue_id and merge.queue.is_active and merge.queue_id in visible_queue_ids(by):
        relocate(source, merge.queue, reason="unmerged", by=by, at=at)
    old = State(merge.status.state)
    state = comes_back_as(old, wrote_since=wrote_since, has_owner=source.assignee_id is not None)
    same = state == old and merge.status.is_active
    move(
        source,
        to=merge.status if same else default_status(state),
        reason=merge.waiting_reason if state == old else "",
        restoring=True,
        by=by,
        at=at,
    )
    if state == State.SOLVED:
        ask_for_confirmation(source, at=at)
    elif merge.told:
        with translation.override(source.requester.language or None):
            body = _("We are working on this request by itself again.")
        _tell(source, body, at=at)


def _take_back(merge: Merge, target: Ticket, *, by: Actor, at: datetime) -> None:
    for tag_id in Tag.objects.filter(pk__in=merge.added_tags).order_by("id").values_list("id", flat=True):
        removed, _rows = TicketTag.objects.filter(ticket=target, tag_id=tag_id).delete()
        if removed:
            record(TagRemoved(ticket_id=target.pk, tag_id=tag_id), by=by, at=at)
    stop_watching(target, merge.added_watchers, by=by, at=at)
