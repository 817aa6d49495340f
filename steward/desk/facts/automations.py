"""What happens to automations; what they do to tickets is told on the tickets' streams, with the version as the cause."""

from dataclasses import dataclass, field

from steward.core.facts import Fact
from steward.desk.facts.settings import Changes


@dataclass(frozen=True, kw_only=True)
class AutomationFact(Fact, subject="automation"):
    """The base of the facts about one automation."""

    automation_id: int


@dataclass(frozen=True, kw_only=True)
class AutomationCreated(AutomationFact, kind="desk.automation_created"):
    """An automation was made; it is off."""

    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AutomationChanged(AutomationFact, kind="desk.automation_changed"):
    """An automation was renamed, moved in the order, put away or taken into use."""

    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AutomationVersionPublished(AutomationFact, kind="desk.automation_version_published"):
    """What an automation is to do was written down anew; it does so once this version is switched on."""

    version: int


@dataclass(frozen=True, kw_only=True)
class AutomationTried(AutomationFact, kind="desk.automation_tried"):
    """A version was tried on last week's tickets, without changing any; `matched` times it would have acted."""

    version: int
    matched: int


@dataclass(frozen=True, kw_only=True)
class AutomationSwitchedOn(AutomationFact, kind="desk.automation_switched_on"):
    """A version acts from now on, in the place of any other."""

    version: int


@dataclass(frozen=True, kw_only=True)
class AutomationSwitchedOff(AutomationFact, kind="desk.automation_switched_off"):
    """An automation acts no more, on somebody's word."""

    version: int


@dataclass(frozen=True, kw_only=True)
class AutomationParked(AutomationFact, kind="desk.automation_parked"):
    """An automation stopped by itself; `why` is loop, limit, broken, error or owner."""

    version: int
    why: str
    ticket_id: int | None = None
