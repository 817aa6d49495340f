"""What came in of people, kept as it came: how it is let go of."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from steward.channels.actions.originals import let_go
from steward.channels.models import ChannelPerson, InboundEnvelope, Outgoing
from steward.channels.rules.raw import ERASED
from steward.people.actor import Actor
from steward.people.erasing import TOMBSTONE, Held, Whom

AT_ONCE = 200


def count(whom: Whom, by: Actor) -> Sequence[Held]:  # noqa: ARG001 -- every part is asked alike
    """Count the envelopes of somebody; they are counted whole, since what they became may have moved."""
    return (Held(_("What they sent, as it came in"), _of(whom).count()),)


def erase(whom: Whom, by: Actor, at: datetime) -> bool:  # noqa: ARG001 -- every part is asked alike
    """Empty a few envelopes of somebody; True while there are more."""
    with transaction.atomic():
        if _empty(list(_of(whom).order_by("id").values_list("id", flat=True)[:AT_ONCE])) == AT_ONCE:
            return True
        _forget_outgoing(whom)
        _forget_people(whom)
        return False


def _forget_outgoing(whom: Whom) -> None:
    """Take away what the desk itself told them or told of them; what had not gone out yet does not go."""
    if whom.requester_id is None:
        return
    theirs = Q(person__requester_id=whom.requester_id) | Q(thread__conversation__requester_id=whom.requester_id)
    theirs |= Q(thread__triage_of__requester_id=whom.requester_id)
    rows = Outgoing.objects.filter(theirs, message=None)
    rows.filter(state__in=[Outgoing.State.QUEUED, Outgoing.State.SENDING]).update(state=Outgoing.State.DROPPED)
    rows.update(payload={})
    # A server that refuses a letter names whom it was for.
    Outgoing.objects.filter(theirs).exclude(problem="").update(problem="")


def _forget_people(whom: Whom) -> None:
    """Take away who they are to vendors; somebody who writes again is somebody new."""
    people = Q(requester_id=whom.requester_id) if whom.requester_id is not None else Q(pk=None)
    people |= Q(user_id=whom.user_id) if whom.user_id is not None else Q(pk=None)
    for person in ChannelPerson.objects.filter(people):
        person.vendor_id, person.name, person.user = f"{TOMBSTONE}{person.pk}", TOMBSTONE, None
        person.save(update_fields=["vendor_id", "name", "user"])


def empty_of_message(*, message_id: int) -> None:
    """Empty the envelope that became a message whose words or files were erased."""
    with transaction.atomic():
        _empty(list(InboundEnvelope.objects.filter(message_id=message_id).values_list("id", flat=True)))


def empty_of_file(*, attachment_id: int) -> None:
    """Empty the envelope that brought a file which was erased."""
    with transaction.atomic():
        _empty(list(InboundEnvelope.objects.filter(message__attachments=attachment_id).values_list("id", flat=True)))


def _empty(ids: list[int]) -> int:
    # What became no message says so, and is not taken in any more.
    InboundEnvelope.objects.filter(pk__in=ids, message=None).update(problem=TOMBSTONE)
    return let_go(ids)


def _of(whom: Whom) -> QuerySet[InboundEnvelope]:
    if whom.requester_id is None:
        return InboundEnvelope.objects.none()
    theirs = Q(message__requester_id=whom.requester_id) | Q(message__ticket__requester_id=whom.requester_id)
    theirs |= Q(person__requester_id=whom.requester_id)
    return InboundEnvelope.objects.filter(theirs | Q(raw__requester_id=whom.requester_id)).exclude(raw=ERASED)
