"""Changing a ticket's fields: queue, priority, category, subject, tags. Each field is compared with what was seen."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import IntegrityError, models, transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from steward.core.errors import Invalid, NotFound
from steward.core.remembering import forget, remembered
from steward.core.rows import first_row
from steward.core.text import clean, is_blank, one_line
from steward.desk.actions.assignment import give
from steward.desk.actions.comparing import differs
from steward.desk.actions.locking import lock, lock_for_work, touch
from steward.desk.actions.searching import index_more
from steward.desk.actions.writing import LONGEST_SUBJECT, write_message
from steward.desk.facts.ticket import (
    CategoryChanged,
    PriorityChanged,
    SubjectEdited,
    TagAdded,
    TagRemoved,
    TicketTransferred,
)
from steward.desk.models import Category, Message, Queue, Tag, Ticket, TicketTag
from steward.desk.permissions import may_transfer
from steward.desk.queries.access import only_those_who_see
from steward.desk.queries.family import family_of
from steward.desk.rules.states import Purpose
from steward.ledger.actions.recording import record
from steward.people.actions import move_notices
from steward.people.actor import Actor
from steward.people.models import Membership
from steward.people.permissions import require

Value = str | int | None
LONGEST_TAG = 60


def change_ticket(
    *,
    ticket_id: int,
    changes: Mapping[str, tuple[Value, Value]],
    by: Actor,
    at: datetime,
) -> Ticket:
    """Change fields of a ticket, each given as (the value seen, the value wanted).

    Known fields are subject, priority and category. Two people changing different fields both succeed; the same field raises
    `Conflict` with both values, and nothing of this call is written.
    """
    with transaction.atomic():
        ticket = lock_for_work(ticket_id, by)
        for field, (seen, wanted) in changes.items():
            if field not in _FIELDS:
                raise Invalid(_("A ticket has no field %(field)s that can be changed.") % {"field": field}, field=field)
            current, write = _FIELDS[field]
            if differs(field, seen=seen, now=current(ticket), wanted=wanted):
                write(ticket, wanted, by, at)
        return ticket


def _set_subject(ticket: Ticket, wanted: Value, by: Actor, at: datetime) -> None:
    subject = one_line(clean(str(wanted or ""), max_length=LONGEST_SUBJECT, field="subject"), max_length=LONGEST_SUBJECT)
    if subject == ticket.subject:
        return
    ticket.subject = subject
    touch(ticket, at, "subject")
    index_more(ticket, ticket.subject)
    record(SubjectEdited(ticket_id=ticket.pk), by=by, at=at)


def _set_priority(ticket: Ticket, wanted: Value, by: Actor, at: datetime) -> None:
    if wanted not in Ticket.Priority.values:
        raise Invalid(_("There is no such priority."), field="priority")
    fact = PriorityChanged(ticket_id=ticket.pk, old=ticket.priority, new=int(wanted or 0))
    ticket.priority = int(wanted or 0)
    touch(ticket, at, "priority")
    record(fact, by=by, at=at)


def _set_category(ticket: Ticket, wanted: Value, by: Actor, at: datetime) -> None:
    category = None
    if wanted is not None:
        category = Category.objects.filter(pk=wanted, is_active=True).first() if isinstance(wanted, int) else None
        if category is None:
            raise Invalid(_("There is no such category."), field="category", hint=_("Reload the page: it may have been changed."))
    fact = CategoryChanged(ticket_id=ticket.pk, old=ticket.category_id, new=category.pk if category else None)
    ticket.category = category
    touch(ticket, at, "category")
    record(fact, by=by, at=at)


_Writer = Callable[[Ticket, Value, Actor, datetime], None]
_FIELDS: dict[str, tuple[Callable[[Ticket], Value], _Writer]] = {
    "subject": (lambda ticket: ticket.subject, _set_subject),
    "priority": (lambda ticket: ticket.priority, _set_priority),
    "category": (lambda ticket: ticket.category_id, _set_category),
}


def transfer_ticket(*, ticket_id: int, queue_id: int, reason: str, by: Actor, at: datetime) -> Ticket:
    """Move a ticket to another queue, where its team works it.

    Out of the agents' hands (to a lead's or an engineering queue) the reason is required; it is kept as a note.
    An owner who is not of the new team, or may not see the queue, gives the ticket back.
    """
    with transaction.atomic():
        ticket = lock_for_work(ticket_id, by)
        queue = Queue.objects.filter(pk=queue_id).first()
        if queue is None:
            raise NotFound(_("There is no such queue."))
        if queue.pk == ticket.queue_id:
            return ticket
        if not queue.is_active:
            raise Invalid(_("This queue is closed."), field="queue", hint=_("Choose another one."))
        require(may_transfer(by, ticket, to=queue), _("You may not move this ticket there."))
        reason = clean(reason, max_length=2_000, field="reason", required=queue.purpose != Purpose.SUPPORT)
        if reason:
            write_message(
                ticket,
                body=_("Moved to %(queue)s: %(reason)s") % {"queue": queue.name, "reason": reason},
                kind=Message.Kind.NOTE,
                by=by,
                at=at,
            )
        _transfer(ticket, queue, has_reason=bool(reason), by=by, at=at)
        return ticket


def _transfer(ticket: Ticket, queue: Queue, *, has_reason: bool, by: Actor, at: datetime) -> None:
    handed_on = queue.purpose if queue.purpose != Purpose.SUPPORT else ""
    relocate(ticket, queue, reason="given" if has_reason else "", handed_on=handed_on, by=by, at=at)
    # What was merged into it is read there: it lies in the same queue, before the same eyes.
    for ticket_id in family_of(ticket.pk)[1:]:
        member = lock(ticket_id)
        if member.merged_into_id is not None:
            relocate(member, queue, reason="merged", by=by, at=at)
    if ticket.assignee_id is not None and not _keeps(ticket.assignee_id, queue):
        give(ticket, to=None, how="handback", by=by, at=at)


def relocate(ticket: Ticket, queue: Queue, *, reason: str, handed_on: str = "", by: Actor, at: datetime) -> None:
    """Put a locked ticket into another queue, with all that goes by the queue: words, notices, the fact."""
    old = ticket.queue
    ticket.queue = queue
    touch(ticket, at, "queue")
    move_notices(ticket_id=ticket.pk, queue_id=queue.pk)
    record(
        TicketTransferred(
            ticket_id=ticket.pk,
            old_queue_id=old.pk,
            new_queue_id=queue.pk,
            reason=reason,
            handed_on=handed_on,
        ),
        by=by,
        at=at,
    )


def _keeps(user_id: int, queue: Queue) -> bool:
    if not only_those_who_see([user_id], queue=queue):
        return False
    return queue.team_id is None or Membership.objects.filter(user_id=user_id, team_id=queue.team_id).exists()


def add_tag(*, ticket_id: int, name: str, by: Actor, at: datetime) -> Tag:
    """Put a free label on a ticket; a label nobody used before is made, and one already there stays once."""
    return put_tag(ticket_id=ticket_id, name=name, by=by, at=at)[0]


_PUT_ON = "INSERT INTO desk_tickettag (ticket_id, tag_id) VALUES (%s, %s) ON CONFLICT (ticket_id, tag_id) DO NOTHING RETURNING id"


def put_tag(*, ticket_id: int, name: str, by: Actor, at: datetime) -> tuple[Tag, bool]:
    """Put a free label on a ticket as `add_tag` does; give it, and whether it was not there before."""
    name = clean(name, max_length=LONGEST_TAG, field="tag").lstrip("#").strip()
    if is_blank(name) or "\n" in name:
        raise Invalid(_("A label is one line of text."), field="tag")
    with transaction.atomic():
        ticket = lock_for_work(ticket_id, by)
        tag = _tag(name)
        is_new = first_row(_PUT_ON, [ticket.pk, tag.pk]) is not None
        if is_new:
            touch(ticket, at)
            record(TagAdded(ticket_id=ticket.pk, tag_id=tag.pk), by=by, at=at)
        return tag, is_new


def _tag(name: str) -> Tag:
    key = ("desk.tag", name.casefold())
    known = Tag.objects.annotate(folded=Lower("name")).filter(folded=Lower(models.Value(name)))
    found = remembered(key, known.first)
    if found is not None:
        return found
    # One made now may be unmade with the row it was made for.
    forget(key)
    try:
        with transaction.atomic():
            return Tag.objects.create(name=name)
    except IntegrityError:
        # Somebody used the same new label on another ticket a moment ago.
        return known.get()


def remove_tag(*, ticket_id: int, tag_id: int, by: Actor, at: datetime) -> None:
    """Take a label off a ticket; one that is not there is no error."""
    with transaction.atomic():
        ticket = lock_for_work(ticket_id, by)
        removed, _rows = TicketTag.objects.filter(ticket=ticket, tag_id=tag_id).delete()
        if removed:
            touch(ticket, at)
            record(TagRemoved(ticket_id=ticket.pk, tag_id=tag_id), by=by, at=at)


def set_due(*, ticket_id: int, due_at: datetime | None) -> None:
    """Set the instant by which lists sort; told by whoever keeps the clocks, who records the facts behind it."""
    Ticket.objects.filter(pk=ticket_id).update(due_at=due_at)
