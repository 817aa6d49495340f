"""The connection: instants are read by the driver itself, and whether the server is there costs no question to it."""

import select
from functools import lru_cache
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.adapt import AdaptersMap
from psycopg.pq import Format
from psycopg.types.datetime import TimestamptzLoader

TIMESTAMPTZ = psycopg.adapters.types["timestamptz"].oid


@lru_cache
def _adapters(template: AdaptersMap) -> AdaptersMap:
    """Give Django's adapters with the driver's compiled reader of instants in place of Django's, which reads each in Python."""
    adapters = AdaptersMap(template)
    adapters.register_loader("timestamptz", psycopg.adapters.get_loader(TIMESTAMPTZ, Format.TEXT) or TimestamptzLoader)
    return adapters


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection as Django holds it, always in UTC."""

    def get_connection_params(self) -> dict[str, Any]:
        """Give what the driver connects with."""
        params: dict[str, Any] = super().get_connection_params()
        params["context"] = _adapters(params["context"])
        return params

    def create_cursor(self, name: str | None = None) -> Any:
        """Open a cursor, one with a name on the server; the connection speaks UTC, so no reader has to be set for the cursor."""
        held: Any = self.connection
        return held.cursor(name, scrollable=False, withhold=held.autocommit) if name else held.cursor()

    def is_usable(self) -> bool:
        """Tell whether the server still holds this connection; asked before each request's first query.

        A server that went away has closed its end, which shows here without a round trip; only where something has come
        in unasked is the server asked too.
        """
        held: Any = self.connection
        if held is None or held.closed:
            return False
        waiting = select.poll()
        waiting.register(held.fileno(), select.POLLIN | select.POLLRDHUP)
        return not waiting.poll(0) or super().is_usable()
