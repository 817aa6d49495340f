"""The desk's own operators as conditions."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from steward.desk.queries.filtering import names
from steward.desk.queries.filtering.conditions import NEVER, WORKING_ONLY, Condition, all_of, in_states, lexeme, mark, one_of
from steward.desk.queries.filtering.reader import Reader
from steward.desk.queries.filtering.registry import register_meaning
from steward.desk.rules.filters.dates import stretch, whole_day
from steward.desk.rules.filters.known import STATES
from steward.desk.rules.filters.tree import Choice, Named, Value
from steward.desk.rules.states import State

SOON = timedelta(hours=1)
_OURS = (State.NEW, State.OPEN)
_UNANSWERED = Condition("t.last_requester_message_at >= t.last_message_at")
_DUE = "coalesce(t.due_at, '9999-12-31T00:00:00Z'::timestamptz)"


def _probe(source: str, *, none: bool = False) -> str:
    # A subquery with a limit is looked up for each row; an EXISTS may be answered by reading a whole table of messages.
    return f"(SELECT true {source} LIMIT 1) IS {'NULL' if none else 'TRUE'}"


def _mine(reader: Reader) -> Condition:
    return one_of("t.assignee_id", "a", [reader.user_id], drives="assignee") if reader.user_id is not None else NEVER


def _nobody() -> Condition:
    return Condition(
        "t.assignee_id IS NULL", index=mark("a", 0), tells=lambda _queue_id, _state, assignee_id, _asleep: assignee_id is None
    )


def _due(low: object, high: object) -> Condition:
    bounds = "" if low is None else f"{_DUE} >= %s AND "
    values = tuple(value for value in (low, high) if value is not None)
    sql = f"{bounds}{_DUE} < %s"
    found = f"SELECT t.id FROM desk_ticket t WHERE {WORKING_ONLY.sql} AND {sql} ORDER BY {_DUE}"  # noqa: S608 -- of constants
    return all_of(WORKING_ONLY, Condition(sql, values, ids=found, id_values=values))


_ASLEEP = Condition(
    "t.snoozing = 'asleep'",
    index=mark("z", "asleep"),
    ids="SELECT t.id FROM desk_ticket t WHERE t.snoozing = 'asleep'",
    tells=lambda _queue_id, _state, _assignee_id, asleep: asleep,
)


def _state(key: str) -> Callable[[Reader], Condition]:
    condition = in_states(State(key.replace("-", "_")))
    return lambda _reader: condition


_IS: dict[str, Callable[[Reader], Condition]] = {
    **{key: _state(key) for key in STATES},
    "working": lambda _reader: WORKING_ONLY,
    "waiting": lambda _reader: in_states(State.PENDING, State.ON_HOLD),
    "unanswered": lambda _reader: all_of(WORKING_ONLY, _UNANSWERED),
    "unassigned": lambda _reader: _nobody(),
    "mine": _mine,
    "snoozed": lambda _reader: _ASLEEP,
    "restricted": lambda reader: one_of("t.queue_id", "q", [queue.pk for queue in reader.queues if queue.restricted]),
    "overdue": lambda reader: _due(None, reader.at),
    "breached-soon": lambda reader: _due(reader.at, reader.at + SOON),
}
_HAS = {
    "attachment": Condition(
        _probe("FROM desk_message m JOIN desk_attachment a ON a.message_id = m.id WHERE m.ticket_id = t.id"),
        ids="SELECT m.ticket_id FROM desk_attachment a JOIN desk_message m ON m.id = a.message_id",
    ),
    "note": Condition(
        _probe("FROM desk_message m WHERE m.ticket_id = t.id AND m.kind = 'note'"),
        ids="SELECT m.ticket_id FROM desk_message m WHERE m.kind = 'note'",
    ),
    "follow-up": Condition(
        _probe("FROM desk_followup f WHERE f.ticket_id = t.id AND f.done_at IS NULL"),
        ids="SELECT f.ticket_id FROM desk_followup f WHERE f.done_at IS NULL",
    ),
    "link": Condition(
        _probe("FROM desk_link k WHERE (k.from_ticket_id = t.id OR k.to_ticket_id = t.id) AND k.removed_at IS NULL"),
        ids="SELECT unnest(ARRAY[k.from_ticket_id, k.to_ticket_id]) FROM desk_link k WHERE k.removed_at IS NULL",
    ),
    "tag": Condition(_probe("FROM desk_tickettag tt WHERE tt.ticket_id = t.id"), index="'t/':*"),
    "category": Condition("t.category_id IS NOT NULL"),
    "due": Condition("t.due_at IS NOT NULL"),
}
_PRIORITIES = {"urgent": 1, "high": 2, "normal": 3, "low": 4}


def _is(value: Value, reader: Reader) -> Condition:
    return _IS[_key(value)](reader)


def _waiting(value: Value, reader: Reader) -> Condition:
    key = _key(value)
    if key == "me":
        return all_of(in_states(*_OURS), _UNANSWERED, _mine(reader))
    if key == "us":
        return in_states(*_OURS)
    if key == "requester":
        return in_states(State.PENDING)
    known = ("engineering", "vendor", "internal", "scheduled")
    on_hold = in_states(State.ON_HOLD)
    if key == "other":
        return all_of(on_hold, Condition("t.waiting_reason <> ALL(%s)", (list(known),)))
    return all_of(on_hold, Condition("t.waiting_reason = %s", (key,), index=mark("w", key)))


def _assignee(value: Value, reader: Reader) -> Condition:
    if isinstance(value, Choice):
        return _mine(reader) if value.key == "me" else _nobody()
    return one_of("t.assignee_id", "a", names.users(value, reader), drives="assignee")


def _tag(value: Value, reader: Reader) -> Condition:
    if isinstance(value, Choice):
        return Condition(_probe("FROM desk_tickettag tt WHERE tt.ticket_id = t.id", none=True))
    ids = names.tags(value, reader)
    return Condition(
        _probe("FROM desk_tickettag tt WHERE tt.ticket_id = t.id AND tt.tag_id = ANY(%s)"),
        (ids,),
        index=" | ".join(mark("t", one) for one in ids),
    )


def _category(value: Value, reader: Reader) -> Condition:
    if isinstance(value, Choice):
        return Condition("t.category_id IS NULL", index=mark("c", 0))
    return one_of("t.category_id", "c", names.categories(value, reader))


def _lang(value: Value, _reader: Reader) -> Condition:
    text = _text(value).lower()[:40]
    return Condition(
        "(lower(t.language) = %s OR starts_with(lower(t.language), %s))",
        (text, f"{text}-"),
        index=f"{mark('l', text)} | {lexeme(f'l/{text}-', beginning=True)}",
    )


def _of_requester(column: str, value: Value, _reader: Reader) -> Condition:
    called = f"lower(r.{column}) = lower(%s)"
    return Condition(
        _probe(f"FROM people_requester r WHERE r.id = t.requester_id AND {called}"),
        (_text(value),),
        ids=f"SELECT t.id FROM people_requester r JOIN desk_ticket t ON t.requester_id = r.id WHERE {called}",  # noqa: S608 -- of constants
        id_values=(_text(value),),
    )


def _dated(column: str, way: str, drives: str, value: Value, reader: Reader) -> Condition:
    begin, end = stretch(value, zone=reader.zone, at=reader.at)
    if way == "on":
        begin, end = whole_day(value, zone=reader.zone, at=reader.at)
    sql = {"before": f"{column} < %s", "after": f"{column} >= %s", "on": f"{column} >= %s AND {column} < %s"}[way]
    values = (begin, end) if way == "on" else (begin,)
    # Only what has an index can be listed by it.
    ids = f"SELECT t.id FROM desk_ticket t WHERE {sql} ORDER BY {column}" if drives else ""  # noqa: S608 -- of constants
    return Condition(sql, values, ids=ids, id_values=values if ids else (), drives=drives)


def _key(value: Value) -> str:
    return value.key if isinstance(value, Choice) else ""


def _text(value: Value) -> str:
    return value.text if isinstance(value, Named) else ""


def register() -> None:
    """Say what the desk's operators mean; done once, when this is imported."""
    register_meaning("is", _is)
    register_meaning("in", lambda value, reader: one_of("t.queue_id", "q", names.queues(value, reader), drives="queue"))
    register_meaning("from", lambda value, reader: one_of("t.requester_id", "r", names.requesters(value, reader)))
    register_meaning("assignee", _assignee)
    register_meaning("tag", _tag)
    register_meaning("category", _category)
    register_meaning("priority", lambda value, _reader: one_of("t.priority", "p", [_PRIORITIES[_key(value)]]))
    register_meaning("waiting", _waiting)
    register_meaning("has", lambda value, _reader: _HAS[_key(value)])
    register_meaning("team", partial(_of_requester, "team"))
    register_meaning("market", partial(_of_requester, "market"))
    register_meaning("lang", _lang)
    register_meaning("channel", lambda value, _reader: Condition("t.channel = %s", (_key(value),), index=mark("v", _key(value))))
    for prefix, column, drives in (
        ("", "t.created_at", "created"),
        ("updated-", "t.updated_at", "updated"),
        ("due-", "t.due_at", ""),
        ("solved-", "t.solved_at", ""),
    ):
        for way in ("before", "after", "on"):
            register_meaning(f"{prefix}{way}", partial(_dated, column, way, drives))


register()
