"""A condition on a ticket, in the two ways it can be asked: of each row, and of the index of words and marks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from steward.desk.rules.states import WORKING, State

Tells = Callable[[int, str, int | None, bool], bool]


@dataclass(frozen=True)
class Condition:
    """What a ticket must be.

    `sql` is asked of a row `t` of `desk_ticket`. `index` is a tsquery that finds at least those tickets, for the
    index of words and marks; `ids` a statement that gives at least their ids, where an index of its own serves it.
    `states` are the only ones it can be in. `drives` names the key an index of the lists starts with (`assignee`,
    `queue`, `state`) when the condition is one value of it, or the column (`created`, `updated`, `due`) that it bounds.
    `tells` answers from what the counting table knows of a ticket: queue, state, owner, asleep; it asks for no other
    owners than `owners`, so that all others may count as one.
    `index_says_all` when the index alone knows; `is_dear` marks what reads texts.
    """

    sql: str
    values: tuple[Any, ...] = ()
    index: str = ""
    ids: str = ""
    id_values: tuple[Any, ...] = ()
    states: frozenset[State] | None = None
    drives: str = ""
    tells: Tells | None = None
    owners: frozenset[int] = frozenset()
    index_says_all: bool = False
    is_dear: bool = False


NEVER = Condition("false", tells=lambda _queue_id, _state, _assignee_id, _asleep: False)
ALL_STATES = frozenset(State)


def mark(letter: str, value: object) -> str:
    """Write a mark as a tsquery."""
    return lexeme(f"{letter}/{value}")


def lexeme(word: str, *, beginning: bool = False) -> str:
    """Write one word as a tsquery, whatever stands in it."""
    quoted = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}'" + (":*" if beginning else "")


def _any_of(queries: Iterable[str]) -> str:
    parts = list(queries)
    return parts[0] if len(parts) == 1 else "(" + " | ".join(parts) + ")"


def in_states(*states: State) -> Condition:
    """Ask for one of some states."""
    # Written out, not bound: only so can the planner use the partial indexes over the working states.
    listed = ", ".join(f"'{state.value}'" for state in sorted(states))
    index = _any_of(mark("s", state.value) for state in sorted(states))
    wanted = frozenset(state.value for state in states)
    return Condition(
        f"t.state IN ({listed})",
        index=index,
        states=frozenset(states),
        drives="state" if len(states) == 1 else "",
        tells=lambda _queue_id, state, _assignee_id, _asleep: state in wanted,
    )


WORKING_ONLY = in_states(*WORKING)


def one_of(column: str, letter: str, ids: Iterable[int], *, drives: str = "") -> Condition:
    """Ask for one of some rows in a column that has a mark."""
    wanted = sorted(set(ids))
    if not wanted:
        return NEVER
    index, tells = _any_of(mark(letter, one) for one in wanted), _TELLS.get(letter)
    told, owners = tells(frozenset(wanted)) if tells else None, frozenset(wanted if letter == "a" else ())
    if len(wanted) == 1:
        return Condition(f"{column} = %s", (wanted[0],), index=index, drives=drives, tells=told, owners=owners)
    return Condition(f"{column} = ANY(%s)", (wanted,), index=index, tells=told, owners=owners)


_TELLS: dict[str, Callable[[frozenset[int]], Tells]] = {
    "q": lambda wanted: lambda queue_id, _state, _assignee_id, _asleep: queue_id in wanted,
    "a": lambda wanted: lambda _queue_id, _state, assignee_id, _asleep: assignee_id in wanted,
}


def any_of(conditions: Iterable[Condition]) -> Condition:
    """Ask that one of some conditions holds."""
    parts = list(conditions)
    if len(parts) == 1:
        return parts[0]
    states = frozenset[State]()
    for part in parts:
        states |= ALL_STATES if part.states is None else part.states
    indexed, listed = all(part.index for part in parts), all(part.ids for part in parts)
    told = [part.tells for part in parts if part.tells]
    return Condition(
        "(" + " OR ".join(f"({part.sql})" for part in parts) + ")",
        tuple(value for part in parts for value in part.values),
        index=_any_of(part.index for part in parts) if indexed else "",
        ids=" UNION ALL ".join(f"({part.ids})" for part in parts) if listed else "",
        id_values=tuple(value for part in parts for value in part.id_values) if listed else (),
        states=None if states == ALL_STATES else states,
        tells=(lambda *row: any(tells(*row) for tells in told)) if len(told) == len(parts) else None,
        owners=_owners(parts),
        is_dear=any(part.is_dear for part in parts),
    )


def all_of(*parts: Condition) -> Condition:
    """Ask that several conditions hold at once."""
    listed = next((part for part in parts if part.ids), None)
    told = [part.tells for part in parts if part.tells]
    states = ALL_STATES
    for part in parts:
        states &= ALL_STATES if part.states is None else part.states
    return Condition(
        " AND ".join(f"({part.sql})" for part in parts),
        tuple(value for part in parts for value in part.values),
        index=" & ".join(f"({part.index})" for part in parts if part.index),
        ids=listed.ids if listed else "",
        id_values=listed.id_values if listed else (),
        states=None if states == ALL_STATES else states,
        tells=(lambda *row: all(tells(*row) for tells in told)) if len(told) == len(parts) else None,
        owners=_owners(parts),
        is_dear=any(part.is_dear for part in parts),
    )


def negated(part: Condition) -> Condition:
    """Ask for the contrary; where nothing is known the contrary holds."""
    states = None
    if part.states is not None and part.sql.startswith("t.state IN "):
        states = ALL_STATES - part.states
    tells = part.tells
    return Condition(
        f"({part.sql}) IS NOT TRUE",
        part.values,
        states=states,
        tells=(lambda *row: not tells(*row)) if tells else None,
        owners=part.owners,
        is_dear=part.is_dear,
    )


def _owners(parts: Iterable[Condition]) -> frozenset[int]:
    return frozenset[int]().union(*(part.owners for part in parts))
