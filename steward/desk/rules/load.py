"""How much a ticket weighs: the product of what its priority, category, channel and state weigh, in percent of an ordinary one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

ORDINARY = 100
MOST_PERCENT = 1_000
# What a desk that has set nothing weighs by. What waits for others, or sleeps, weighs little or nothing.
PRIORITIES: Mapping[int, int] = MappingProxyType({1: 200, 2: 150, 3: 100, 4: 75})
STATES: Mapping[str, int] = MappingProxyType({"new": 100, "open": 100, "pending": 25, "on_hold": 0, "snoozed": 0})


@dataclass(frozen=True)
class InHand:
    """Tickets in one agent's hands that weigh the same: how many, and what decides their weight."""

    priority: int
    category_id: int | None
    channel: str
    state: str
    asleep: bool
    count: int = 1


@dataclass(frozen=True)
class Weights:
    """What this desk weighs by, where it differs from the rules; a category of no weight of its own weighs as its parent."""

    priorities: Mapping[int, int] = field(default_factory=dict)
    channels: Mapping[str, int] = field(default_factory=dict)
    states: Mapping[str, int] = field(default_factory=dict)
    categories: Mapping[int, int] = field(default_factory=dict)

    def of_priority(self, priority: int) -> int:
        """Give what a priority weighs."""
        return self.priorities.get(priority, PRIORITIES.get(priority, ORDINARY))

    def of_channel(self, channel: str) -> int:
        """Give what a channel weighs."""
        return self.channels.get(channel, ORDINARY)

    def of_state(self, state: str) -> int:
        """Give what a state weighs; `snoozed` counts as one."""
        return self.states.get(state, STATES.get(state, ORDINARY))

    def of_category(self, category_id: int | None) -> int:
        """Give what a category weighs."""
        return self.categories.get(category_id or 0, ORDINARY)


def weight_of(ticket: InHand, weights: Weights) -> float:
    """Give how much one of these tickets weighs, 1.0 being an ordinary one."""
    state = "snoozed" if ticket.asleep else ticket.state
    parts = (
        weights.of_priority(ticket.priority),
        weights.of_category(ticket.category_id),
        weights.of_channel(ticket.channel),
        weights.of_state(state),
    )
    product = 1.0
    for part in parts:
        product *= part / ORDINARY
    return product


def load_of(tickets: Iterable[InHand], weights: Weights) -> float:
    """Give how much these tickets weigh together, to the hundredth."""
    return round(sum(weight_of(ticket, weights) * ticket.count for ticket in tickets), 2)
