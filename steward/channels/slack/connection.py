"""The connection of Socket Mode, by the vendor's own library: what arrives is kept before it is acknowledged."""

import json
import logging
from typing import Any

from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from steward.channels.contract import Account, Arrival, Forged, Later, Line, Refused
from steward.channels.slack.client import address_of
from steward.channels.slack.missed import missed
from steward.channels.slack.reading import arrival_of
from steward.channels.slack.verifying import refuse_others
from steward.core import clock

_LOOK_EVERY = 0.2
_SAY_EVERY = 20.0
_AT_ONCE = 200
# Clocks differ, and what came just before a break may not have been kept.
_OVERLAP = 120.0
_BROUGHT = frozenset({"events_api", "interactive"})
log = logging.getLogger(__name__)


def stay(account: Account, line: Line) -> None:
    """Stay connected and keep what arrives until told to stop, first of all what was missed. Raises `Later` and `Refused`."""
    client = _client(account)
    client.socket_mode_request_listeners.append(_Keeper(account, line, client).take)
    try:
        since = clock.now().timestamp()
        _connect(client)
        # What comes from now on comes by the connection; what came since the last one is asked for.
        _fill_gap(account, line, now=since)
        _while_it_stands(client, line)
    finally:
        # Each thread has a connection of its own: it is let go of in the thread it belongs to.
        client.message_workers.submit(connection.close)
        client.close()


def _connect(client: Any) -> None:
    from slack_sdk.errors import SlackClientError  # noqa: PLC0415 -- the vendor's library, for this process alone

    try:
        client.connect()
    except SlackClientError as error:
        raise Later(str(error)) from error
    except (OSError, ValueError, TypeError) as error:
        raise Later(f"{type(error).__name__}: {error}") from error


def _fill_gap(account: Account, line: Line, *, now: float) -> None:
    cursor = line.cursor
    waiting: list[Arrival] = []
    for arrival in missed(account, float(cursor) - _OVERLAP) if cursor else ():
        waiting.append(arrival)
        if len(waiting) >= _AT_ONCE:
            line.keep(waiting)
            waiting = []
    line.keep(waiting, cursor=f"{now:.3f}")


def _while_it_stands(client: Any, line: Line) -> None:
    said = -_SAY_EVERY
    waited = 0.0
    while not line.stopped(within=_LOOK_EVERY):
        if not client.is_connected():
            raise Later(_("The connection broke."), seconds=1)
        waited += _LOOK_EVERY
        if waited - said >= _SAY_EVERY:
            said = waited
            line.well()
            # Up to now all is kept: a break is filled from here.
            line.keep((), cursor=f"{clock.now().timestamp():.3f}")


class _Keeper:
    """What the library hands each envelope to, in a thread of its own. What it does not acknowledge the vendor sends again."""

    def __init__(self, account: Account, line: Line, client: Any) -> None:
        self._account, self._line, self._client = account, line, client

    def take(self, _client: Any, request: Any) -> None:
        """Keep what an envelope holds and acknowledge it; nothing is acknowledged that could not be kept."""
        try:
            if request.type in _BROUGHT:
                self._keep(request.payload)
        except DatabaseError:
            log.warning("slack.not_kept", extra={"channel": self._account.channel_id})
            # A connection that broke stays broken: what the vendor sends again gets a new one.
            connection.close()
            return
        except Exception:
            log.exception("slack.not_kept", extra={"channel": self._account.channel_id})
            return
        self._client.send_message(json.dumps({"envelope_id": request.envelope_id}))

    def _keep(self, payload: dict[str, Any]) -> None:
        try:
            refuse_others(self._account, payload)
        except Forged:
            # Of another workspace: acknowledged, so that it does not come again, and not kept.
            return
        arrival = arrival_of(payload)
        if payload.get("type") in {"event_callback", "block_actions"}:
            self._line.keep([arrival])


def _client(account: Account) -> Any:
    try:
        from slack_sdk.socket_mode import SocketModeClient  # noqa: PLC0415 -- the vendor's library, for this process alone
        from slack_sdk.web import WebClient  # noqa: PLC0415 -- as above
    except ImportError as error:
        why = _("The vendor's library is not installed. Install it with: pip install 'steward[slack]'. Or set mode to http.")
        raise Refused(why) from error
    token = str(account.secrets.get("app_token") or "")
    if not token:
        raise Later(_("The app-level token is missing."))
    quiet = logging.getLogger("slack_sdk.quiet")
    quiet.setLevel(logging.CRITICAL)
    web = WebClient(base_url=f"{address_of(account)}/", logger=quiet, retry_handlers=[])
    # Told that the vendor is about to close, it moves to a new connection; where one breaks, the desk makes the next.
    return SocketModeClient(token, web_client=web, auto_reconnect_enabled=False, concurrency=1, logger=quiet)
