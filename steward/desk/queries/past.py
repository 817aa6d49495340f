"""Tickets as they were at an instant of their past, folded from the events up to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from steward.desk.models import Category, Queue, Status
from steward.desk.queries.fold import fold
from steward.desk.queries.snapshots import snapshots
from steward.desk.rules.snapshot import Snapshot
from steward.ledger.models import Event
from steward.people.models import User


@dataclass
class Past:
    """The pasts of several tickets, read together: their events, and what the ids in them are called today."""

    present: dict[int, Snapshot]
    events: dict[int, list[Event]]
    queues: dict[int, tuple[str, str]] = field(default_factory=dict)
    statuses: dict[int, str] = field(default_factory=dict)
    categories: dict[int, str] = field(default_factory=dict)
    users: dict[int, str] = field(default_factory=dict)

    def at(self, ticket_id: int, *, upto_event: int) -> Snapshot | None:
        """Give a ticket as it was right after an event; what the ledger does not tell (subject, requester) is as it is today.

        None for a ticket that is not among those read.
        """
        present = self.present.get(ticket_id)
        if present is None:
            return None
        events = [event for event in self.events.get(ticket_id, []) if event.id <= upto_event]
        was = fold((event.fact, event.occurred_at) for event in events if event.fact is not None)
        queue_name, purpose = self.queues.get(was.queue_id or 0, ("", ""))
        return replace(
            present,
            state=was.state,
            status_id=was.status_id or 0,
            priority=was.priority or present.priority,
            queue_id=was.queue_id or 0,
            queue_purpose=purpose,
            category_id=was.category_id,
            assignee_id=was.assignee_id,
            waiting_reason=was.waiting_reason,
            tag_ids=was.tags,
            solved_at=was.solved_at,
            status_name=self.statuses.get(was.status_id or 0, ""),
            queue_name=queue_name,
            category_name=self.categories.get(was.category_id or 0, ""),
            assignee_name=self.users.get(was.assignee_id or 0, ""),
        )


def past_of(ticket_ids: Iterable[int], *, queue_ids: Sequence[int]) -> Past:
    """Read the pasts of tickets that stand today in the given queues: a fixed number of statements, however many tickets."""
    present = snapshots(ticket_ids, queue_ids=queue_ids)
    events: dict[int, list[Event]] = {}
    for event in Event.objects.filter(stream__in=[f"ticket:{pk}" for pk in present]).order_by("stream", "seq"):
        events.setdefault(event.subject_id, []).append(event)
    return Past(
        present=present,
        events=events,
        queues={pk: (name, purpose) for pk, name, purpose in Queue.objects.values_list("id", "name", "purpose")},
        statuses=dict(Status.objects.values_list("id", "name")),
        categories=dict(Category.objects.values_list("id", "name")),
        users=dict(User.objects.values_list("id", "name")),
    )
