"""Telling a colleague of the requester along: they read the ticket, hear of answers and may answer themselves."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.errors import Conflict, Invalid, NotFound
from steward.desk.actions.locking import lock_for_work
from steward.desk.facts.structure import ParticipantAdded, ParticipantRemoved
from steward.desk.models import Conversation, Ticket
from steward.desk.queries.access import visible_queue_ids
from steward.ledger.actions.recording import record
from steward.people.actions import ensure_requester
from steward.people.actor import Actor
from steward.people.models import Requester

MOST = 20
_KIND = Conversation.Kind.REQUESTER


def add_participant(*, ticket_id: int, requester_id: int | None = None, email: str = "", by: Actor, at: datetime) -> Conversation:
    """Let a requester, known or given by an address, take part in somebody else's ticket; once is enough.

    From then on they read all that was and is said with the requester, never notes or side conversations.
    Raises `Conflict` for the ticket's own requester, `Invalid` for nobody, and where too many take part.
    """
    with transaction.atomic():
        ticket = lock_for_work(ticket_id, by)
        who = _who(requester_id, email, by=by, at=at)
        if who.pk == ticket.requester_id:
            raise Conflict(_("This is the requester of this ticket."), field="email", hint=_("Choose somebody else."))
        talk = Conversation.objects.filter(ticket=ticket, requester=who, kind=_KIND).order_by("id").first()
        if talk is not None and talk.ended_at is None:
            return talk
        if taking_part(ticket) >= MOST:
            raise Invalid(
                _("At most %(most)s people can be told along.") % {"most": MOST}, field="email", hint=_("Take somebody out first.")
            )
        if talk is None:
            talk = Conversation.objects.create(
                ticket=ticket, channel=ticket.channel, requester=who, seen_message_id=_newest(ticket), created_at=at
            )
        else:
            talk.ended_at = None
            talk.save(update_fields=["ended_at"])
        record(ParticipantAdded(ticket_id=ticket.pk, requester_id=who.pk), by=by, at=at)
        return talk


def remove_participant(*, ticket_id: int, requester_id: int, by: Actor, at: datetime) -> None:
    """Let somebody take part no longer: they read and hear nothing more; what they said stays. Twice is once."""
    with transaction.atomic():
        ticket = lock_for_work(ticket_id, by)
        if requester_id == ticket.requester_id:
            raise Conflict(_("This is the requester of this ticket."))
        talk = Conversation.objects.filter(ticket=ticket, requester_id=requester_id, kind=_KIND).first()
        if talk is None:
            raise NotFound(_("This person does not take part in this ticket."))
        if talk.ended_at is None:
            talk.ended_at = at
            talk.save(update_fields=["ended_at"])
            record(ParticipantRemoved(ticket_id=ticket.pk, requester_id=requester_id), by=by, at=at)


def keep_seen(*, ticket_ids: list[int], requester_id: int, message_id: int) -> None:
    """Keep how far somebody who takes part has read; it never goes back."""
    talks = Conversation.objects.filter(ticket_id__in=ticket_ids, requester_id=requester_id, kind=_KIND, ended_at=None)
    talks.filter(seen_message_id__lt=message_id).update(seen_message_id=message_id)


def keep_mailed(*, conversation_id: int, message_id: int) -> bool:
    """Keep that somebody who takes part is mailed about what was said up to a message; False where they were already."""
    unmailed = Conversation.objects.filter(pk=conversation_id, ended_at=None, seen_message_id__lt=message_id)
    return bool(unmailed.filter(mailed_message_id__lt=message_id).update(mailed_message_id=message_id))


def taking_part(ticket: Ticket) -> int:
    """Count who takes part in a locked ticket besides its requester."""
    talks = Conversation.objects.filter(ticket=ticket, kind=_KIND, ended_at=None)
    return talks.exclude(requester_id=ticket.requester_id).count()


def _who(requester_id: int | None, email: str, *, by: Actor, at: datetime) -> Requester:
    if requester_id is None:
        return ensure_requester(email=email, by=by, at=at)
    found = Requester.objects.filter(pk=requester_id, erased_at=None).first()
    if found is not None and by.user_id is None:
        # A channel heard them speak where the ticket is spoken of.
        return found
    # Somebody known only from tickets out of sight seems not to exist, as when they are searched for.
    if found is None or not Ticket.objects.filter(requester=found, queue_id__in=visible_queue_ids(by)).exists():
        raise Invalid(_("There is no such person."), field="email", hint=_("Search again, or enter an address."))
    return found


def _newest(ticket: Ticket) -> int:
    # What was said before is there to be read, and is no news to be mailed about.
    newest = ticket.message_set.order_by("-id").values_list("id", flat=True).first()
    return int(newest or 0)
