"""The databases of one test process, and which of them its connection leads to."""

from contextlib import suppress
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, connections
from psycopg import sql

from tests.server import SERVER

# Those of the tests that roll back keep their connections: a new one begins with nothing known of any table.
_kept: dict[str, Any] = {}
_admin: list[psycopg.Connection] = []


def now_at() -> str:
    """Name the database this process's connection leads to."""
    return str(connection.settings_dict["NAME"])


def point_at(name: str) -> None:
    """Have this process's connection lead to a database from now on, and those its threads will open."""
    if now_at() == name:
        return
    if connection not in _kept.values():
        connections.close_all()
    settings.DATABASES["default"]["NAME"] = name
    kept = _kept.get(name)
    if kept and kept.connection and not kept.is_usable():
        # A test killed the server: what it held is gone, and the next use connects anew.
        kept.close()
    connections["default"] = kept or connections.create_connection("default")


def forget_beside_loop() -> None:
    """Forget, while an event loop still runs in this thread, the connection used beside it.

    Django keeps a thread's connection in one place while a loop runs in it and in another while none does. Left in the first,
    it would be what the next loop of this thread finds, long after the second was led elsewhere.
    """
    if connection not in _kept.values():
        connections.close_all()
    with suppress(AttributeError):
        del connections["default"]


def keep_open(*names: str) -> None:
    """Keep a connection to each of these databases for the whole run."""
    for name in names:
        _kept[name] = connections.create_connection("default")
        _kept[name].settings_dict = {**settings.DATABASES["default"], "NAME": name}
        with _kept[name].cursor():
            # A run asks thousands of different questions; with the usual hundred, each would be planned again and again.
            _kept[name].connection.prepared_max = 5000


def lead_to_server() -> None:
    """Tell Django of the server, which was not running yet when the settings were read."""
    given = SERVER.parameters()
    names = {"USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    settings.DATABASES["default"].update({name: given.get(key, "") for name, key in names.items()})


def make(name: str, *, template: str) -> None:
    """Make a database as a copy of another."""
    _execute("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY", name, "steward", template)


def drop(name: str) -> None:
    """Drop a database with everything in it, ending its sessions."""
    _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _execute(statement: str, *names: str) -> None:
    composed = sql.SQL(statement).format(*map(sql.Identifier, names))
    try:
        _superuser().execute(composed)
    except psycopg.OperationalError:
        # A test killed the server; it runs again, and the connection of before is dead.
        _admin.clear()
        _superuser().execute(composed)


def _superuser() -> psycopg.Connection:
    if not _admin:
        _admin.append(psycopg.connect(SERVER.admin_dsn(), autocommit=True))
    return _admin[0]
