"""Counting what a filter finds, up to a hundred and no longer than a moment: for the numbers beside views."""

from collections.abc import Mapping
from typing import Any

from django.db import OperationalError, connection, transaction

from steward.desk.queries.filtering.conditions import Condition
from steward.desk.queries.filtering.plan import Plan

MOST = 100
MILLISECONDS = 150

_ONE = "SELECT %s, (SELECT count(*) FROM (SELECT 1 FROM {source} WHERE {asked} LIMIT %s) found)"


def count_up_to(plans: Mapping[str, Plan], *, most: int = MOST) -> dict[str, int]:
    """Count what each filter finds, `most` at the most, in one query; nothing where that takes too long."""
    if not plans:
        return {}
    parts, values = [], []
    for key, plan in plans.items():
        source, asked = _source(plan)
        parts.append(_ONE.format(source=source, asked=" AND ".join(f"({one.sql})" for one in asked)))
        values += [key, *(value for one in asked for value in one.values), most]
    try:
        # A transaction of its own, or a savepoint of the one that is open: the limit ends with it.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout')")
            before = cursor.fetchone()[0]
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(MILLISECONDS)])
            cursor.execute(" UNION ALL ".join(parts), values)
            found = {str(key): int(count) for key, count in cursor.fetchall()}
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])
            return found
    except OperationalError:
        return {}


def _source(plan: Plan) -> tuple[str, list[Any]]:
    # What few tickets can be is named as such, so that the planner may begin with those; what each row is asked stays beside it.
    few = [Condition(f"t.id IN ({one.ids})", one.id_values) for one in plan.conditions if one.ids]
    asked = [Condition("t.queue_id = ANY(%s)", (plan.reader.queue_ids,)), *few, *plan.conditions]
    index = " & ".join(f"({one.index})" for one in plan.conditions if one.index)
    if not index:
        return "desk_ticket t", asked
    found = Condition("s.document @@ %s::tsquery", (index,))
    return "desk_ticketsearch s JOIN desk_ticket t ON t.id = s.ticket_id", [found, *asked]
