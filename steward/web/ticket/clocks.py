"""The promises on one ticket: where each clock stands, and the stretches it ran and stood still."""

from dataclasses import dataclass, field
from datetime import datetime

from steward.sla.queries import ClockView, clocks_of, intervals_of
from steward.sla.rules.kinds import ACTIVE
from steward.web.shared.clocks import Chip, chip
from steward.web.ticket.wording import reason_words


@dataclass(frozen=True)
class Stretch:
    """A time in which a clock ran, or stood still and why."""

    since: datetime
    until: datetime | None
    running: bool
    why: str


@dataclass
class Shown:
    """A clock as drawn."""

    clock: ClockView
    chip: Chip
    active: bool
    stretches: list[Stretch] = field(default_factory=list)


def shown_clocks(ticket_id: int, *, at: datetime) -> list[Shown]:
    """Give every clock of a ticket, the active ones first, in two queries."""
    found = {clock.clock_id: _shown(clock, at) for clock in clocks_of(ticket_id, at=at)}
    for one in intervals_of(ticket_id) if found else ():
        found[one.clock_id].stretches.append(Stretch(one.started_at, one.ended_at, one.running, reason_words(one.reason)))
    return sorted(found.values(), key=lambda shown: (not shown.active, shown.clock.clock_id))


def _shown(clock: ClockView, at: datetime) -> Shown:
    drawn = chip(
        clock.kind, clock.state, clock.due_at, clock.warned_at, reason_words(clock.reason), breached=clock.is_breached, at=at
    )
    return Shown(clock, drawn, clock.state in ACTIVE)
