"""Listening on channels whose vendor does not call this desk: a connection for each, kept open while it is set up."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import count

from django.db import Error, close_old_connections, connection

from steward.channels.actions import arriving
from steward.channels.actions.health import note_answers, note_ill, note_listening
from steward.channels.adapters import account_of, listener_for
from steward.channels.contract import Account, Arrival, Later, Listener, Refused
from steward.channels.models import ChannelHealth
from steward.channels.queries.accounts import carried

LOOK_EVERY, SAY_EVERY = 2.0, 20.0
PAUSE_WITHOUT_DATABASE = 1.0
END_WITHIN = 8.0

log = logging.getLogger(__name__)


def kinds_listened() -> list[str] | None:
    """Give the kinds of channels that want a process that listens; None where the database does not say now."""
    try:
        close_old_connections()
        return sorted({channel.kind for channel in carried().filter(is_active=True) if listener_for(channel) is not None})
    except Error:
        return None


def listen_on(kinds: Sequence[str], stop: threading.Event, *, now: Callable[[], datetime]) -> None:
    """Listen on every active channel of some kinds until stopped; channels set up, changed or switched off count at once."""
    hearers: dict[int, _Hearer] = {}
    for round_ in count():
        wanted = _wanted(kinds)
        for channel_id, hearer in list(hearers.items()):
            if wanted is not None and wanted.get(channel_id) != hearer.account:
                hearers.pop(channel_id).end(within=END_WITHIN)
        for channel_id, account in (wanted or {}).items():
            if channel_id not in hearers:
                hearers[channel_id] = _Hearer(account, now)
        if round_ % int(SAY_EVERY / LOOK_EVERY) == 0:
            _say_listening(list(hearers), at=now())
        if stop.wait(LOOK_EVERY):
            break
    for hearer in hearers.values():
        hearer.ask_to_end()
    for hearer in hearers.values():
        hearer.end(within=END_WITHIN)
    connection.close()


def _wanted(kinds: Sequence[str]) -> dict[int, Account] | None:
    try:
        close_old_connections()
        found = carried().filter(is_active=True, kind__in=kinds)
        return {channel.pk: account_of(channel) for channel in found if listener_for(channel) is not None}
    except Error:
        return None


def _say_listening(channels: list[int], *, at: datetime) -> None:
    try:
        for channel_id in channels:
            note_listening(channel_id=channel_id, at=at)
    except Error:
        log.warning("channels.listening_not_noted")


class _Hearer:
    """A channel being listened on, in a thread of its own; what it is told of its vendor it keeps before it goes on."""

    def __init__(self, account: Account, now: Callable[[], datetime]) -> None:
        self.account = account
        self._now = now
        self._stop = threading.Event()
        # It must not keep a process alive whose vendor's library does not come back.
        self._thread = threading.Thread(target=self._run, name=f"listen-{account.channel_id}", daemon=True)
        self._thread.start()

    def ask_to_end(self) -> None:
        self._stop.set()

    def end(self, *, within: float) -> None:
        self.ask_to_end()
        self._thread.join(timeout=within)
        if self._thread.is_alive():
            log.warning("channels.listener_is_slow", extra={"channel": self.account.channel_id})

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                close_old_connections()
                self._listen()
            except Error:
                # The vendor is told of nothing that is not kept, and brings it again.
                log.warning("channels.listener_without_database", extra={"channel": self.account.channel_id})
                self._stop.wait(PAUSE_WITHOUT_DATABASE)
        connection.close()

    def _listen(self) -> None:
        channel = carried().filter(pk=self.account.channel_id).first()
        listener: Listener | None = None if channel is None else listener_for(channel)
        if listener is None:
            self._stop.wait(LOOK_EVERY)
            return
        try:
            listener.listen(self.account, DeskLine(self.account.channel_id, self._stop, now=self._now))
        except (Later, Refused) as error:
            self._wait(str(error), getattr(error, "seconds", None))
        except Error:
            raise
        except Exception as error:  # a vendor's library may raise anything; the channel says so and is tried again
            log.exception("channels.listener_fell", extra={"channel": self.account.channel_id})
            self._wait(f"{type(error).__name__}: {error}", None)

    def _wait(self, problem: str, seconds: float | None) -> None:
        at = self._now()
        until = note_ill(channel_id=self.account.channel_id, problem=problem, seconds=seconds, at=at)
        self._stop.wait((until - at).total_seconds())


class DeskLine:
    """The desk's end of a connection to a vendor."""

    def __init__(self, channel_id: int, stop: threading.Event, *, now: Callable[[], datetime]) -> None:
        self._channel_id = channel_id
        self._stop = stop
        self._now = now

    @property
    def cursor(self) -> str:
        """How far what arrived is kept; empty at the very first."""
        return ChannelHealth.objects.filter(channel_id=self._channel_id).values_list("cursor", flat=True).first() or ""

    def keep(self, arrivals: Sequence[Arrival], *, cursor: str | None = None) -> int:
        """Keep what arrived, each once, and only then how far that is; give how many were new."""
        at = self._now()
        new = arriving.keep(channel_id=self._channel_id, arrivals=arrivals, at=at)
        if cursor is not None:
            ChannelHealth.objects.update_or_create(channel_id=self._channel_id, defaults={"cursor": cursor})
        return new

    def well(self) -> None:
        """Note that the vendor answers: what failed before is over."""
        note_answers(channel_id=self._channel_id)
        note_listening(channel_id=self._channel_id, at=self._now())

    def stopped(self, *, within: float = 0) -> bool:
        """Say whether to come to an end, waiting for that so many seconds at most."""
        return self._stop.wait(within) if within else self._stop.is_set()
