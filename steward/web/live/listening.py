"""The open streams of one process, found by what they want to hear and by whose they are."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from steward.web.live.topics import Sight

Key = TypeVar("Key")
Ask = Callable[[], Awaitable[Sight | None]]
NOBODY: frozenset["Listener"] = frozenset()


@dataclass(eq=False, slots=True)
class Listener:
    """One open stream: what it wants, what it may hear, and what it has not been told yet."""

    wanted: frozenset[str]
    sight: Sight
    # Who it is for, asked anew; None once nobody is any more.
    ask: Ask
    pending: set[str] = field(default_factory=set)
    # Tickets whose people have come, gone, or begun to write since it was told of them.
    rooms: set[int] = field(default_factory=set)
    # Those where it shows somebody now.
    shown: set[int] = field(default_factory=set)
    resync: bool = False
    stale: bool = False
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, topics: Iterable[str]) -> None:
        """Note what changed and wake the stream."""
        news = self.wanted.intersection(topics) - self.pending
        if news:
            self.pending |= news
            self.wake.set()

    def tell_of(self, ticket_id: int) -> None:
        """Note that the people at a ticket are others now, and wake the stream."""
        self.rooms.add(ticket_id)
        self.wake.set()


class Listeners:
    """All of them, with an index, so that a change costs what it wakes and not what is open."""

    def __init__(self) -> None:
        self._all: set[Listener] = set()
        self._by_topic: defaultdict[str, set[Listener]] = defaultdict(set)
        self._by_user: defaultdict[int, set[Listener]] = defaultdict(set)

    def add(self, listener: Listener) -> None:
        """Add one."""
        self._all.add(listener)
        self._by_user[listener.sight.user_id].add(listener)
        for topic in listener.wanted:
            self._by_topic[topic].add(listener)

    def discard(self, listener: Listener) -> None:
        """Forget one."""
        self._all.discard(listener)
        _take_out(self._by_user, listener.sight.user_id, listener)
        for topic in listener.wanted:
            _take_out(self._by_topic, topic, listener)

    def everybody(self) -> frozenset[Listener]:
        """Give all."""
        return frozenset(self._all)

    def of_topics(self, topics: Iterable[str]) -> frozenset[Listener]:
        """Give those who want one of these topics."""
        return NOBODY.union(*(self._by_topic[topic] for topic in topics if topic in self._by_topic))

    def of_user(self, user_id: int) -> frozenset[Listener]:
        """Give those of one person."""
        return frozenset(self._by_user.get(user_id, ()))


def _take_out(index: dict[Key, set[Listener]], key: Key, listener: Listener) -> None:
    held = index.get(key)
    if held is not None:
        held.discard(listener)
        if not held:
            del index[key]
