"""The hub of one process: follows the ledger on a connection of its own and tells the streams what changed.

On a second connection it hears what is in no table: screens to stir, and who is at which ticket.
"""

import asyncio
import logging
from collections import deque
from time import monotonic
from typing import Any

import psycopg

from steward.web.live.listening import Listener, Listeners
from steward.web.live.overhearing import Overhearing
from steward.web.live.topics import Change, Place, changes_sight_of, subject_of, topics_heard, topics_of

log = logging.getLogger(__name__)

CHANNEL = "steward_ledger"
IDLE_SECONDS = 1.0
RETRY_SECONDS = 0.5
FENCE_SECONDS = 0.02
READ_AT_MOST = 1_000
# Far behind, a listener is told to look again at everything rather than what to look at.
REPLAY_AT_MOST = 2_000
# A page takes a moment from being drawn to opening its stream; what happened in it is kept for that long.
KEPT_SECONDS = 60.0
KEPT_AT_MOST = 2_000

_FENCE = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM ledger_event_position"
_XID = "SELECT pg_current_xact_id()::text::bigint"
_XMIN = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
_EVENTS = "SELECT id, stream, kind, payload FROM ledger_event WHERE id > %s ORDER BY id LIMIT %s"
_JUST_NOW = """
SELECT id, stream, kind, payload, extract(epoch FROM now() - recorded_at)
  FROM ledger_event WHERE id > %s AND recorded_at > now() - make_interval(secs => %s) ORDER BY id
"""
# What was merged into a ticket comes along, however deep: its requester looks at the request they made, and who takes part
# in any of them at that one.
_PLACES = """
WITH RECURSIVE family AS (
    SELECT id AS root, id, requester_id FROM desk_ticket WHERE id = ANY(%s)
     UNION ALL
    SELECT f.root, t.id, t.requester_id FROM desk_ticket t JOIN family f ON t.merged_into_id = f.id
)
SELECT t.id, t.queue_id, t.requester_id,
       ARRAY(SELECT ARRAY[x.id, x.requester_id] FROM (
               SELECT f.id, f.requester_id FROM family f WHERE f.root = t.id AND f.id <> t.id
                UNION
               SELECT c.ticket_id, c.requester_id FROM family f JOIN desk_conversation c ON c.ticket_id = f.id
                WHERE f.root = t.id AND c.kind = 'requester' AND c.ended_at IS NULL AND c.requester_id <> f.requester_id
             ) x ORDER BY 1)
  FROM desk_ticket t WHERE t.id = ANY(%s)
"""


class Hub:
    """Follows the ledger and fans changes out to the listeners of this process.

    A NOTIFY only wakes it. Events are told as soon as they are seen; the position it would resume from moves
    only behind a fence, so one that commits late with a lower id is still found.
    """

    def __init__(self, parameters: dict[str, Any]) -> None:
        self._parameters = parameters
        self._listeners = Listeners()
        self._overhearing = Overhearing(parameters, self._listeners)
        self._task: asyncio.Task[None] | None = None
        self._told: set[int] = set()
        self._recent: deque[tuple[float, Change, Place | None]] = deque(maxlen=KEPT_AT_MOST)
        self._fence: tuple[int, int] | None = None
        self.position = 0

    @property
    def listeners(self) -> frozenset[Listener]:
        """Give the open streams."""
        return self._listeners.everybody()

    def streams_of(self, user_id: int) -> int:
        """Count the open streams of one person."""
        return len(self._listeners.of_user(user_id))

    def welcome(self, listener: Listener) -> None:
        """Have a stream told anew who is at the tickets it shows, as far as its person may know now."""
        self._overhearing.welcome(listener)

    def people_at(self, listener: Listener) -> list[tuple[int, list[dict[str, object]]]]:
        """Give who is at the tickets that a listener has not been told of yet, as far as they may know, and count it as told."""
        return self._overhearing.take(listener)

    async def join(self, listener: Listener, *, after: int | None, age: float = 0.0) -> None:
        """Add a stream; it is told what it missed since `after`, or, being new, since its page was asked for `age` seconds ago."""
        if self._task is None or self._task.done():
            ready = asyncio.Event()
            self._task = asyncio.create_task(self._run(ready))
            await self._overhearing.start()
            await asyncio.wait_for(ready.wait(), timeout=10)
        self._listeners.add(listener)
        self._overhearing.welcome(listener)
        if after is not None and after < self.position:
            await self._replay(listener, after)
        elif after is None and age:
            since = monotonic() - age
            for at, change, place in self._recent:
                if at > since:
                    listener.tell(topics_heard(change, place, listener.sight))

    def leave(self, listener: Listener) -> None:
        """Forget a stream."""
        self._listeners.discard(listener)

    def stop(self) -> None:
        """End what the hub does in the background."""
        if self._task is not None:
            self._task.cancel()
        self._overhearing.stop()

    async def _run(self, ready: asyncio.Event) -> None:
        while True:
            try:
                await self._listen(ready)
            except psycopg.OperationalError as error:
                log.warning("live.waiting_for_database", extra={"error": str(error).strip()})
                await asyncio.sleep(RETRY_SECONDS)

    async def _listen(self, ready: asyncio.Event) -> None:
        connection = await psycopg.AsyncConnection.connect(**self._parameters, autocommit=True)
        async with connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            if not self.position:
                self.position = await _number(connection, _FENCE)
                await self._remember(connection)
            ready.set()
            while True:
                more = await self._read(connection)
                if not more:
                    async for _notice in connection.notifies(timeout=IDLE_SECONDS, stop_after=1):
                        pass

    async def _remember(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Read what happened just before this process began to listen: the page that woke it was drawn before."""
        cursor = await connection.execute(_JUST_NOW, [self.position - KEPT_AT_MOST, KEPT_SECONDS])
        found = [(float(row[4]), Change(*row[:4])) for row in await cursor.fetchall()]
        places = await _places(connection, [change for _age, change in found])
        for age, change in found:
            kind, number = subject_of(change.stream)
            place = _left(change, places.get(number)) if kind == "ticket" else None
            self._recent.append((monotonic() - age, change, place))

    async def _read(self, connection: psycopg.AsyncConnection[Any]) -> bool:
        """Tell what is new, then move the position as far as it is final; True when it should look again at once."""
        if self._fence is None:
            last = await _number(connection, _FENCE)
            if last > self.position:
                self._fence = (last, await _number(connection, _XID))
        is_final = self._fence is not None and await _number(connection, _XMIN) >= self._fence[1]
        # Read after the fence was found to be passed: whatever committed late below it is in sight now.
        changes = await self._tell_unseen(connection)
        while self._recent and self._recent[0][0] < monotonic() - KEPT_SECONDS:
            self._recent.popleft()
        if self._fence is None:
            return False
        if not is_final:
            await asyncio.sleep(FENCE_SECONDS)
            return True
        is_full = len(changes) >= READ_AT_MOST
        self.position = min(self._fence[0], changes[-1].id) if is_full else self._fence[0]
        self._fence = None
        self._told = {seen for seen in self._told if seen > self.position}
        return is_full

    async def _tell_unseen(self, connection: psycopg.AsyncConnection[Any]) -> list[Change]:
        changes = await _changes(connection, after=self.position)
        news = [change for change in changes if change.id not in self._told]
        if news:
            await self._tell(connection, news)
            self._told.update(change.id for change in news)
        return changes

    async def _tell(self, connection: psycopg.AsyncConnection[Any], changes: list[Change]) -> None:
        places = await _places(connection, changes)
        for change in changes:
            kind, number = subject_of(change.stream)
            for listener in self._whose_sight_changed(change):
                # Roles or access may have changed: the stream asks again before it tells more.
                listener.stale = True
                listener.wake.set()
            place = _left(change, places.get(number)) if kind == "ticket" else None
            self._recent.append((monotonic(), change, place))
            if place is not None and place.left_queue_id is not None:
                self._overhearing.moved(number, place.queue_id)
            for listener in self._listeners.of_topics(topics_of(change, place)):
                listener.tell(topics_heard(change, place, listener.sight))

    def _whose_sight_changed(self, change: Change) -> frozenset[Listener]:
        whose = changes_sight_of(change)
        if whose is None:
            return frozenset()
        return self._listeners.of_user(whose) if whose else self._listeners.everybody()

    async def _replay(self, listener: Listener, after: int) -> None:
        connection = await psycopg.AsyncConnection.connect(**self._parameters, autocommit=True)
        async with connection:
            cursor = await connection.execute(_EVENTS, [after, REPLAY_AT_MOST + 1])
            changes = [Change(*row) for row in await cursor.fetchall()]
            if len(changes) > REPLAY_AT_MOST:
                listener.resync = True
                listener.wake.set()
                return
            places = await _places(connection, changes)
            for change in changes:
                kind, number = subject_of(change.stream)
                place = _left(change, places.get(number)) if kind == "ticket" else None
                listener.tell(topics_heard(change, place, listener.sight))


async def _number(connection: psycopg.AsyncConnection[Any], query: str) -> int:
    cursor = await connection.execute(query)
    row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def _changes(connection: psycopg.AsyncConnection[Any], *, after: int) -> list[Change]:
    cursor = await connection.execute(_EVENTS, [after, READ_AT_MOST])
    return [Change(*row) for row in await cursor.fetchall()]


async def _places(connection: psycopg.AsyncConnection[Any], changes: list[Change]) -> dict[int, Place]:
    ids = {number for kind, number in (subject_of(change.stream) for change in changes) if kind == "ticket"}
    if not ids:
        return {}
    cursor = await connection.execute(_PLACES, [sorted(ids), sorted(ids)])
    return {
        pk: Place(queue_id=queue_id, requester_id=requester_id, asked_on=tuple((one, who) for one, who in asked_on))
        for pk, queue_id, requester_id, asked_on in await cursor.fetchall()
    }


def _left(change: Change, place: Place | None) -> Place | None:
    old = change.payload.get("old_queue_id")
    if place is None or not isinstance(old, int):
        return place
    return Place(queue_id=place.queue_id, requester_id=place.requester_id, left_queue_id=old, asked_on=place.asked_on)
