"""Recording what happened, in the transaction in which it happened."""

from datetime import datetime
from typing import Any, Protocol

from django.db import connection
from psycopg.types.json import Jsonb

from steward.core.facts import Fact


class Originator(Protocol):
    """Whoever did it, as far as the ledger wants to know."""

    @property
    def kind(self) -> str:
        """Name what kind of actor it is, such as agent or rule."""

    @property
    def id(self) -> int | None:
        """Give the person's id, or None for the system."""

    @property
    def cause(self) -> str:
        """Name what made them do it, such as `macro:12`."""

    @property
    def request_id(self) -> str:
        """Give the id of the web request or job."""


_INSERT = """
INSERT INTO ledger_event (stream, kind, payload, actor_kind, actor_id, cause, request_id, occurred_at)
VALUES {rows}
"""
_ROW = "(%s, %s, %s, %s, %s, %s, %s, %s)"


class OutsideTransaction(RuntimeError):
    """A fact was to be recorded without the transaction that makes it true."""


def record(*facts: Fact, by: Originator, at: datetime) -> None:
    """Append facts to their streams, in the order given, within the caller's transaction.

    The stream's row stays locked until that transaction ends; lock the subject's own row first.
    Raises `OutsideTransaction` when there is none, since a fact must vanish with what it tells of.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(f"{', '.join(f.kind for f in facts)} recorded outside a transaction")
    if not facts:
        return
    values: list[Any] = []
    for fact in facts:
        values += [
            fact.stream,
            fact.kind,
            Jsonb(fact.dump()),
            str(by.kind),
            by.id,
            by.cause,
            by.request_id,
            at,
        ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT.format(rows=", ".join([_ROW] * len(facts))), values)
