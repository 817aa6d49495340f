"""A filter made ready to be asked: its conditions, and everything that has to be said about it."""

from dataclasses import dataclass

from steward.core.errors import marked as _
from steward.desk.queries.filtering.conditions import ALL_STATES, Condition, any_of, negated
from steward.desk.queries.filtering.names import Unknown
from steward.desk.queries.filtering.reader import Reader
from steward.desk.queries.filtering.registry import is_known, meaning_of
from steward.desk.queries.filtering.texts import text_conditions
from steward.desk.rules.filters.tree import Number, Problem, Query, Term
from steward.desk.rules.states import WORKING, State


@dataclass(frozen=True)
class Plan:
    """What a list asks of each ticket; `left_out` are the parts that mean nothing to this reader."""

    query: Query
    reader: Reader
    conditions: tuple[Condition, ...]
    problems: tuple[Problem, ...] = ()
    left_out: tuple[Term, ...] = ()

    @property
    def states(self) -> frozenset[State]:
        """Give the states a ticket of this list can be in."""
        found = ALL_STATES
        for condition in self.conditions:
            found &= ALL_STATES if condition.states is None else condition.states
        return found

    @property
    def is_worked(self) -> bool:
        """Tell whether only what is being worked can be in this list, so that it has due times to sort by."""
        return self.states <= WORKING

    @property
    def has_words(self) -> bool:
        """Tell whether texts are searched."""
        return bool(self.query.texts)


def plan(query: Query, reader: Reader) -> Plan:
    """Look up what a filter names, for one reader; what cannot be found is left out and said."""
    conditions, problems = text_conditions(query.texts)
    left_out: list[Term] = []
    for term in query.terms:
        condition, unknown = _condition(term, reader)
        problems += unknown
        if condition is None:
            left_out.append(term)
        else:
            conditions.append(condition)
    conditions += _numbers(query.numbers)
    return Plan(query, reader, tuple(conditions), tuple(problems), tuple(left_out))


def _condition(term: Term, reader: Reader) -> tuple[Condition | None, list[Problem]]:
    if not is_known(term.operator):
        return None, [
            Problem(_("“%(name)s:” is no longer an operator of this desk; this part was left out."), {"name": term.operator})
        ]
    found, unknown = [], []
    for value in term.values:
        try:
            found.append(meaning_of(term.operator, value, reader))
        except Unknown as error:
            unknown.append(error.problem)
    if not found:
        return None, unknown
    condition = any_of(found)
    return negated(condition) if term.negated else condition, unknown


def _numbers(numbers: tuple[Number, ...]) -> list[Condition]:
    wanted = [number.number for number in numbers if not number.negated]
    refused = [number.number for number in numbers if number.negated]
    found = []
    if wanted:
        found.append(Condition("t.id = ANY(%s)", (wanted,), ids="SELECT unnest(%s::bigint[])", id_values=(wanted,)))
    if refused:
        found.append(Condition("t.id <> ALL(%s)", (refused,)))
    return found
