"""Letters as they came: which messages have one, and what it holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from steward.channels.email.letters import UNPROVEN
from steward.channels.models import InboundEnvelope


@dataclass(frozen=True)
class Came:
    """That a message came as a letter; `is_proven` is no where its sender is not who they claim to be."""

    message_id: int
    sha256: str
    is_proven: bool


def letters_behind(message_ids: Sequence[int]) -> dict[int, Came]:
    """Give, by message, the letters that are still kept as they came, in one query."""
    found = InboundEnvelope.objects.filter(message_id__in=list(message_ids), raw__has_key="original").select_related("person")
    return {one.message_id: _came(one) for one in found.order_by("id") if one.message_id is not None}


def letter_behind(message_id: int) -> Came | None:
    """Give the letter a message came as; none where it came otherwise, or was erased."""
    return letters_behind([message_id]).get(message_id)


def _came(envelope: InboundEnvelope) -> Came:
    claimed = envelope.person.vendor_id if envelope.person is not None else ""
    return Came(envelope.message_id or 0, str(envelope.raw["original"]["sha256"]), not claimed.startswith(UNPROVEN))
