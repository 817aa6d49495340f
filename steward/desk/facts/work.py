"""How tickets are worked over the day: put out of sight for a while, handed over at the end of a shift, and for how long."""

from dataclasses import dataclass
from datetime import datetime

from steward.core.facts import Fact
from steward.desk.facts.ticket import TicketFact


@dataclass(frozen=True, kw_only=True)
class TicketSnoozed(TicketFact, kind="desk.ticket_snoozed"):
    """The ticket left its owner's lists; `until` is time, shift or reply, and a reply wakes it in any case."""

    snooze_id: int
    user_id: int
    until: str
    until_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class SnoozeMoved(TicketFact, kind="desk.snooze_moved"):
    """The owner's next shift begins at another instant, and the snooze ends then."""

    snooze_id: int
    until_at: datetime


@dataclass(frozen=True, kw_only=True)
class SnoozeEnded(TicketFact, kind="desk.snooze_ended"):
    """The ticket is in the lists again; `ended_as` is time, reply, by_hand, moved or over."""

    snooze_id: int
    ended_as: str
    until: str
    until_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ReturnSeen(TicketFact, kind="desk.return_seen"):
    """The owner has seen that the ticket is back, and it takes its ordinary place."""

    snooze_id: int


@dataclass(frozen=True, kw_only=True)
class TicketHandedOver(TicketFact, kind="desk.ticket_handed_over"):
    """The ticket was part of a handover at the end of a shift; `choice` is kept, passed or parked."""

    handover_id: int
    user_id: int
    choice: str
    to_user_id: int | None = None
    to_queue_id: int | None = None
    until_at: datetime | None = None
    has_note: bool = False


@dataclass(frozen=True, kw_only=True)
class HandoverGiven(Fact, kind="desk.handover_given", subject="handover"):
    """Somebody's tickets were handed over at the end of their shift, by themselves or by a lead."""

    handover_id: int
    user_id: int
    shift_id: int | None = None
    kept: int = 0
    passed: int = 0
    parked: int = 0


@dataclass(frozen=True, kw_only=True)
class HandoverRead(Fact, kind="desk.handover_read", subject="handover"):
    """Somebody who came after has read a handover."""

    handover_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class TicketHandled(TicketFact, kind="desk.ticket_handled"):
    """Somebody had the ticket in hand for a stretch of time: open before them, and active."""

    handling_id: int
    user_id: int
    seconds: int
    started_at: datetime
    ended_at: datetime


@dataclass(frozen=True, kw_only=True)
class HandlingCorrected(TicketFact, kind="desk.handling_corrected"):
    """A stretch counts otherwise than it was measured; the reason is kept beside its row."""

    handling_id: int
    user_id: int
    old: int
    new: int
