"""Letting go of third parties: who was asked beside a ticket, by what name and address, and what was said with them."""

import re
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from steward.desk.actions.erasing import forget_file, forget_words
from steward.desk.actions.locking import lock
from steward.desk.actions.searching import index_again
from steward.desk.facts.structure import SideConversationEnded
from steward.desk.models import Attachment, Conversation, Message, Ticket
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.erasing import TOMBSTONE

TICKETS_AT_ONCE = 20
# A name of two letters would stand in every other word.
SHORTEST_NAME = 4
_SIDES = Conversation.objects.filter(kind=Conversation.Kind.SIDE)


def asides_with(known: Sequence[str]) -> QuerySet[Conversation]:
    """Give the side conversations with somebody known by these words: by the address, or where there is none by the name.

    One of the same name with another address is somebody else.
    """
    words = [word.strip().lower() for word in known if word.strip() and word != TOMBSTONE]
    called = _SIDES.filter(team=None).annotate(at=Lower("address"), named=Lower("party"))
    return called.filter(Q(at__in=words) | Q(at="", named__in=words)) if words else called.none()


def forget_guest(known: Sequence[str]) -> None:
    """Take a guest's name and address away while they are known, and with them the links they answer by.

    What was said with them is found by the tombstone and taken afterwards: `erase_asides`.
    """
    for talk in asides_with(known).select_for_update().order_by("id"):
        talk.topic, talk.party, talk.address = TOMBSTONE, TOMBSTONE, ""
        talk.link_version += 1
        talk.save(update_fields=["topic", "party", "address", "link_version"])
    for word in (word for word in known if len(word) >= SHORTEST_NAME):
        # What others were asked about them: a topic is no message, which could be erased by hand.
        for talk in _SIDES.filter(topic__icontains=word).select_for_update().order_by("id"):
            talk.topic = re.sub(re.escape(word), TOMBSTONE, talk.topic, flags=re.IGNORECASE)
            talk.save(update_fields=["topic"])


def forget_asides_of(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Take away whom a locked ticket was talked about with beside it; its side conversations end."""
    for talk in _SIDES.filter(ticket=ticket).order_by("id"):
        talk.topic, talk.address = TOMBSTONE, ""
        # A team keeps its name: it is the desk's own.
        talk.party = talk.party if talk.team_id is not None else TOMBSTONE
        talk.link_version += 1
        _end(talk, by=by, at=at)
        talk.save(update_fields=["topic", "party", "address", "link_version", "ended_at"])


def erase_asides(*, by: Actor, at: datetime) -> bool:
    """Take away what was said with guests who were let go of, a few tickets at a time; True while there may be more."""
    gone = _SIDES.filter(party=TOMBSTONE)
    said = Message.objects.filter(conversation__in=gone)
    files = Attachment.objects.filter(message__in=said, erased_at=None).values("message__ticket_id")
    open_still = gone.filter(ended_at=None).values("ticket_id")
    left = Q(pk__in=said.filter(erased_at=None).values("ticket_id")) | Q(pk__in=files) | Q(pk__in=open_still)
    ticket_ids = list(Ticket.objects.filter(left).order_by("id").values_list("id", flat=True)[:TICKETS_AT_ONCE])
    for ticket_id in ticket_ids:
        with transaction.atomic():
            _erase_on(ticket_id, by=by, at=at)
    return len(ticket_ids) == TICKETS_AT_ONCE


def _erase_on(ticket_id: int, *, by: Actor, at: datetime) -> None:
    ticket = lock(ticket_id)
    said = Message.objects.filter(ticket=ticket, conversation__kind=Conversation.Kind.SIDE, conversation__party=TOMBSTONE)
    forget_words(ticket, list(said.filter(erased_at=None)), at=at)
    for file in Attachment.objects.filter(message__in=said, erased_at=None).select_for_update(of=("self",)).order_by("id"):
        forget_file(file, at=at)
    for talk in _SIDES.filter(ticket=ticket, party=TOMBSTONE, ended_at=None).order_by("id"):
        _end(talk, by=by, at=at)
        talk.save(update_fields=["ended_at"])
    index_again(ticket)


def _end(talk: Conversation, *, by: Actor, at: datetime) -> None:
    if talk.ended_at is None:
        talk.ended_at = at
        record(SideConversationEnded(ticket_id=talk.ticket_id, conversation_id=talk.pk), by=by, at=at)
