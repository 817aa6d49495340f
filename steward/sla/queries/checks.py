"""Whether clocks are what the ledger and their own log of intervals say."""

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence

from steward.desk.models import Ticket
from steward.ledger.models import Event, ParkedStream, Subscription
from steward.sla import facts
from steward.sla.models import Clock, Interval
from steward.sla.queries.folding import FOLDED_FROM, Folded, differences, fold
from steward.sla.queries.stories import KINDS
from steward.sla.rules.following import SUBSCRIBER
from steward.sla.rules.kinds import NO_PROMISE, ClockKind
from steward.sla.rules.posture import Doing, posture
from steward.sla.rules.reckoning import due, elapsed
from steward.sla.rules.story import Story, tell

CHUNK = 500
_CLOCK_KINDS = [fact.kind for fact in FOLDED_FROM]


def verify_problems() -> Iterator[str]:
    """Say which clocks differ from the fold of their events, from their intervals, or from their ticket's story.

    Tickets with a parked stream are left to whoever mends it.
    """
    position = Subscription.objects.filter(name=SUBSCRIBER).values_list("position", flat=True).first() or 0
    parked = set(ParkedStream.objects.filter(subscriber=SUBSCRIBER).values_list("stream", flat=True))
    last = 0
    while tickets := list(Ticket.objects.filter(id__gt=last).only("id", "due_at").order_by("id")[:CHUNK]):
        last = tickets[-1].pk
        yield from _chunk_problems([t for t in tickets if f"ticket:{t.pk}" not in parked], position)


def _chunk_problems(tickets: Sequence[Ticket], position: int) -> Iterator[str]:
    ids = [ticket.pk for ticket in tickets]
    clocks: dict[int, list[Clock]] = defaultdict(list)
    for clock in Clock.objects.filter(ticket_id__in=ids).select_related("policy_version").order_by("id"):
        clocks[clock.ticket_id].append(clock)
    logs: dict[int, list[Interval]] = defaultdict(list)
    intervals = Interval.objects.filter(clock__ticket_id__in=ids).select_related("calendar_version")
    for interval in intervals.order_by("id"):
        logs[interval.clock_id].append(interval)
    stories, folded = _told(ids, position)
    for ticket in tickets:
        own = clocks.get(ticket.pk, [])
        for clock in own:
            yield from _clock_problems(clock, logs[clock.pk], folded.pop(clock.pk, None))
        yield from _story_problems(ticket, own, stories[ticket.pk])
        earliest = min((clock.due_at for clock in own if clock.due_at), default=None)
        if earliest != ticket.due_at:
            yield f"ticket {ticket.pk} is due {ticket.due_at}, its clocks say {earliest}"
    for clock_id in sorted(folded):
        yield f"clock {clock_id} is in the ledger, but there is no such clock"


def _told(ids: Sequence[int], position: int) -> tuple[dict[int, Story], dict[int, Folded]]:
    events: dict[str, list[Event]] = defaultdict(list)
    streams = [f"ticket:{ticket_id}" for ticket_id in ids]
    for event in Event.objects.filter(stream__in=streams, kind__in=[*KINDS, *_CLOCK_KINDS]).order_by("id"):
        events[event.stream].append(event)
    stories: dict[int, Story] = {}
    folded: dict[int, Folded] = {}
    for ticket_id, stream in zip(ids, streams, strict=True):
        heard = [(e.fact, e.occurred_at, e.actor_kind) for e in events[stream] if e.kind in KINDS and e.id <= position]
        stories[ticket_id] = tell((fact, at, kind) for fact, at, kind in heard if fact is not None)
        by_clock: dict[int, list[facts.ClockFact]] = defaultdict(list)
        for fact in (e.fact for e in events[stream]):
            if isinstance(fact, facts.ClockFact):
                by_clock[fact.clock_id].append(fact)
        folded.update({clock_id: fold(told) for clock_id, told in by_clock.items()})
    return stories, folded


def _clock_problems(clock: Clock, log: Sequence[Interval], told: Folded | None) -> Iterator[str]:
    name = f"clock {clock.pk} ({clock.kind}) of ticket {clock.ticket_id}"
    if told is None:
        yield f"{name} is not in the ledger"
        return
    found = Folded(
        state=clock.state,
        policy_version_id=clock.policy_version_id,
        calendar_version_id=clock.calendar_version_id,
        target_seconds=clock.target_seconds,
        warned=clock.warned_at is not None,
        breaches=(clock.breached_at,) if clock.breached_at else (),
    )
    for difference in differences(told, found):
        yield f"{name}: {difference}"
    yield from (f"{name}: {gap}" for gap in _log_problems(clock, log))


def _log_problems(clock: Clock, log: Sequence[Interval]) -> Iterator[str]:
    if not log or log[0].started_at != clock.started_at:
        yield "its intervals do not begin where it started"
        return
    for one, other in itertools.pairwise(log):
        if one.ended_at != other.started_at:
            yield f"interval {other.pk} does not begin where {one.pk} ends"
            return
    last = log[-1]
    if last.ended_at != clock.stopped_at or (clock.is_active and last.running != (clock.state == Clock.State.RUNNING)):
        yield "its last interval is not what it does"
        return
    spans = [interval.span for interval in log]
    if clock.state == Clock.State.RUNNING:
        wanted = clock.breached_at or due(spans, clock.target_seconds, promised_at=clock.promised_at)
        if wanted != clock.due_at:
            yield f"it is due {clock.due_at}, its intervals say {wanted}"
    if clock.state == Clock.State.PAUSED:
        left = max(0, clock.target_seconds - elapsed(spans, last.started_at))
        if left != clock.left_seconds:
            yield f"{clock.left_seconds} seconds are left, its intervals say {left}"


def _story_problems(ticket: Ticket, clocks: Sequence[Clock], story: Story) -> Iterator[str]:
    for kind in ClockKind:
        latest = next((clock for clock in reversed(clocks) if clock.kind == kind), None)
        if latest is None:
            continue
        wanted = posture(kind, story, latest.policy_version.pause_on)
        doing = wanted.doing if wanted else Doing.OVER
        expected = {Doing.RUN: {Clock.State.RUNNING}, Doing.STAND: {Clock.State.PAUSED}}.get(doing)
        if expected is None:
            is_wrong = latest.is_active
        else:
            # What is owed again may have found no policy that promises it.
            is_wrong = latest.state not in expected and (latest.is_active or latest.reason != NO_PROMISE)
            is_wrong = is_wrong and not _is_of_an_earlier_wait(latest, story)
        if is_wrong:
            yield f"ticket {ticket.pk}: its {kind} clock is {latest.state}, its events ask it to {doing}"


def _is_of_an_earlier_wait(clock: Clock, story: Story) -> bool:
    """Tell whether the latest next-response clock is for an earlier question, the present one being promised nothing."""
    since = story.waiting_since
    return clock.kind == Clock.Kind.NEXT_RESPONSE and not clock.is_active and since is not None and clock.started_at < since
