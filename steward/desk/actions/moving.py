"""Messages that belong elsewhere: moved to another ticket, or split off into one of their own.

A message's home, where its fact stands, never changes; what changes is where it is shown. So nothing said is told
twice in the ledger, and a past day's figures stay what they were.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.errors import Conflict, Invalid, NotFound
from steward.core.text import is_blank, one_line
from steward.desk.actions.intake import record_opening
from steward.desk.actions.linking import join
from steward.desk.actions.locking import default_status, lock_for_work, touch
from steward.desk.actions.searching import index_again, index_new
from steward.desk.actions.writing import LONGEST_SUBJECT, clean_token
from steward.desk.facts.structure import MessageMoved
from steward.desk.models import Link, Message, Ticket
from steward.desk.queries.access import visible_queue_ids
from steward.desk.queries.family import family_of, said_with, shown_on
from steward.desk.rules.states import State
from steward.ledger.actions.recording import record
from steward.people.actor import Actor

MOST_AT_ONCE = 200


def show_on(message: Message, ticket: Ticket, *, waits: bool = False, by: Actor, at: datetime) -> None:
    """Show a message on a ticket instead of where it is shown; both, and its home, are told."""
    was = message.shown_on_id or message.ticket_id
    if was == ticket.pk:
        return
    message.shown_on_id = None if ticket.pk == message.ticket_id else ticket.pk
    message.save(update_fields=["shown_on"])
    for ticket_id in dict.fromkeys((was, ticket.pk, message.ticket_id)):
        record(
            MessageMoved(
                ticket_id=ticket_id,
                message_id=message.pk,
                from_id=was,
                to_id=ticket.pk,
                waits=waits if ticket_id == ticket.pk else is_waited_for(ticket_id),
            ),
            by=by,
            at=at,
        )


def is_waited_for(ticket_id: int) -> bool:
    """Tell whether the last thing said on a ticket by a person was its requester's."""
    said = Message.objects.filter(shown_on([ticket_id]), kind=Message.Kind.MESSAGE, automatic=False)
    return said.order_by("-created_at", "-id").values_list("author_kind", flat=True).first() == "requester"


def move_message(*, message_id: int, to_id: int, by: Actor, at: datetime) -> Message:
    """Move a message that landed on the wrong ticket to the right one; moving it back is the same.

    What the desk said goes only to a ticket of the same requester, so that nobody reads what was written to somebody
    else; words of a side conversation stay where they are.
    """
    with transaction.atomic():
        message = _message(message_id)
        was = message.shown_on_id or message.ticket_id
        if was == to_id:
            return message
        tickets = {ticket_id: lock_for_work(ticket_id, by) for ticket_id in sorted({was, to_id})}
        message = Message.objects.select_for_update(of=("self",)).get(pk=message_id)
        if (message.shown_on_id or message.ticket_id) != was:
            raise Conflict(_("Somebody else moved this message meanwhile."), field="message", hint=_("Reload the page."))
        _check_move(message, tickets[was], tickets[to_id])
        _move(message, tickets[was], tickets[to_id], by=by, at=at)
        return message


def _message(message_id: int) -> Message:
    found = Message.objects.filter(pk=message_id).first()
    if found is None:
        raise NotFound(_("There is no such message."))
    return found


def _check_move(message: Message, old: Ticket, new: Ticket) -> None:
    if message.kind == Message.Kind.SIDE or message.automatic:
        raise Invalid(_("This message belongs to its ticket and cannot be moved."), field="message")
    if message.kind == Message.Kind.MESSAGE and not message.from_requester and old.requester_id != new.requester_id:
        raise Invalid(
            _("This was written to the requester of #%(number)s; on another's ticket it would be read by somebody else.")
            % {"number": old.pk},
            field="message",
            hint=_("Move what the requester wrote, and answer there anew."),
        )
    if old.queue.restricted and old.queue_id != new.queue_id:
        raise Invalid(
            _("#%(number)s is in a restricted queue: more people would see the message.") % {"number": old.pk},
            field="to",
            hint=_("Choose a ticket in the same queue."),
        )


def _move(message: Message, old: Ticket, new: Ticket, *, by: Actor, at: datetime) -> None:
    show_on(message, new, waits=message.from_requester, by=by, at=at)
    for ticket in (old, new):
        refresh(ticket, at=at)


def refresh(ticket: Ticket, *, at: datetime) -> None:
    """Reckon anew what lists and searches read of a locked ticket's messages."""
    said = Message.objects.filter(shown_on(family_of(ticket.pk)), kind=Message.Kind.MESSAGE, automatic=False)
    last = said.order_by("-created_at").values_list("created_at", flat=True).first()
    by_requester = said.filter(author_kind="requester").order_by("-created_at").values_list("created_at", flat=True).first()
    ticket.last_message_at = last or ticket.created_at
    ticket.last_requester_message_at = by_requester
    touch(ticket, at, "last_message_at", "last_requester_message_at")
    index_again(ticket)


def split_ticket(
    *,
    ticket_id: int,
    message_id: int,
    and_after: bool = False,
    subject: str = "",
    client_token: str = "",
    by: Actor,
    at: datetime,
) -> Ticket:
    """Split a requester's message, and by choice what follows it, off into a ticket of its own, linked to this one.

    The new ticket is in the same queue and belongs to whoever wrote the message; the times of what was said stay. The
    same `client_token` gives the ticket already made.
    """
    token = clean_token(client_token)
    # Requesters' own forms and other tickets' splits have tokens too: this one is of this ticket alone.
    token = f"split-{ticket_id}:{token}" if token else ""
    with transaction.atomic():
        old = lock_for_work(ticket_id, by)
        # By whom and with which token, not by the link: that may have been taken off since, and the token still counts once.
        writing = Message.objects.filter(pk=message_id).values("conversation__requester")
        made = Ticket.objects.filter(client_token=token, requester__in=writing, queue_id__in=visible_queue_ids(by)).first()
        if token and made is not None:
            return made
        family = family_of(ticket_id)
        start = Message.objects.filter(shown_on(family), pk=message_id).select_related("conversation__requester").first()
        if start is None:
            raise NotFound(_("There is no such message on #%(number)s.") % {"number": ticket_id})
        writer = start.conversation.requester
        if not start.from_requester or writer is None:
            raise Invalid(_("Only what a requester wrote becomes a ticket of its own."), field="message")
        messages = _from(start, family) if and_after else [start]
        if not _has_others(old, family, messages):
            raise Invalid(
                _("Nothing would be left of #%(number)s.") % {"number": ticket_id},
                field="message",
                hint=_("Choose a later message, or only this one."),
            )
        new = _open(old, start, subject=subject, client_token=token, by=by, at=at)
        for message in messages:
            show_on(message, new, by=by, at=at)
        join(new, old, kind=Link.Kind.SPLIT, by=by, at=at)
        refresh(old, at=at)
        refresh(new, at=at)
        return new


def _open(old: Ticket, start: Message, *, subject: str, client_token: str, by: Actor, at: datetime) -> Ticket:
    """Open the ticket that messages are split off into: its requester waits for a first answer, so the clocks start."""
    writer, status = start.conversation.requester, default_status(State.NEW)
    assert writer is not None, "a requester's message has one"
    title = one_line(subject if not is_blank(subject) else start.body, max_length=LONGEST_SUBJECT) or old.subject
    new = Ticket.objects.create(
        subject=title,
        requester=writer,
        queue=old.queue,
        status=status,
        state=status.state,
        priority=old.priority,
        category=old.category,
        channel=start.conversation.channel,
        language=old.language,
        client_token=client_token,
        created_at=at,
        updated_at=at,
        last_message_at=at,
    )
    record_opening(new, by_agent=False, by=by, at=at)
    index_new(new, title)
    return new


def _from(start: Message, family: Sequence[int]) -> list[Message]:
    """Give a message and what was said in its conversation after it; what is automatic was said of the old ticket."""
    found = Message.objects.filter(shown_on(family), conversation_id=start.conversation_id, automatic=False)
    after = list(found.filter(created_at__gte=start.created_at, pk__gte=start.pk).exclude(kind=Message.Kind.SIDE).order_by("id"))
    if len(after) > MOST_AT_ONCE:
        raise Invalid(_("At most %(most)s messages are split off at once.") % {"most": MOST_AT_ONCE}, field="message")
    return after


def _has_others(old: Ticket, family: Sequence[int], messages: Sequence[Message]) -> bool:
    kept = Message.objects.filter(said_with(old.requester_id, family), automatic=False).exclude(
        pk__in=[message.pk for message in messages]
    )
    return bool(kept.exists())
