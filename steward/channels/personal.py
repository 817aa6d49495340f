"""What each column of text of channels holds; a test fails for one that is missing here."""

from steward.core.personal import Holds

PERSONAL: dict[str, Holds] = {
    "Channel.kind": Holds.CODE,
    "Channel.name": Holds.DESK,
    "InboundEnvelope.vendor_event_id": Holds.CODE,
    "InboundEnvelope.raw": Holds.PERSON,
    "InboundEnvelope.problem": Holds.PERSON,
    "Delivery.state": Holds.CODE,
}
