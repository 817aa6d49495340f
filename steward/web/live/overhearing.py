"""Hearing what the processes tell each other: wakes the streams that show it, and keeps who is at which ticket."""

import asyncio
import logging
import random
from time import monotonic
from typing import Any
from uuid import uuid4

import psycopg

from steward.web.live import whispers
from steward.web.live.listening import Listener, Listeners
from steward.web.live.presence import Presence
from steward.web.live.whispers import CHANNEL, Ask, Stir, Told

log = logging.getLogger(__name__)
RETRY_SECONDS = 0.5
EXPIRE_SECONDS = 2.0
# Whoever is asked waits a little, and says nothing when another process has answered meanwhile.
ANSWER_WITHIN = 0.4


class Overhearing:
    """The whispers as one process hears them, all processes the same."""

    def __init__(self, parameters: dict[str, Any], listeners: Listeners) -> None:
        self._parameters = parameters
        self._listeners = listeners
        self._presence = Presence()
        self._me = uuid4().hex
        self._asked: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ready = asyncio.Event()

    async def start(self) -> None:
        """Begin to hear, once a process, and wait until it does."""
        if not self._tasks:
            self._keep(asyncio.create_task(self._run()))
        await asyncio.wait_for(self._ready.wait(), timeout=10)

    def stop(self) -> None:
        """Hear no more."""
        for task in list(self._tasks):
            task.cancel()

    def welcome(self, listener: Listener) -> None:
        """Have a new stream told at once who is at the tickets it shows."""
        for topic in listener.wanted:
            kind, _colon, number = topic.partition(":")
            if kind == "here" and number.isdecimal() and self._presence.queue_of(int(number)):
                listener.tell_of(int(number))

    def moved(self, ticket_id: int, queue_id: int) -> None:
        """Follow a ticket into another queue."""
        if self._presence.move(ticket_id, queue_id):
            self._tell_of(ticket_id)

    def take(self, listener: Listener) -> list[tuple[int, list[dict[str, object]]]]:
        """Give who is at the tickets this stream is to be told of; nobody, where its person does not see the queue."""
        tickets, listener.rooms = sorted(listener.rooms), set()
        told = []
        for ticket_id in tickets:
            people = self._people_for(listener, ticket_id)
            if people or ticket_id in listener.shown:
                told.append((ticket_id, people))
            (listener.shown.add if people else listener.shown.discard)(ticket_id)
        return told

    def _people_for(self, listener: Listener, ticket_id: int) -> list[dict[str, object]]:
        if self._presence.queue_of(ticket_id) not in listener.sight.queue_ids:
            return []
        return self._presence.people_at(ticket_id, but=listener.sight.user_id)

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except psycopg.OperationalError as error:
                log.warning("live.waiting_for_database", extra={"error": str(error).strip()})
                await asyncio.sleep(RETRY_SECONDS)

    async def _listen(self) -> None:
        connection = await psycopg.AsyncConnection.connect(**self._parameters, autocommit=True)
        async with connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            self._ready.set()
            await self._say(whispers.ask(self._me))
            while True:
                async for notice in connection.notifies(timeout=EXPIRE_SECONDS):
                    self._hear(notice.payload)
                for ticket_id in self._presence.expire(now=monotonic()):
                    self._tell_of(ticket_id)

    def _hear(self, payload: str) -> None:
        heard = whispers.read(payload)
        if isinstance(heard, Stir):
            for listener in self._listeners.of_topics(heard.topics):
                # Of the desk's own doings only its people hear: requesters see no queue.
                if heard.queue_id in listener.sight.queue_ids and heard.user_id in {None, listener.sight.user_id}:
                    listener.tell(heard.topics)
        elif isinstance(heard, Told):
            self._asked.discard(heard.answers)
            for seen in heard.seen:
                if self._presence.hear(seen, now=monotonic()):
                    self._tell_of(seen.ticket_id)
        elif isinstance(heard, Ask) and heard.by != self._me:
            self._asked.add(heard.by)
            self._keep(asyncio.create_task(self._answer(heard.by)))

    def _tell_of(self, ticket_id: int) -> None:
        queue_id = self._presence.queue_of(ticket_id)
        for listener in self._listeners.of_topics([f"here:{ticket_id}"]):
            # To whom nobody is shown, nothing is said: not even that something stirs there.
            if queue_id in listener.sight.queue_ids or ticket_id in listener.shown:
                listener.tell_of(ticket_id)

    async def _answer(self, question: str) -> None:
        await asyncio.sleep(random.uniform(0.02, ANSWER_WITHIN))  # noqa: S311 -- scattering, not secrecy
        if question in self._asked:
            await self._say(*whispers.tell(self._presence.everybody(now=monotonic()), answers=question))

    async def _say(self, *payloads: str) -> None:
        if not payloads:
            return
        connection = await psycopg.AsyncConnection.connect(**self._parameters, autocommit=True)
        async with connection:
            for payload in payloads:
                await connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
