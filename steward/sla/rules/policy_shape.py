"""The shape in which a policy is written and stored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from steward.desk.rules.states import Priority, State
from steward.sla.rules.kinds import ClockKind
from steward.sla.rules.matching import CONDITIONS
from steward.sla.rules.posture import DEFAULT_PAUSE_ON

MAX_CHOICES = 200
MAX_WORD = 100
SHORTEST_TARGET = 60
LONGEST_TARGET = 366 * 86_400
_MAY_PAUSE_ON = (State.PENDING, State.ON_HOLD, State.SOLVED)


class Fault(StrEnum):
    """What can be wrong with a policy as it was written."""

    CONDITION = "condition"
    KIND = "kind"
    PRIORITY = "priority"
    TARGET = "target"
    EMPTY = "empty"
    WARN_AT = "warn_at"
    PAUSE_ON = "pause_on"


class BadPolicy(ValueError):
    """A policy that cannot be read: which fault, in which field, and the value at fault."""

    def __init__(self, fault: Fault, *, field: str, value: object = "") -> None:
        super().__init__(f"{field}: {fault.value}: {value}")
        self.fault = fault
        self.field = field
        self.value = str(value)[:60]


@dataclass(frozen=True)
class Promises:
    """A policy's parts in their stored form."""

    conditions: dict[str, list[Any]]
    targets: dict[str, dict[str, int]]
    warn_at: float | None
    pause_on: dict[str, list[str]]


def parse_promises(conditions: object, targets: object, warn_at: object, pause_on: object) -> Promises:
    """Read a policy as people and forms write it; raises BadPolicy for the first thing that cannot be meant.

    `conditions` maps each of CONDITIONS to a list; `targets` maps each kind of clock to seconds of business time by
    priority; `warn_at` is the share of the target after which to warn, None for never; `pause_on` maps each kind of
    clock to states, or `state:reason`, in which it stands still.
    """
    return Promises(_conditions(conditions), _targets(targets), _warn_at(warn_at), _pause_on(pause_on))


def _conditions(value: object) -> dict[str, list[Any]]:
    read: dict[str, list[Any]] = {}
    for name, wanted in _mapping(value, Fault.CONDITION, "conditions").items():
        if name not in CONDITIONS or not isinstance(wanted, list | tuple) or len(wanted) > MAX_CHOICES:
            raise BadPolicy(Fault.CONDITION, field="conditions", value=name)
        is_word = name in {"channels", "markets", "teams"}
        if not all(_is_word(item) if is_word else type(item) is int and item > 0 for item in wanted):
            raise BadPolicy(Fault.CONDITION, field="conditions", value=name)
        if name == "priorities" and not set(wanted) <= set(Priority):
            raise BadPolicy(Fault.PRIORITY, field="conditions", value=wanted)
        if wanted:
            read[name] = sorted(set(wanted))
    return read


def _is_word(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_WORD and "\x00" not in value


def _targets(value: object) -> dict[str, dict[str, int]]:
    read: dict[str, dict[str, int]] = {}
    for kind, by_priority in _mapping(value, Fault.KIND, "targets").items():
        _check_kind(kind, "targets")
        seconds = {str(priority): wanted for priority, wanted in _mapping(by_priority, Fault.TARGET, "targets").items()}
        if not set(seconds) <= {str(priority.value) for priority in Priority}:
            raise BadPolicy(Fault.PRIORITY, field="targets", value=sorted(seconds))
        for wanted in seconds.values():
            if type(wanted) is not int or not SHORTEST_TARGET <= wanted <= LONGEST_TARGET:
                raise BadPolicy(Fault.TARGET, field="targets", value=wanted)
        if seconds:
            read[kind] = dict(sorted(seconds.items()))
    if not read:
        raise BadPolicy(Fault.EMPTY, field="targets")
    return read


def _warn_at(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1:
        raise BadPolicy(Fault.WARN_AT, field="warn_at", value=value)
    return float(value)


def _pause_on(value: object) -> dict[str, list[str]]:
    read = {kind: list(states) for kind, states in DEFAULT_PAUSE_ON.items()}
    given = {} if value is None else _mapping(value, Fault.PAUSE_ON, "pause_on")
    for kind, states in given.items():
        _check_kind(kind, "pause_on")
        if not isinstance(states, list | tuple) or not all(map(_may_pause_on(kind), states)):
            raise BadPolicy(Fault.PAUSE_ON, field="pause_on", value=states)
        read[kind] = sorted(set(states))
    return read


def _may_pause_on(kind: str) -> Callable[[object], bool]:
    # Solving is what ends a resolution clock, so it cannot also make it stand still.
    allowed = {state.value for state in _MAY_PAUSE_ON if kind != ClockKind.RESOLUTION or state != State.SOLVED}

    def may(state: object) -> bool:
        return isinstance(state, str) and len(state) <= MAX_WORD and state.partition(":")[0] in allowed

    return may


def _check_kind(kind: object, field: str) -> None:
    if kind not in set(ClockKind):
        raise BadPolicy(Fault.KIND, field=field, value=kind)


def _mapping(value: object, fault: Fault, field: str) -> Mapping[Any, Any]:
    if not isinstance(value, Mapping):
        raise BadPolicy(fault, field=field, value=value)
    return value
