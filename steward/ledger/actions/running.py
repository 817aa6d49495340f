"""The loop a worker process runs: woken by NOTIFY, never trusting it, following every subscriber."""

import logging
from contextlib import suppress
from threading import Event as Flag
from typing import cast

import psycopg
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from steward.ledger.actions.following import FENCE_SECONDS, Horizon, enroll, follow, pass_over

log = logging.getLogger(__name__)

CHANNEL = "steward_ledger"
# Without a wake-up the tables are read anyway: a notification can be lost with a connection.
IDLE_SECONDS = 1.0
RETRY_SECONDS = 1.0


def run_follower(stop: Flag) -> None:
    """Follow the ledger for every subscriber until `stop` is set; a lost database is waited for, and no error ends it."""
    while not stop.is_set():
        try:
            _follow_until(stop)
        except Exception as error:
            if isinstance(error, OperationalError | InterfaceError | psycopg.OperationalError):
                log.warning("ledger.follower_waits", extra={"error": str(error).strip()})
            else:
                log.exception("ledger.follower_stumbled")
            with suppress(Exception):
                connection.close()
            stop.wait(RETRY_SECONDS)
    connection.close()


def _follow_until(stop: Flag) -> None:
    close_old_connections()
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")
    enroll()
    horizon = Horizon()
    while not stop.is_set():
        before = horizon.final
        upto = horizon.advance()
        called = sum(_follow_one(name, upto) for name in pass_over(upto=upto))
        if called:
            continue
        if horizon.fence is not None:
            stop.wait(FENCE_SECONDS)
        elif upto == before:
            _wait_for_wake_up()


def _follow_one(name: str, upto: int) -> int:
    """Follow for one subscriber; what fails it, short of the connection, must not hold up those after it."""
    try:
        return follow(name, upto=upto)
    except Exception:
        if not connection.is_usable():
            raise
        log.exception("ledger.subscriber_stumbled", extra={"subscriber": name})
        return 0


def _wait_for_wake_up() -> None:
    listener = cast("psycopg.Connection[tuple[object, ...]]", connection.connection)
    for _notice in listener.notifies(timeout=IDLE_SECONDS, stop_after=1):
        pass
