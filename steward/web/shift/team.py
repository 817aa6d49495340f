"""Who is on shift with how much in hand, and what waits in queues for which nobody is there: a lead's block of the start page."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from steward.core import clock
from steward.desk.queries.load import loads, takes
from steward.desk.queries.shift import WaitingQueue, queues_waiting
from steward.people.models import Membership
from steward.people.rules import Capability
from steward.roster.models import Shift, ShiftKind
from steward.roster.queries import next_duty, on_break, shifts_between
from steward.web.shared.asking import Request
from steward.web.shift.asking import workers_only

MOMENT = timedelta(microseconds=1)
MOST_PEOPLE = 60


@dataclass(frozen=True)
class Present:
    """Somebody on duty: until when, what they have in hand and take, and whether they are on a break."""

    shift: Shift
    load: float
    capacity: int | None
    is_away: bool

    @property
    def is_full(self) -> bool:
        """Tell whether they take no more."""
        return self.capacity is not None and self.load >= self.capacity


@dataclass(frozen=True)
class Uncovered:
    """A queue in which tickets wait, with nobody on shift who takes them, and when somebody will be."""

    queue: WaitingQueue
    next_at: datetime | None


@require_safe
@workers_only
def block(request: Request) -> HttpResponse:
    if not request.actor.can(Capability.MANAGE_SHIFTS):
        raise Http404
    return render(request, "shift/team.html", _read([queue.pk for queue in request.queues], clock.now()))


def _read(queue_ids: list[int], at: datetime) -> dict[str, Any]:
    running = [one for one in shifts_between(at, at + MOMENT) if one.kind == ShiftKind.DUTY and one.user.is_active]
    ids = [one.user_id for one in running]
    loaded, taken, away = loads(ids), takes(ids), on_break(ids)
    waiting = queues_waiting(queue_ids=queue_ids)
    present = [Present(one, loaded[one.user_id], taken[one.user_id].capacity, one.user_id in away) for one in running]
    here = set(ids) - away
    served = {one.team_id for one in running if one.user_id in here} | _teams(here)
    uncovered = [one for one in waiting if not _is_covered(one, here, served)]
    return {
        "present": sorted(present, key=lambda one: (-one.load, one.shift.user.name))[:MOST_PEOPLE],
        "waiting": waiting,
        # When somebody who is named on a restricted queue comes is not told: others may be on the roster before.
        "uncovered": [Uncovered(one, None if one.restricted else next_duty(at, team_id=one.team_id)) for one in uncovered[:5]],
        "next_at": None if running else next_duty(at),
        "at": at,
    }


def _is_covered(queue: WaitingQueue, here: set[int], served: set[int | None]) -> bool:
    """Tell whether somebody on shift takes the tickets of a queue; of a restricted one only those named know."""
    if queue.restricted and not here.intersection(queue.named):
        return False
    return bool(here) and (queue.team_id is None or queue.team_id in served)


def _teams(user_ids: set[int]) -> set[int | None]:
    return set(Membership.objects.filter(user_id__in=user_ids).values_list("team_id", flat=True)) if user_ids else set()
