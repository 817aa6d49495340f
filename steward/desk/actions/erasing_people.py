"""What the desk holds of people, and how it lets go of it, a few tickets at a time."""

import re
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from steward.core.rows import rows
from steward.core.text import search_words
from steward.desk.actions.erasing import forget_file, forget_words, of_person, with_words_left
from steward.desk.actions.erasing_asides import SHORTEST_NAME, asides_with, erase_asides, forget_asides_of, forget_guest
from steward.desk.actions.locking import lock
from steward.desk.actions.searching import index_again
from steward.desk.models import (
    Attachment,
    Automation,
    AutomationRun,
    BulkRow,
    Conversation,
    CustomField,
    Draft,
    DraftCopy,
    ExposureAllowance,
    FollowUp,
    HandlingCorrection,
    Handover,
    HeldReply,
    MacroRun,
    Message,
    PendingFile,
    Question,
    SavedView,
    Ticket,
    TicketFields,
)
from steward.desk.queries.access import visible_queue_ids
from steward.desk.rules.fields import WRITTEN
from steward.ledger.actions.forgetting import forget_errors
from steward.people.actor import Actor
from steward.people.erasing import TOMBSTONE, Held, Whom
from steward.people.queries.people import known_of

TICKETS_AT_ONCE = 20


def count(whom: Whom, by: Actor) -> Sequence[Held]:
    """Count what the desk holds of somebody, on the tickets the actor sees."""
    in_sight = visible_queue_ids(by)
    guest = Held(_("Side conversations with them"), asides_with(known_of(whom)).filter(ticket__queue_id__in=in_sight).count())
    if whom.requester_id is None:
        return (guest,)
    tickets = Ticket.objects.filter(requester_id=whom.requester_id, queue_id__in=in_sight)
    beside = Conversation.objects.filter(ticket__in=tickets, kind=Conversation.Kind.SIDE, team=None)
    said = Message.objects.filter(of_person(whom.requester_id), ticket__queue_id__in=in_sight, erased_at=None)
    return (
        Held(_("Subjects of tickets"), tickets.exclude(subject=TOMBSTONE).count()),
        Held(_("Messages and notes"), said.count()),
        Held(_("Attached files"), Attachment.objects.filter(message__in=said, erased_at=None).count()),
        Held(_("Drafts on their tickets"), Draft.objects.filter(ticket__in=tickets).count()),
        Held(_("Side conversations beside their tickets"), beside.exclude(party=TOMBSTONE).count()),
        guest,
        Held(_("Follow-ups"), FollowUp.objects.filter(ticket__in=tickets).exclude(what=TOMBSTONE).count()),
    )


def erase(whom: Whom, by: Actor, at: datetime) -> bool:
    """Take a few tickets' worth of somebody's words and files away; True while there is more."""
    if whom.user_id is not None:
        _erase_of_user(whom.user_id)
    more = erase_asides(by=by, at=at)
    if whom.requester_id is None:
        return more
    left = Ticket.objects.filter(with_words_left(whom.requester_id)).order_by("id").values_list("id", flat=True)
    ticket_ids = list(left[:TICKETS_AT_ONCE])
    for ticket_id in ticket_ids:
        with transaction.atomic():
            _erase_on(ticket_id, whom.requester_id, by=by, at=at)
    return more or len(ticket_ids) == TICKETS_AT_ONCE


def forget(known: Sequence[str]) -> None:
    """Take a name and an address out of side conversations and saved views, which are found by nothing else."""
    forget_guest(known)
    for word in (word for word in known if len(word) >= SHORTEST_NAME):
        for view in SavedView.objects.select_for_update().filter(text__icontains=word).order_by("id"):
            view.text = re.sub(re.escape(word), TOMBSTONE, view.text, flags=re.IGNORECASE)
            view.save(update_fields=["text"])


def _erase_of_user(user_id: int) -> None:
    """Take away what was written about somebody's own work: why they looked longer, why a time was corrected, their farewells."""
    ExposureAllowance.objects.filter(exposure__user_id=user_id).exclude(reason=TOMBSTONE).update(reason=TOMBSTONE)
    HandlingCorrection.objects.filter(handling__user_id=user_id).exclude(reason=TOMBSTONE).update(reason=TOMBSTONE)
    Handover.objects.filter(user_id=user_id).exclude(note="").exclude(note=TOMBSTONE).update(note=TOMBSTONE)


def _erase_on(ticket_id: int, requester_id: int, *, by: Actor, at: datetime) -> None:
    ticket = lock(ticket_id)
    is_theirs = ticket.requester_id == requester_id
    messages = list(Message.objects.filter(of_person(requester_id), ticket_id=ticket_id))
    forget_words(ticket, [message for message in messages if message.erased_at is None], at=at)
    files = Attachment.objects.filter(message__in=messages, erased_at=None).select_for_update(of=("self",))
    for file in files.order_by("id"):
        forget_file(file, at=at)
    if is_theirs:
        _erase_around(ticket, by=by, at=at)
    forget_errors([f"ticket:{ticket.pk}"])
    for shown_on in {message.shown_on_id for message in messages if message.shown_on_id}:
        index_again(lock(shown_on))
    index_again(ticket)


def _erase_around(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Take away what stands beside the messages of a ticket that was all theirs."""
    ticket.subject = TOMBSTONE
    ticket.save(update_fields=["subject"])
    Question.objects.filter(ticket=ticket).exclude(comment="").update(comment=TOMBSTONE)
    FollowUp.objects.filter(ticket=ticket).update(what=TOMBSTONE)
    forget_asides_of(ticket, by=by, at=at)
    PendingFile.objects.filter(draft__ticket=ticket).delete()
    DraftCopy.objects.filter(draft__ticket=ticket).delete()
    Draft.objects.filter(ticket=ticket).delete()
    waiting = HeldReply.objects.filter(ticket=ticket, released_at=None, taken_back_at=None)
    waiting.update(taken_back_at=at, why_back=HeldReply.Back.REFUSED)
    HeldReply.objects.filter(ticket=ticket).update(body="")
    PendingFile.objects.filter(held__ticket=ticket).update(name=TOMBSTONE, sha256="")
    # Taking a macro or a bulk run back would write old words anew.
    MacroRun.objects.filter(ticket=ticket).update(done=[])
    BulkRow.objects.filter(ticket=ticket).update(done=[], reason="")
    # What a rule stumbled over may have been said with the words it stumbled over.
    runs = AutomationRun.objects.filter(ticket=ticket).exclude(detail="")
    Automation.objects.filter(pk__in=list(runs.values_list("automation_id", flat=True))).update(parked_detail="")
    runs.update(detail="")
    Handover.objects.filter(tickets__ticket=ticket).exclude(note="").update(note=TOMBSTONE)
    _erase_fields(ticket)


def _erase_fields(ticket: Ticket) -> None:
    row = TicketFields.objects.select_for_update().filter(pk=ticket.pk).first()
    if row is None:
        return
    written = {str(pk) for pk in CustomField.objects.filter(kind__in=list(WRITTEN)).values_list("id", flat=True)}
    # That something was given stays true, as the ledger tells it.
    row.values = {key: TOMBSTONE if key in written else value for key, value in row.values.items()}
    row.save(update_fields=["values"])


_ELSEWHERE = """
SELECT DISTINCT t.id
  FROM desk_message m
  JOIN desk_ticket t ON t.id = coalesce(m.shown_on_id, m.ticket_id)
  JOIN desk_ticketsearch s ON s.ticket_id = t.id
 WHERE s.document @@ %s::tsquery AND t.queue_id = ANY(%s) AND t.requester_id <> %s AND m.body ILIKE %s LIMIT 20
"""


def mentions_elsewhere(*, requester_id: int, email: str, by: Actor) -> list[int]:
    """Find a few tickets of others in the actor's sight whose messages name an address; those are erased by hand."""
    words = list(dict.fromkeys(search_words(email)))
    if not words:
        return []
    query = " & ".join("'" + word.replace("'", "''") + "'" for word in words)
    like = "%" + email.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return sorted(int(row[0]) for row in rows(_ELSEWHERE, [query, visible_queue_ids(by), requester_id, like]))
