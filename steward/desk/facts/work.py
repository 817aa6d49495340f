"""How tickets are worked over the day: put out of sight for a while, handed over at the end of a shift, and for how long."""

from dataclasses import dataclass
from datetime import datetime

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
