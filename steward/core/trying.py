"""Trying something out in the database and leaving no trace of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from psycopg.pq import ExecStatus


@contextmanager
def without_trace() -> Iterator[None]:
    """Take back all that is written inside; what was written before it stays.

    Nothing inside may create or drop a table. A ROLLBACK that psycopg sees, TO SAVEPOINT too, has the connection forget every
    statement it has prepared, lest one of them means a table that was rolled back; the next hundreds of statements would be
    planned anew. Here the rollback goes by the driver's back, to the library beneath it.
    """
    with transaction.atomic():
        to_follow = list(connection.run_on_commit)
        savepoint = transaction.savepoint()
        try:
            yield
        finally:
            _roll_back_to(savepoint)
            connection.run_on_commit = to_follow


def _roll_back_to(savepoint: str) -> None:
    raw: Any = connection.connection
    name = connection.ops.quote_name(savepoint)
    answer = raw.pgconn.exec_(f"ROLLBACK TO SAVEPOINT {name}; RELEASE SAVEPOINT {name}".encode())
    if answer.status != ExecStatus.COMMAND_OK:
        # The connection is gone, or the savepoint with its transaction: whoever is outside must not go on.
        connection.needs_rollback = True
