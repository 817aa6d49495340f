"""Finding the tickets of a filter in an order, in bounded steps: flat at a million rows whatever is asked.

The list is walked in windows along the index of its order; where hits are rare, the index of words and marks (or one that a
condition names) is asked for all of them at once. What neither serves stops at a deadline and says how far it looked.
"""

from dataclasses import dataclass, field
from math import inf
from time import monotonic
from typing import Any

from steward.core.pagination import to_token
from steward.core.rows import rows
from steward.desk.queries.filtering.conditions import NEVER, WORKING_ONLY, Condition
from steward.desk.queries.filtering.plan import Plan
from steward.desk.queries.orders import ORDERS, Key, Order

FIRST_WINDOW, LARGEST_WINDOW = 400, 50_000
# So few hits are gathered and sorted faster than a longer walk takes; where a walk has found next to nothing, more are.
MOST_GATHERED, MOST_GATHERED_LATE = 3_000, 12_000
LATE = 8_000
# The texts of so many tickets are read to confirm a phrase before the list says how far it looked.
MOST_CONFIRMED = 400
SECONDS = 0.1
_GROWTH = 4
_FAR_ENOUGH = 8


@dataclass(frozen=True)
class Found:
    """The ids of a page, in order, and where it goes on; `looked_at` is set where the walk stopped before the end."""

    ids: list[int]
    newer: str | None = None
    older: str | None = None
    counted: int = 0
    is_counted_out: bool = True
    looked_at: int | None = None


@dataclass
class _Walk:
    """One walk through a list."""

    plan: Plan
    order: Order
    backwards: bool
    start: Key | None
    need: int
    hits: list[tuple[int, Key]] = field(default_factory=list)
    at: Key | None = None
    seen: int = 0
    counted: int = 0
    is_done: bool = False
    is_counted_out: bool = False

    def inner(self) -> list[Condition]:
        """Choose what the index itself is asked."""
        chosen = [WORKING_ONLY] if self.order.is_of_the_worked else []
        conditions = self.plan.conditions
        chosen += [one for one in conditions if one.drives and one.drives == self.order.bounded_by]
        for beginning in self.order.begins_with:
            if found := next((one for one in conditions if one.drives == beginning), None):
                return [*chosen, found]
        return chosen

    def conditions(self, *, but: list[Condition]) -> list[Condition]:
        """Give what each row is asked: the cheap first, what reads texts last."""
        sight = Condition("t.queue_id = ANY(%s)", (self.plan.reader.queue_ids,))
        return [sight, *sorted((one for one in self.plan.conditions if one not in but), key=_dearness)]


def find(plan: Plan, order_name: str, *, page: str = "", most: int, seconds: float = SECONDS) -> Found:
    """Find a page of tickets; raises `Invalid` for a page token that was cut or made up."""
    order, until = ORDERS[order_name], monotonic() + seconds
    start, backwards = order.read(page) if page else (None, False)
    if not plan.reader.queues or any(one.sql == NEVER.sql for one in plan.conditions):
        return Found([])
    walk = _Walk(plan, order, backwards, start, most + 1, at=start)
    size, tries = FIRST_WINDOW, [(0, FIRST_WINDOW * _FAR_ENOUGH, MOST_GATHERED), (LATE, LATE * _FAR_ENOUGH, MOST_GATHERED_LATE)]
    while True:
        began = monotonic()
        _step(walk, size)
        # Once at the start, and once more when the walk has shown how rare the hits are where they are looked for.
        if not walk.is_done and tries and walk.seen >= tries[0][0]:
            _seen, too_far, limit = tries.pop(0)
            if _rows_to_go(walk) > too_far and _gather(walk, limit):
                break
        if walk.is_done:
            break
        left, took = until - monotonic(), max(monotonic() - began, 0.0005)
        if left <= 0:
            break
        # As much as the time left allows, reckoned from the window before.
        size = max(min(size * _GROWTH, LARGEST_WINDOW, int(size * left / took)), FIRST_WINDOW // 4)
    found = _found(walk, most)
    if backwards and not found.ids and walk.is_done:
        # All that stood before has gone meanwhile: the first page is what there is now.
        return find(plan, order_name, most=most, seconds=seconds)
    return found


def _rows_to_go(walk: _Walk) -> float:
    """Reckon how many more rows have to be looked through, if hits go on as thin as they were."""
    found = len(walk.hits)
    return (walk.need - found) * walk.seen / found if found else inf


def _found(walk: _Walk, most: int) -> Found:
    more = len(walk.hits) > most
    hits = walk.hits[:most]
    stopped = not walk.is_done
    onward = hits[-1][1] if more else walk.at if stopped else None
    first = hits[0][1] if hits else walk.start
    if walk.backwards:
        hits.reverse()
        newer = to_token(onward, backwards=True) if onward else None
        last = hits[-1][1] if hits else walk.start
        older = to_token(last) if last else None
    else:
        newer = to_token(first, backwards=True) if walk.start and first else None
        older = to_token(onward) if onward else None
    looked_at = walk.seen if stopped and not more else None
    return Found([pk for pk, _key in hits], newer, older, walk.counted, walk.is_counted_out, looked_at)


_WINDOW = """
WITH w AS MATERIALIZED (
    SELECT t.id, {keys}, coalesce({hit}, false) AS hit
      FROM (SELECT t.* FROM desk_ticket t WHERE {inner} ORDER BY {order} LIMIT %s) t
)
(SELECT 0, id, {k} FROM w WHERE hit ORDER BY {key_order} LIMIT %s)
UNION ALL (SELECT count(*), count(*) FILTER (WHERE hit), {no_k} FROM w)
UNION ALL (SELECT -1, id, {k} FROM w ORDER BY {key_order_back} LIMIT 1)
"""


def _step(walk: _Walk, size: int) -> None:
    """Look through the next rows of the index."""
    order, inner = walk.order, walk.inner()
    asked = walk.conditions(but=inner)
    if walk.at is not None:
        inner = [*inner, Condition(order.beyond(backwards=walk.backwards), walk.at)]
    sql = _WINDOW.format(
        hit=_all(asked), inner=_all(inner), order=order.sql(backwards=walk.backwards), **_keys(order, backwards=walk.backwards)
    )
    told = rows(sql, [*_values(asked), *_values(inner), size, walk.need - len(walk.hits)])
    seen = next(row for row in told if row[0] >= 0 and row[2] is None)
    last = next((row for row in told if row[0] == -1), None)
    walk.hits += [(row[1], order.key(row[2:])) for row in told if row[0] == 0 and row[2] is not None]
    walk.seen += seen[0]
    walk.counted += seen[1]
    walk.at = order.key(last[2:]) if last else walk.at
    walk.is_done = len(walk.hits) >= walk.need or seen[0] < size
    walk.is_counted_out = walk.start is None and seen[0] < size


_GATHER = """
WITH c AS MATERIALIZED (SELECT id FROM ({source}) c (id) LIMIT %s),
w AS MATERIALIZED (
    SELECT t.id, {keys} FROM (SELECT DISTINCT id FROM c) c JOIN desk_ticket t ON t.id = c.id
     WHERE (SELECT count(*) FROM c) <= %s AND {asked}
)
{page}
UNION ALL (SELECT (SELECT count(*) FROM c), count(*), {no_k} FROM w)
"""
_SORTED = "(SELECT 0, id, {k} FROM w WHERE {beyond} ORDER BY {key_order} LIMIT %s)"
_CONFIRMED = """
(SELECT 0, d.id, {k} FROM (
    SELECT w.*, coalesce({dear}, false) AS hit FROM (SELECT * FROM w WHERE {beyond} ORDER BY {key_order} LIMIT %s) w
      JOIN desk_ticket t ON t.id = w.id) d
  WHERE hit ORDER BY {key_order} LIMIT %s)
UNION ALL (SELECT -1, id, {k} FROM (SELECT * FROM w WHERE {beyond} ORDER BY {key_order} LIMIT %s) e
            ORDER BY {key_order_back} LIMIT 1)
"""


def _gather(walk: _Walk, limit: int) -> bool:
    """Ask the index of words and marks, or the one a condition names, for all hits; tell whether they were few enough."""
    return any(_gathered(walk, limit, source, values) for source, values in _sources(walk))


def _sources(walk: _Walk) -> list[tuple[str, list[Any]]]:
    plan, found = walk.plan, []
    query = " & ".join(f"({one.index})" for one in plan.conditions if one.index)
    found = [(one.ids, list(one.id_values)) for one in plan.conditions if one.ids]
    if query or len(plan.reader.queues) == 1:
        in_sight = " | ".join(f"'q/{queue_id}'" for queue_id in plan.reader.queue_ids)
        query = f"{query} & ({in_sight})" if query else f"({in_sight})"
        found.append(("SELECT ticket_id FROM desk_ticketsearch WHERE document @@ %s::tsquery", [query]))
    return found


def _gathered(walk: _Walk, limit: int, source: str, source_values: list[Any]) -> bool:
    order, asked = walk.order, walk.conditions(but=[])
    by_index = "document @@" in source
    cheap = [one for one in asked if not one.is_dear and not (by_index and one.index_says_all)]
    cheap += [WORKING_ONLY] if order.is_of_the_worked else []
    dear = [one for one in asked if one.is_dear]
    beyond = Condition(order.beyond(backwards=walk.backwards, keys=True), walk.start) if walk.start else Condition("true")
    parts = _keys(order, backwards=walk.backwards) | {"beyond": beyond.sql, "dear": _all(dear) if dear else ""}
    page = (_CONFIRMED if dear else _SORTED).format(**parts)
    sql = _GATHER.format(source=source, asked=_all(cheap), page=page, **parts)
    values = [*source_values, limit + 1, limit, *_values(cheap)]
    if dear:
        values += [*_values(dear), *beyond.values, MOST_CONFIRMED, walk.need, *beyond.values, MOST_CONFIRMED]
    else:
        values += [*beyond.values, walk.need]
    told = rows(sql, values)
    total = next(row for row in told if row[0] >= 0 and row[2] is None)
    if total[0] > limit:
        return False
    walk.hits = [(row[1], order.key(row[2:])) for row in told if row[0] == 0 and row[2] is not None]
    last = next((row for row in told if row[0] == -1), None)
    unread = bool(dear) and total[1] > MOST_CONFIRMED
    walk.seen, walk.counted = (MOST_CONFIRMED, len(walk.hits)) if dear else (total[0], total[1])
    walk.at = order.key(last[2:]) if last else walk.at
    walk.is_done = len(walk.hits) >= walk.need or not unread
    walk.is_counted_out = not dear
    return True


def _keys(order: Order, *, backwards: bool) -> dict[str, str]:
    names = [f"k{place}" for place, _column in enumerate(order.columns, 1)]
    return {
        "keys": order.keys(),
        "k": ", ".join(names),
        "no_k": ", ".join(f"NULL::{'bigint' if kind is int else 'timestamptz'}" for kind in order.kinds),
        "key_order": order.sql(backwards=backwards, keys=True),
        "key_order_back": order.sql(backwards=not backwards, keys=True),
    }


def _dearness(condition: Condition) -> int:
    return 2 if condition.is_dear else 1 if "SELECT" in condition.sql else 0


def _all(conditions: list[Condition]) -> str:
    return " AND ".join(f"({one.sql})" for one in conditions) or "true"


def _values(conditions: list[Condition]) -> list[Any]:
    return [value for one in conditions for value in one.values]
