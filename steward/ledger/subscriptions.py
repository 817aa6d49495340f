"""Who follows the ledger, and who checks it: filled once at start by the packages above, which the ledger never names."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from steward.core.facts import Fact
from steward.ledger.models import Event

Handler = Callable[[Event, Any], None]
Check = Callable[[], Iterable[str]]
H = TypeVar("H", bound=Handler)


@dataclass
class Subscriber:
    """A named follower: for each kind of fact, what it does on hearing it.

    `is_covered` tells of an event and the next one of its stream whether hearing the second alone does all that both would.
    """

    name: str
    handlers: dict[str, Handler] = field(default_factory=dict)
    is_covered: Callable[[Event, Event], bool] | None = None


_subscribers: dict[str, Subscriber] = {}
_checks: dict[str, Check] = {}


def subscribe(name: str, *facts: type[Fact]) -> Callable[[H], H]:
    """Mark a function as what the subscriber `name` does for these facts.

    It is called once per event, in order within a stream, as `handler(event, fact)`, inside the
    transaction that also moves the subscriber on; it takes its time from `event.occurred_at`.
    """

    def mark(handler: H) -> H:
        subscriber = _subscribers.setdefault(name, Subscriber(name))
        for fact in facts:
            if subscriber.handlers.setdefault(fact.kind, handler) is not handler:
                raise TypeError(f"subscriber {name!r} has two handlers for {fact.kind!r}")
        return handler

    return mark


def skip_covered(name: str, is_covered: Callable[[Event, Event], bool]) -> None:
    """Spare a subscriber the events that the next of their stream covers, where both come in one batch."""
    _subscribers.setdefault(name, Subscriber(name)).is_covered = is_covered


def subscribers() -> dict[str, Subscriber]:
    """Give every subscriber by name."""
    return dict(_subscribers)


def register_check(name: str, check: Check) -> None:
    """Have `steward verify` run a check: it yields a sentence for each thing that is not as the ledger says."""
    _checks[name] = check


def checks() -> dict[str, Check]:
    """Give every registered check by name."""
    return dict(_checks)
