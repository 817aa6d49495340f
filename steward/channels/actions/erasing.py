"""What came in of people, kept as it came: how it is let go of."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from steward.channels.models import InboundEnvelope
from steward.people.actor import Actor
from steward.people.erasing import TOMBSTONE, Held, Whom

AT_ONCE = 200
ERASED: dict[str, bool] = {"erased": True}


def count(whom: Whom, by: Actor) -> Sequence[Held]:  # noqa: ARG001 -- every part is asked alike
    """Count the envelopes of somebody; they are counted whole, since what they became may have moved."""
    return (Held(_("What they sent, as it came in"), _of(whom).count()),)


def erase(whom: Whom, by: Actor, at: datetime) -> bool:  # noqa: ARG001 -- every part is asked alike
    """Empty a few envelopes of somebody; True while there are more."""
    with transaction.atomic():
        return _empty(list(_of(whom).order_by("id").values_list("id", flat=True)[:AT_ONCE])) == AT_ONCE


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
    return InboundEnvelope.objects.filter(pk__in=ids).update(raw=ERASED)


def _of(whom: Whom) -> QuerySet[InboundEnvelope]:
    if whom.requester_id is None:
        return InboundEnvelope.objects.none()
    theirs = Q(message__requester_id=whom.requester_id) | Q(message__ticket__requester_id=whom.requester_id)
    return InboundEnvelope.objects.filter(theirs | Q(raw__requester_id=whom.requester_id)).exclude(raw=ERASED)
