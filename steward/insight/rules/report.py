"""The figures of a day: each a number with the tickets behind it."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from steward.insight.rules.folding import TicketDay

OLDEST_SHOWN = 5
MOST_NOTABLE = 25
URGENT = 1
# Upper ends of the age buckets; the last one has none.
AGES = (timedelta(hours=4), timedelta(hours=24), timedelta(days=3), timedelta(days=7))
FIGURES: dict[str, Callable[[TicketDay], bool]] = {
    "received": lambda t: t.received,
    "answered": lambda t: t.replies > 0,
    "solved": lambda t: t.solved,
    "confirmed": lambda t: t.confirmed,
    "closed_unconfirmed": lambda t: t.closed_as == "unconfirmed",
    "closed_other": lambda t: t.closed_as == "other",
    "closed_merged": lambda t: t.closed_as == "merged",
    "denied": lambda t: t.denied,
    "reopened": lambda t: t.reopened > 0,
    "breached": lambda t: bool(t.breached),
    "handed_on": lambda t: bool(t.handed_on),
    "handled": lambda t: t.handled_for > 0,
    "backlog": lambda t: t.is_waiting,
}
_STATES = ("new", "open", "pending", "on_hold")


@dataclass(frozen=True)
class Figure:
    """A number and the tickets behind it, lowest number first."""

    ticket_ids: tuple[int, ...] = ()

    @property
    def count(self) -> int:
        """Give the number itself."""
        return len(self.ticket_ids)


@dataclass(frozen=True)
class Waiting:
    """A state tickets waited in when the day ended, with the reason where it has one."""

    state: str
    reason: str
    figure: Figure


@dataclass(frozen=True)
class Part:
    """The day's figures of one queue or category, by its id as of that day (None: without)."""

    id: int | None
    figures: dict[str, Figure]


@dataclass(frozen=True)
class Why:
    """One reason why a ticket is worth a look; `detail` is a count, a clock's name or a number of seconds."""

    code: str
    detail: str | int = ""


@dataclass(frozen=True)
class Notable:
    """A ticket worth a look, with every reason for it."""

    ticket_id: int
    reasons: tuple[Why, ...]


@dataclass(frozen=True)
class Handed:
    """A ticket handed on: to whom, when, and the note that says why."""

    ticket_id: int
    purpose: str
    queue_id: int
    at: datetime
    note_id: int | None


@dataclass(frozen=True)
class Age:
    """How old the backlog was when the day ended: seconds, and tickets by age (`upto` seconds, None for older)."""

    p50: float | None = None
    p90: float | None = None
    oldest: float | None = None
    buckets: tuple[tuple[float | None, Figure], ...] = ()


@dataclass(frozen=True)
class HandleTime:
    """How long the tickets handled that day were in hand that day: seconds; nobody is named."""

    p50: float | None = None
    p90: float | None = None
    total: int = 0


@dataclass(frozen=True)
class Figures:
    """Everything a daily report counts."""

    figures: dict[str, Figure]
    replies: int
    breached: dict[str, Figure]
    waiting: tuple[Waiting, ...]
    age: Age
    handle_time: HandleTime
    queues: tuple[Part, ...]
    categories: tuple[Part, ...]
    handed_on: tuple[Handed, ...]
    notable: tuple[Notable, ...]
    notable_total: int
    standing: dict[int, TicketDay] = field(default_factory=dict, compare=False)


def summarize(tickets: Iterable[TicketDay], *, end: datetime) -> Figures:
    """Count a day: pure, so that the same tickets always give the same report."""
    kept = sorted(tickets, key=lambda ticket: ticket.ticket_id)
    backlog = [ticket for ticket in kept if ticket.is_waiting]
    notable = notable_tickets(kept, end=end)
    return Figures(
        figures=_figures(kept),
        replies=sum(ticket.replies for ticket in kept),
        breached={
            kind: _behind(kept, lambda ticket, kind=kind: kind in ticket.breached)  # type: ignore[misc]
            for kind in sorted({kind for ticket in kept for kind in ticket.breached})
        },
        waiting=_waiting(backlog),
        age=_age(backlog, end=end),
        handle_time=_handle_time(kept),
        queues=_parts(kept, lambda ticket: ticket.queue_id),
        categories=_parts(kept, lambda ticket: ticket.category_id),
        handed_on=tuple(
            Handed(ticket.ticket_id, one.purpose, one.queue_id, one.at, one.note_id) for ticket in kept for one in ticket.handed_on
        ),
        notable=tuple(notable[:MOST_NOTABLE]),
        notable_total=len(notable),
        standing={ticket.ticket_id: ticket for ticket in kept},
    )


def _behind(tickets: Iterable[TicketDay], wanted: Callable[[TicketDay], bool]) -> Figure:
    return Figure(tuple(ticket.ticket_id for ticket in tickets if wanted(ticket)))


def _figures(tickets: list[TicketDay]) -> dict[str, Figure]:
    return {name: _behind(tickets, wanted) for name, wanted in FIGURES.items()}


def _waiting(backlog: list[TicketDay]) -> tuple[Waiting, ...]:
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for ticket in backlog:
        groups[ticket.state, ticket.reason].append(ticket.ticket_id)
    ordered = sorted(groups, key=lambda key: (_STATES.index(key[0]), key[1]))
    return tuple(Waiting(state, reason, Figure(tuple(groups[state, reason]))) for state, reason in ordered)


def _age(backlog: list[TicketDay], *, end: datetime) -> Age:
    aged = sorted(((end - ticket.opened_at).total_seconds(), ticket.ticket_id) for ticket in backlog if ticket.opened_at)
    ages = [age for age, _id in aged]
    edges = [0.0, *(limit.total_seconds() for limit in AGES), float("inf")]
    buckets = tuple(
        (
            None if above == float("inf") else above,
            Figure(tuple(sorted(ticket_id for age, ticket_id in aged if below <= age < above))),
        )
        for below, above in pairwise(edges)
    )
    return Age(
        p50=quantile(ages, 0.5),
        p90=quantile(ages, 0.9),
        oldest=ages[-1] if ages else None,
        buckets=buckets,
    )


def _handle_time(tickets: list[TicketDay]) -> HandleTime:
    times = sorted(float(ticket.handled_for) for ticket in tickets if ticket.handled_for)
    return HandleTime(p50=quantile(times, 0.5), p90=quantile(times, 0.9), total=int(sum(times)))


def quantile(ordered: list[float], share: float) -> float | None:
    """Give the value below which a share of ordered values lies, between two values in proportion; None of none."""
    if not ordered:
        return None
    place = (len(ordered) - 1) * share
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _parts(tickets: list[TicketDay], key: Callable[[TicketDay], int | None]) -> tuple[Part, ...]:
    groups: dict[int | None, list[TicketDay]] = defaultdict(list)
    for ticket in tickets:
        groups[key(ticket)].append(ticket)
    parts = [Part(part_id, _figures(group)) for part_id, group in groups.items()]
    return tuple(sorted((part for part in parts if any(figure.count for figure in part.figures.values())), key=_busiest_first))


def _busiest_first(part: Part) -> tuple[int, int, int]:
    return (-part.figures["received"].count, -part.figures["backlog"].count, part.id or 0)


_WEIGHT = {"breached": 0, "denied": 1, "reopened_often": 2, "urgent": 3, "longest_waiting": 4}
_REOPENED_OFTEN = 2


def notable_tickets(tickets: list[TicketDay], *, end: datetime) -> list[Notable]:
    """Pick the tickets worth a look, those with the gravest and most reasons first.

    A promise broken that day, a fix denied, a second reopening, an urgent request that came or still waits, and
    the few that have waited longest since they were opened.
    """
    waiting = sorted((t for t in tickets if t.is_waiting and t.opened_at), key=lambda t: (t.opened_at, t.ticket_id))
    oldest = {ticket.ticket_id for ticket in waiting[:OLDEST_SHOWN]}
    found = [Notable(t.ticket_id, reasons) for t in tickets if (reasons := tuple(_reasons(t, oldest, end)))]
    return sorted(found, key=lambda n: (min(_WEIGHT[why.code] for why in n.reasons), -len(n.reasons), n.ticket_id))


def _reasons(ticket: TicketDay, oldest: set[int], end: datetime) -> Iterable[Why]:
    for kind in sorted(ticket.breached):
        yield Why("breached", kind)
    if ticket.denied:
        yield Why("denied")
    if ticket.reopened and ticket.reopened_ever >= _REOPENED_OFTEN:
        yield Why("reopened_often", ticket.reopened_ever)
    if ticket.priority == URGENT and (ticket.received or ticket.is_waiting):
        yield Why("urgent")
    if ticket.ticket_id in oldest and ticket.opened_at:
        yield Why("longest_waiting", int((end - ticket.opened_at).total_seconds()))
