"""The clocks of tickets, as lists and the ticket's page show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from steward.core.prepared import Prepared
from steward.core.rows import rows
from steward.sla.models import Clock, Interval
from steward.sla.rules.kinds import ACTIVE


@dataclass(frozen=True)
class ClockView:
    """A clock at an instant.

    While it runs, `seconds_left` is real time until `due_at`, negative once overdue; while it stands still it is the
    business time left, and `reason` says what it waits for (requester, engineering, vendor, …). None once stopped.
    """

    clock_id: int
    ticket_id: int
    kind: str
    state: str
    reason: str
    due_at: datetime | None
    seconds_left: int | None
    target_seconds: int
    policy_name: str
    started_at: datetime
    warned_at: datetime | None
    breached_at: datetime | None
    stopped_at: datetime | None

    @property
    def is_running(self) -> bool:
        """Tell whether it runs."""
        return self.state == Clock.State.RUNNING

    @property
    def is_paused(self) -> bool:
        """Tell whether it stands still."""
        return self.state == Clock.State.PAUSED

    @property
    def is_breached(self) -> bool:
        """Tell whether the promise is known to be broken."""
        return self.breached_at is not None

    @property
    def is_warned(self) -> bool:
        """Tell whether the promise was warned of and still stands."""
        return self.warned_at is not None and self.breached_at is None


def clocks_for(ticket_ids: Iterable[int], *, at: datetime) -> dict[int, list[ClockView]]:
    """Give the active clocks of many tickets in one query, the most pressing first; every ticket has its list."""
    found: dict[int, list[ClockView]] = {ticket_id: [] for ticket_id in ticket_ids}
    clocks = Clock.objects.active().filter(ticket_id__in=list(found)).select_related("policy_version__policy")
    for clock in clocks.order_by("ticket_id", "id"):
        found[clock.ticket_id].append(_view(clock, at))
    for views in found.values():
        views.sort(key=_pressing)
    return found


_PRESSING = """
SELECT DISTINCT ON (ticket_id) ticket_id, kind, state, due_at, coalesce(warn_due_at, warned_at), reason, breached_at IS NOT NULL
  FROM sla_clock WHERE ticket_id = ANY(%s) AND state IN ('running', 'paused')
 ORDER BY ticket_id, due_at NULLS LAST, left_seconds, id
"""


@dataclass(frozen=True)
class Pressing:
    """The clock of a ticket that a list shows: the running one due first, else one that stands still."""

    ticket_id: int
    kind: str
    state: str
    due_at: datetime | None
    warn_at: datetime | None
    reason: str
    is_breached: bool


def pressing(ticket_ids: Iterable[int]) -> list[Pressing]:
    """Give the most pressing active clock of each of these tickets that has one, in one query."""
    # Once the warning was given, its instant is when it was given.
    return [Pressing(*row) for row in rows(_PRESSING, [list(ticket_ids)])]


_CLOCKS = Prepared(
    lambda ticket_id: (
        Clock.objects.filter(ticket_id=ticket_id).select_related("policy_version__policy").order_by("started_at", "id")
    ),
    ticket_id=int,
)
_INTERVALS = Prepared(
    lambda ticket_id: Interval.objects.filter(clock__ticket_id=ticket_id).select_related("clock").order_by("clock_id", "id"),
    ticket_id=int,
)


def clocks_of(ticket_id: int, *, at: datetime) -> list[ClockView]:
    """Give every clock a ticket has had, in the order they started, for its page."""
    return [_view(clock, at) for clock in _CLOCKS.all(ticket_id=ticket_id)]


def most_pressing(views: Iterable[ClockView]) -> ClockView | None:
    """Choose the clock a list shows: the running one due first, else one that stands still."""
    return min((view for view in views if view.state in ACTIVE), key=_pressing, default=None)


def intervals_of(ticket_id: int) -> list[Interval]:
    """Give when each clock of a ticket ran and stood still, and why, in order."""
    return _INTERVALS.all(ticket_id=ticket_id)


def response_due(ticket_id: int) -> datetime | None:
    """Say by when the requester was promised an answer, for the requester's page; None when nothing is promised now."""
    kinds = [Clock.Kind.FIRST_RESPONSE, Clock.Kind.NEXT_RESPONSE]
    running = Clock.objects.filter(ticket_id=ticket_id, kind__in=kinds, state=Clock.State.RUNNING)
    due: datetime | None = running.order_by("due_at").values_list("due_at", flat=True).first()
    return due


def _view(clock: Clock, at: datetime) -> ClockView:
    left = clock.left_seconds
    if clock.due_at is not None:
        left = int((clock.due_at - at).total_seconds())
    return ClockView(
        clock_id=clock.pk,
        ticket_id=clock.ticket_id,
        kind=clock.kind,
        state=clock.state,
        reason=clock.reason,
        due_at=clock.due_at,
        seconds_left=left,
        target_seconds=clock.target_seconds,
        policy_name=clock.policy_version.policy.name,
        started_at=clock.started_at,
        warned_at=clock.warned_at,
        breached_at=clock.breached_at,
        stopped_at=clock.stopped_at,
    )


def _pressing(view: ClockView) -> tuple[bool, float, int]:
    return view.due_at is None, view.due_at.timestamp() if view.due_at else float(view.seconds_left or 0), view.clock_id
