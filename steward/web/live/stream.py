"""The address `/live`: an event stream that tells a browser which of its topics changed, never what they hold."""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections, connection
from django.utils.crypto import constant_time_compare

from steward.desk.queries.access import visible_queue_ids
from steward.people.models import User
from steward.people.queries import actor_for
from steward.web.live.hub import Hub
from steward.web.live.listening import Ask, Listener
from steward.web.live.topics import Sight
from steward.web.shared.texts import hue, initials

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = Sequence[tuple[bytes, bytes]]

HEARTBEAT_SECONDS = 15.0
# A listener's rights are asked again at least this often, and at once when something about people or access changed.
RECHECK_SECONDS = 60.0
GATHER_SECONDS = 0.03
MOST_STREAMS_A_USER = 12
MOST_TOPICS = 200
OWN = "mine"

_hub: Hub | None = None


def hub() -> Hub:
    """Give the hub of this process, made on first use."""
    global _hub  # noqa: PLW0603 -- one a process is what it is for
    if _hub is None:
        parameters = connection.get_connection_params()
        wanted = ("host", "port", "user", "password", "dbname", "sslmode", "sslrootcert")
        _hub = Hub({key: parameters[key] for key in wanted if parameters.get(key)})
    return _hub


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one event stream: 401 without a session, 400 without topics, 429 for too many at once."""
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    topics = frozenset(filter(None, query.get("topics", [""])[0].split(",")))
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    session_key = _session_key(headers.get("cookie", ""))
    await following(scope, receive, send, ask=lambda: _sight(session_key), topics=topics)


async def following(
    scope: Scope,
    receive: Receive,
    send: Send,
    *,
    ask: Ask,
    topics: frozenset[str],
    shared: Headers = (),
) -> None:
    """Serve one event stream to whom `ask` knows, now and every while again; `shared` are headers for every answer."""
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    sight = await ask()
    if sight is None:
        return await _refuse(send, 401, "Sign in to follow changes.", shared)
    if not topics or len(topics) > MOST_TOPICS:
        return await _refuse(send, 400, "Name the topics to follow, at most 200.", shared)
    if hub().streams_of(sight.user_id) >= MOST_STREAMS_A_USER:
        return await _refuse(send, 429, "Too many windows follow changes at once. Close some.", shared)
    # What is one's own is known by who one is.
    wanted = frozenset(f"requester:{sight.requester_id}" if topic == OWN else topic for topic in topics)
    listener = Listener(wanted=wanted, sight=sight, ask=ask)
    after = _after(headers.get("last-event-id") or query.get("after", [""])[0])
    await hub().join(listener, after=after, age=(_after(query.get("age", [""])[0]) or 0) / 1000)
    gone = asyncio.create_task(_until_gone(receive))
    try:
        await _start(send, shared)
        await _stream(listener, gone, send)
    finally:
        hub().leave(listener)
        gone.cancel()


async def _stream(listener: Listener, gone: asyncio.Task[None], send: Send) -> None:
    loop = asyncio.get_running_loop()
    checked = loop.time()
    await _write(send, f"retry: 2000\nid: {hub().position}\n\n")
    while not gone.done():
        woken = asyncio.create_task(listener.wake.wait())
        await asyncio.wait({woken, gone}, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        woken.cancel()
        if gone.done():
            return
        if listener.stale or loop.time() - checked > RECHECK_SECONDS:
            checked, listener.stale = loop.time(), False
            sight = await listener.ask()
            if sight is None:
                await _write(send, "event: bye\ndata: {}\n\n")
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                return
            listener.sight = sight
            hub().welcome(listener)
        if listener.wake.is_set():
            await asyncio.sleep(GATHER_SECONDS)
        listener.wake.clear()
        await _write(send, _news(listener) or ": still here\n\n")


def _news(listener: Listener) -> str:
    position = hub().position
    if listener.resync:
        listener.resync, listener.pending = False, set()
        return f"event: resync\nid: {position}\ndata: {{}}\n\n"
    # Who is at a ticket is told at once and whole: it is in no table that a page could ask.
    told = [_people(ticket_id, people) for ticket_id, people in hub().people_at(listener)]
    if listener.pending:
        topics, listener.pending = sorted(listener.pending), set()
        told.append(f"event: changed\nid: {position}\ndata: {json.dumps({'topics': topics})}\n\n")
    return "".join(told)


def _people(ticket_id: int, people: list[dict[str, object]]) -> str:
    drawn = [{**one, "initials": initials(str(one["name"])), "hue": hue(str(one["name"]))} for one in people]
    return f"event: here\ndata: {json.dumps({'ticket': ticket_id, 'people': drawn}, ensure_ascii=False)}\n\n"


async def _until_gone(receive: Receive) -> None:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return


async def _start(send: Send, shared: Headers = ()) -> None:
    headers = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        *shared,
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _refuse(send: Send, status: int, text: str, shared: Headers = ()) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store"), *shared]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode(), "more_body": False})


def _after(raw: str) -> int | None:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else None  # noqa: PLR2004 -- what fits a bigint


def _session_key(cookie: str) -> str:
    try:
        morsel = SimpleCookie(cookie).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


@sync_to_async(thread_sensitive=False)
def _sight(session_key: str) -> Sight | None:
    """Read what the session's user may hear of right now; None when nobody is signed in any more."""
    if not session_key:
        return None
    close_old_connections()
    session = SessionStore(session_key)
    user = User.objects.filter(pk=session.get(SESSION_KEY) or 0, is_active=True).first()
    known = session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
    if user is None or not known or not constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
        return None
    actor = actor_for(user)
    return Sight(user_id=user.pk, requester_id=actor.requester_id, queue_ids=frozenset(visible_queue_ids(actor)))
