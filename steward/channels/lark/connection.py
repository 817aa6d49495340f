"""The long connection, by the vendor's own library: what arrives is kept before it is acknowledged."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from steward.channels.contract import Account, Json, Later, Line, Refused
from steward.channels.lark.client import address_of
from steward.channels.lark.reading import answer_to, arrival_of

_LOOK_EVERY = 0.2
_SAY_EVERY = 20.0
_CONNECT_WITHIN = 30.0


class _Handler(Protocol):
    def _do_without_validation(self, payload: bytes) -> Any: ...


class _Keeper:
    """What the library hands each event to. It answers once the event is kept; what it raises has the vendor send it again."""

    def __init__(self, account: Account, line: Line, apart: ThreadPoolExecutor) -> None:
        self._account, self._line, self._apart = account, line, apart

    def _do_without_validation(self, payload: bytes) -> Json:
        # The library calls this within its loop, where Django lets nobody at the database: it is kept in a thread beside.
        return self._apart.submit(self._keep, payload).result()

    def _keep(self, payload: bytes) -> Json:
        event = json.loads(payload)
        try:
            self._line.keep([arrival_of(event)])
        except DatabaseError:
            # A connection that broke stays broken: what the vendor sends again gets a new one.
            connection.close()
            raise
        return answer_to(event)


def stay(account: Account, line: Line) -> None:
    """Stay connected and keep what arrives until told to stop. Raises `Later`, and `Refused` where the library is missing."""
    library = _library()
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"lark-{account.channel_id}") as apart:
        try:
            asyncio.run(_session(library, account, line, apart))
        except (library.ClientException, library.ServerException) as error:
            raise Later(str(error)) from error
        except (OSError, TimeoutError, ValueError, library.InvalidHandshake) as error:
            raise Later(f"{type(error).__name__}: {error}") from error
        finally:
            apart.submit(_let_go).result()


def _let_go() -> None:
    # Each thread has its own: the name must be looked up in the thread whose connection is meant.
    connection.close()


def _library() -> Any:
    try:
        from lark_oapi.ws import client as library  # noqa: PLC0415 -- slow import
    except ImportError as error:
        why = _("The vendor's library is not installed. Install it with: pip install 'steward[lark]'. Or set mode to webhook.")
        raise Refused(why) from error
    # It has one loop for all clients of a process and never ends it; here each account has a loop of its own.
    library.loop = _RunningLoop()
    return library


class _RunningLoop:
    @staticmethod
    def create_task(coroutine: Any) -> "asyncio.Task[Any]":
        return asyncio.get_running_loop().create_task(coroutine)


async def _session(library: Any, account: Account, line: Line, apart: ThreadPoolExecutor) -> None:
    client = _client(library, account, _Keeper(account, line, apart))
    # The library would look for reasons to connect again by itself; here the desk does, and says since when it fails.
    await client._connect()  # noqa: SLF001 -- the public start never returns
    if client._conn is None:  # noqa: SLF001 -- as above
        raise Later("no connection")
    pings = asyncio.get_running_loop().create_task(client._ping_loop())  # noqa: SLF001 -- as above
    try:
        await _while_it_stands(client, line, apart)
    finally:
        pings.cancel()
        await client._disconnect()  # noqa: SLF001 -- as above


async def _while_it_stands(client: Any, line: Line, apart: ThreadPoolExecutor) -> None:
    loop = asyncio.get_running_loop()
    said = -_SAY_EVERY
    while not line.stopped():
        if client._conn is None:  # noqa: SLF001 -- as above
            raise Later(_("The connection broke."))
        if loop.time() - said >= _SAY_EVERY:
            said = loop.time()
            await loop.run_in_executor(apart, line.well)
        await asyncio.sleep(_LOOK_EVERY)


def _client(library: Any, account: Account, handler: _Handler) -> Any:
    class Client(library.Client):  # type: ignore[misc]
        def _get_conn_url(self) -> str:
            # The library waits for this answer for ever.
            asking = ThreadPoolExecutor(max_workers=1)
            try:
                return str(asking.submit(super()._get_conn_url).result(timeout=_CONNECT_WITHIN))
            finally:
                asking.shutdown(wait=False)

    return Client(
        str(account.settings.get("app_id", "")),
        str(account.secrets.get("app_secret", "")),
        log_level=library.LogLevel.ERROR,
        event_handler=handler,
        domain=address_of(account),
        auto_reconnect=False,
    )
