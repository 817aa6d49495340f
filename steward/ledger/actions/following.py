"""Following the ledger by cursor: a subscriber's position and its effect commit together."""

import logging
import traceback
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic, sleep

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from steward.core.errors import NotFound
from steward.core.remembering import remembering
from steward.core.rows import rows
from steward.ledger.models import Event, ParkedStream, Subscription
from steward.ledger.rules import Fence, is_final, is_passing
from steward.ledger.subscriptions import Subscriber, subscribers

log = logging.getLogger(__name__)

BATCH = 50
# A batch holds the locks of the tickets it touched; people wait for those, so it ends early rather than late.
BATCH_SECONDS = 0.25
# Shorter than the server's deadlock check: between a follower and a person, it is the follower that steps back.
LOCK_TIMEOUT = "500ms"
# How soon to look again whether the transactions before a fence have ended.
FENCE_SECONDS = 0.02
LONGEST_ERROR = 4_000


@dataclass
class Horizon:
    """How far the ledger is final, as one process knows it; kept in memory, since a restart may simply look again."""

    final: int = 0
    fence: Fence | None = field(default=None)

    def advance(self) -> int:
        """Look once whether more events have become final; give the highest final id."""
        if self.fence is None:
            self.fence = _take_fence(above=self.final)
        if self.fence is not None and is_final(self.fence, _oldest_running_xid()):
            self.final, self.fence = self.fence.last_id, None
        return self.final


def _take_fence(*, above: int) -> Fence | None:
    """Read the last drawn id, then a transaction id: in this order only is every lower id older than the fence."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM ledger_event_position")
        last_id = int(cursor.fetchone()[0])
        if last_id <= above:
            return None
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        return Fence(last_id=last_id, xid=int(cursor.fetchone()[0]))


def _oldest_running_xid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


# Further behind than this a subscriber reads for itself: looking through so much for all of them would cost more.
FAR_BEHIND = 5_000
_POSITIONS = "SELECT name, position FROM ledger_subscription WHERE name = ANY(%s) AND position < %s"
_NEWEST = "SELECT kind, max(id) FROM ledger_event WHERE id > %s AND id <= %s GROUP BY kind"
_MOVE_ON = """
UPDATE ledger_subscription SET position = %s, moved_at = statement_timestamp()
 WHERE name IN (SELECT name FROM ledger_subscription WHERE name = ANY(%s) AND position < %s FOR UPDATE SKIP LOCKED)
"""


def pass_over(*, upto: int) -> list[str]:
    """Move on, in one statement, every subscriber for whom nothing has come; give those who have something to hear."""
    positions: dict[str, int] = dict(rows(_POSITIONS, [list(subscribers()), upto]))
    waiting = [name for name in subscribers() if name in positions]
    if not waiting or upto - min(positions.values()) > FAR_BEHIND:
        return waiting
    newest: dict[str, int] = dict(rows(_NEWEST, [min(positions.values()), upto]))
    hears = [name for name in waiting if any(newest.get(kind, 0) > positions[name] for kind in subscribers()[name].handlers)]
    idle = [name for name in waiting if name not in hears]
    if idle:
        with connection.cursor() as cursor:
            cursor.execute(_MOVE_ON, [upto, idle, upto])
    return hears


def follow(name: str, *, upto: int, batch: int = BATCH) -> int:
    """Deliver the next batch of final events to one subscriber; give how many it was called for.

    Exactly once inside the database: the position moves in the transaction of the effects. A subscriber
    another process is serving right now is left to it (0). An event whose handler fails parks its stream;
    one that had to wait too long for a lock, and all after it, are left for the next call.
    """
    subscriber = subscribers()[name]
    with transaction.atomic():
        subscription = Subscription.objects.select_for_update(skip_locked=True).filter(name=name).first()
        if subscription is None or subscription.position >= upto:
            return 0
        _step_back_early()
        events = list(
            Event.objects.filter(
                id__gt=subscription.position,
                id__lte=upto,
                kind__in=list(subscriber.handlers),
            ).order_by("id")[:batch]
        )
        called, last = _deliver_all(subscriber, events)
        if last is None:
            position = subscription.position
        elif last is events[-1] and len(events) < batch:
            position = upto
        else:
            position = last.id
        if not events:
            position = upto
        Subscription.objects.filter(name=name).update(position=position, moved_at=Now())
    return called


def _step_back_early() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
        # A deferred constraint would fail the whole batch at its end, with nobody to blame: each event answers for itself.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _deliver_all(subscriber: Subscriber, events: list[Event]) -> tuple[int, Event | None]:
    """Deliver events one after the other; give how many, and the last one that need not be looked at again."""
    parked = set(ParkedStream.objects.filter(subscriber=subscriber.name).values_list("stream", flat=True))
    waiting = [event for event in events if event.stream not in parked]
    with remembering():
        try:
            with transaction.atomic():
                return _deliver_plainly(subscriber, events, waiting)
        except (OperationalError, InterfaceError) as error:
            if not is_passing(sqlstate_of(error)) and sqlstate_of(error) != _TOO_SLOW:
                raise
        except Exception:
            log.info("ledger.one_by_one", extra={"subscriber": subscriber.name}, exc_info=True)
    # One of them failed: again, each for itself, so that only its stream stops.
    with remembering():
        return _deliver_one_by_one(subscriber, events, parked)


def _deliver_plainly(subscriber: Subscriber, events: list[Event], waiting: list[Event]) -> tuple[int, Event | None]:
    """Deliver without a savepoint for each event, which would cost as much as many a delivery; any error is raised."""
    following = _next_of_stream(waiting)
    heard, last, called, started = {event.id for event in waiting}, None, 0, monotonic()
    for event in events:
        if event.id in heard:
            after = following.get(event.id)
            # Should the batch end here, the event that covers this one does so in the next.
            if not (subscriber.is_covered and after and subscriber.is_covered(event, after)):
                subscriber.handlers[event.kind](event, event.fact)
            called += 1
        last = event
        if monotonic() - started > BATCH_SECONDS:
            break
    return called, last


def _next_of_stream(events: list[Event]) -> dict[int, Event]:
    following, after = dict[int, Event](), dict[str, Event]()
    for event in reversed(events):
        if event.stream in after:
            following[event.id] = after[event.stream]
        after[event.stream] = event
    return following


def _deliver_one_by_one(subscriber: Subscriber, events: list[Event], parked: set[str]) -> tuple[int, Event | None]:
    called, last, started = 0, None, monotonic()
    for event in events:
        if event.stream not in parked:
            try:
                failure = _deliver(subscriber, event)
            except (OperationalError, InterfaceError) as error:
                if not is_passing(sqlstate_of(error)):
                    raise
                log.info("ledger.waits", extra={"subscriber": subscriber.name, "event": event.id})
                return called, last
            if failure:
                _park(subscriber.name, event, failure)
                parked.add(event.stream)
            called += 1
        last = event
        if monotonic() - started > BATCH_SECONDS:
            break
    return called, last


def _deliver(subscriber: Subscriber, event: Event) -> str:
    """Call the handler in a savepoint and give why it failed, empty when it did not; a lost connection or lock is raised."""
    try:
        with transaction.atomic():
            subscriber.handlers[event.kind](event, event.fact)
    except Exception as error:
        if isinstance(error, OperationalError | InterfaceError) and sqlstate_of(error) != _TOO_SLOW:
            raise
        log.exception("ledger.parked", extra={"subscriber": subscriber.name, "event": event.id})
        return "".join(traceback.format_exception_only(error)).strip()[:LONGEST_ERROR] or type(error).__name__
    return ""


# A statement that ran into its time-out would do so again: that is the event's fault, not the server's.
_TOO_SLOW = "57014"


def sqlstate_of(error: BaseException) -> str:
    """Give the database's code behind an error, empty for a lost connection."""
    return str(getattr(error.__cause__, "sqlstate", None) or "")


def _park(name: str, event: Event, failure: str) -> None:
    ParkedStream.objects.update_or_create(
        subscriber=name,
        stream=event.stream,
        defaults={"event_id": event.id, "error": failure, "parked_at": Now()},
    )


def retry_parked(*, subscriber: str, stream: str, at: datetime) -> bool:
    """Go on with a parked stream from the event it stopped at; False says that it stopped again, there or further on.

    Every event of the stream up to the subscriber's position is delivered in one transaction, in order.
    Raises `NotFound` for a subscriber this version does not have.
    """
    follower = subscribers().get(subscriber)
    if follower is None:
        raise NotFound(_("There is no subscriber %(name)s in this version.") % {"name": subscriber})
    with transaction.atomic():
        subscription = Subscription.objects.select_for_update().filter(name=subscriber).first()
        parked = ParkedStream.objects.select_for_update().filter(subscriber=subscriber, stream=stream).first()
        if subscription is None or parked is None:
            return True
        _step_back_early()
        waiting = Event.objects.filter(
            stream=stream,
            id__gte=parked.event_id,
            id__lte=subscription.position,
            kind__in=list(follower.handlers),
        )
        for event in waiting.order_by("seq"):
            failure = _deliver(follower, event)
            if failure:
                ParkedStream.objects.filter(pk=parked.pk).update(
                    event_id=event.id,
                    error=failure,
                    tries=F("tries") + 1,
                    parked_at=at,
                )
                return False
        parked.delete()
    return True


def enroll() -> None:
    """Give every subscriber its row; a new one starts at the beginning and replays the whole ledger."""
    Subscription.objects.bulk_create(
        [Subscription(name=name) for name in subscribers()],
        ignore_conflicts=True,
    )


def settle(*, patience: float = 60.0) -> int:
    """Run every subscriber until the ledger is quiet; give how many deliveries there were.

    For imports, the demo desk and tests; a server runs `run_follower`. Raises `RuntimeError` when for
    `patience` seconds an open write or another follower elsewhere let nothing be delivered.
    """
    enroll()
    horizon, total, last = Horizon(), 0, monotonic()
    while True:
        upto = horizon.advance()
        called = sum(follow(name, upto=upto) for name in pass_over(upto=upto))
        total += called
        if called:
            last = monotonic()
        elif _all_at(upto) and horizon.fence is None and _take_fence(above=upto) is None:
            return total
        elif monotonic() - last > patience:
            raise RuntimeError("an open write transaction holds the subscribers of the ledger back")
        elif horizon.fence is not None or not _all_at(upto):
            sleep(FENCE_SECONDS)


def _all_at(upto: int) -> bool:
    return not Subscription.objects.filter(name__in=list(subscribers()), position__lt=upto).exists()
