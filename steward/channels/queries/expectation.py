"""What a requester may expect: who answers, where they stand in line, and by when."""

from dataclasses import dataclass
from datetime import datetime

from steward.channels.rules.names import first_name
from steward.desk.models import Queue, Ticket
from steward.desk.queries.timeline import place_in_line, usual_wait
from steward.desk.rules.states import ENDED, State
from steward.roster.queries import next_duty
from steward.sla.queries import response_due


@dataclass(frozen=True)
class Presence:
    """Whether somebody is there to answer: now, from `back_at` on, or nobody is planned (None)."""

    is_staffed: bool
    back_at: datetime | None
    usual_wait: float | None


@dataclass(frozen=True)
class Expectation:
    """What to tell a requester about a ticket, as values; each channel says it in its own way.

    `team` is empty for a queue that only named people may know of; `usual_wait` is in seconds; `place` is 1 for
    the next one; `promised_at` is by when an answer was promised, and may be over.
    """

    team: str
    agent: str
    place: int | None
    usual_wait: float | None
    promised_at: datetime | None
    is_late: bool
    is_staffed: bool
    back_at: datetime | None
    waits_for_desk: bool


def what_to_expect(ticket: Ticket, at: datetime) -> Expectation:
    """Say what the requester of a ticket may expect at an instant; `ticket` comes with its queue, team and assignee."""
    waits = State(ticket.state) not in ENDED | {State.PENDING}
    queue = ticket.queue
    place = place_in_line(ticket) if waits else None
    promised_at = response_due(ticket.pk) if waits else None
    present = presence_of(queue, at, with_wait=waits and ticket.assignee_id is None)
    return Expectation(
        team=queue.team.name if queue.team is not None and not queue.restricted else "",
        agent=first_name(ticket.assignee.name) if ticket.assignee is not None else "",
        place=place,
        usual_wait=present.usual_wait,
        promised_at=promised_at,
        is_late=promised_at is not None and promised_at < at,
        is_staffed=present.is_staffed,
        back_at=present.back_at,
        waits_for_desk=waits,
    )


def presence_of(queue: Queue | None, at: datetime, *, with_wait: bool = True) -> Presence:
    """Say whether somebody of a queue's team is on shift, when somebody is next, and how long people usually wait."""
    if queue is None:
        return Presence(is_staffed=False, back_at=None, usual_wait=None)
    back_at = next_duty(at, team_id=queue.team_id)
    return Presence(
        is_staffed=back_at is not None and back_at <= at,
        back_at=back_at if back_at is not None and back_at > at else None,
        usual_wait=usual_wait(queue.pk) if with_wait else None,
    )


def front_queue() -> Queue | None:
    """Give the queue a new request comes into."""
    queues = Queue.objects.filter(is_active=True, restricted=False, purpose=Queue.Purpose.SUPPORT)
    return queues.order_by("position", "id").first()
