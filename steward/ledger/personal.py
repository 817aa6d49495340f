"""What each column of text of ledger holds; a test fails for one that is missing here."""

from steward.core.personal import Holds

PERSONAL: dict[str, Holds] = {
    "Stream.name": Holds.CODE,
    "Event.stream": Holds.CODE,
    "Event.kind": Holds.CODE,
    "Event.payload": Holds.CODE,
    "Event.actor_kind": Holds.CODE,
    "Event.cause": Holds.CODE,
    "Event.request_id": Holds.CODE,
    "Subscription.name": Holds.CODE,
    "ParkedStream.subscriber": Holds.CODE,
    "ParkedStream.stream": Holds.CODE,
    "ParkedStream.error": Holds.PERSON,
}
