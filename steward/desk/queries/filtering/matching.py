"""Asking a filter of one ticket: for automations, whose conditions may be written as the filters of lists are."""

from django.utils.translation import gettext as _

from steward.core.errors import Invalid
from steward.core.rows import first_row
from steward.desk.queries.filtering.conditions import Condition
from steward.desk.queries.filtering.plan import plan
from steward.desk.queries.filtering.reader import Reader
from steward.desk.rules.filters.reading import read_filter
from steward.desk.rules.filters.tree import Problem


def check_filter(text: str) -> None:
    """Go on only when every part of a filter can be read; raises `Invalid` saying what cannot."""
    reading = read_filter(text)
    if reading.problems:
        raise _unreadable(reading.problems[0])
    if not reading.query.terms and not reading.query.texts and not reading.query.numbers:
        raise Invalid(_("This filter asks for nothing."), field="value", hint=_("Write it as in the search of a list."))


def is_found(ticket_id: int, text: str, reader: Reader | None) -> bool:
    """Tell whether a filter finds a ticket as it is now; raises `Invalid` when something the filter names is gone."""
    if reader is None:
        return False
    reading = read_filter(text, kept=True)
    found = plan(reading.query, reader)
    problems = (*reading.problems, *found.problems)
    if problems:
        raise _unreadable(problems[0])
    return _asked(ticket_id, found.conditions)


def _asked(ticket_id: int, conditions: tuple[Condition, ...]) -> bool:
    asked = "".join(f" AND ({one.sql})" for one in conditions)
    values = [value for one in conditions for value in one.values]
    return first_row(f"SELECT 1 FROM desk_ticket t WHERE t.id = %s{asked}", [ticket_id, *values]) is not None  # noqa: S608 -- each condition binds its values


def _unreadable(problem: Problem) -> Invalid:
    return Invalid(problem.message, field="value", values=problem.values, hint=_("Write it as in the search of a list."))
