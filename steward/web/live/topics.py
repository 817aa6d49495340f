"""What a change is about, and who may hear of it."""

from collections.abc import Mapping
from dataclasses import dataclass

# What a requester's own page shows; a note or a change of priority is none of their business, not even as a stir.
TOLD_TO_REQUESTERS = frozenset(
    {
        "desk.ticket_opened",
        "desk.message_received",
        "desk.reply_sent",
        "desk.status_changed",
        "desk.ticket_assigned",
        "desk.ticket_transferred",
        "desk.question_answered",
        "desk.fix_confirmed",
        "desk.fix_denied",
        "desk.participant_added",
        "desk.participant_removed",
        # The promise on the status card.
        "sla.clock_started",
    }
)


@dataclass(frozen=True)
class Change:
    """An event of the ledger as the hub reads it."""

    id: int
    stream: str
    kind: str
    payload: Mapping[str, object]


@dataclass(frozen=True)
class Place:
    """Where a ticket stands now: its queue, its requester, and the queue it has just left.

    `asked_on` are the requests, each with its requester, that were merged into it: their own pages show how it goes on; and
    those that somebody else takes part in, with that one.
    """

    queue_id: int
    requester_id: int
    left_queue_id: int | None = None
    asked_on: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Sight:
    """What one listener may hear of."""

    user_id: int
    requester_id: int | None
    queue_ids: frozenset[int]


def subject_of(stream: str) -> tuple[str, int]:
    """Split `ticket:7` into its kind and id; a stream without a number has the id 0."""
    kind, _colon, number = stream.partition(":")
    return kind, int(number) if number.isdecimal() else 0


# What changes nothing on any page: how long somebody looked is nobody's news.
_QUIET = frozenset({"desk.ticket_handled", "desk.handling_corrected"})
# Of a person's own events these do not touch what they may see.
_NO_SIGHT = frozenset(
    {
        "people.notice_given",
        "people.notices_read",
        "people.notice_preference_changed",
        "people.user_joined",
        "roster.break_started",
        "roster.break_ended",
    }
)


def changes_sight_of(change: Change) -> int | None:
    """Say whose sight an event may have changed: a user's id, 0 for everybody's, None for nobody's."""
    kind, number = subject_of(change.stream)
    if kind == "queue":
        return 0
    if kind == "user" and change.kind not in _NO_SIGHT:
        return number
    return None


def topics_of(change: Change, place: Place | None) -> frozenset[str]:
    """Name every topic that a change may be heard under, by whomever."""
    if change.kind in _QUIET:
        return frozenset()
    topics = {change.stream}
    if change.kind == "desk.ticket_assigned":
        topics |= {f"user:{user_id}" for user_id in _owners(change)}
    if place is not None:
        topics |= {f"queue:{place.queue_id}", f"requester:{place.requester_id}"}
        if place.left_queue_id is not None:
            topics.add(f"queue:{place.left_queue_id}")
        for ticket_id, requester_id in place.asked_on:
            topics |= {f"ticket:{ticket_id}", f"requester:{requester_id}"}
    return frozenset(topics)


def topics_heard(change: Change, place: Place | None, sight: Sight) -> frozenset[str]:
    """Name the topics of a change for one listener; empty for what they may not know of.

    Agents hear of tickets in the queues they see, and of one that leaves for a queue they do not see only
    that its old queue changed. Requesters hear what their own page shows of their own tickets.
    """
    if change.kind in _QUIET:
        return frozenset()
    kind, number = subject_of(change.stream)
    if kind == "user":
        return frozenset({change.stream}) if number == sight.user_id else frozenset()
    if kind != "ticket":
        return frozenset({change.stream}) if kind == "queue" and number in sight.queue_ids else frozenset()
    if place is None:
        return frozenset()
    heard: set[str] = set()
    if place.queue_id in sight.queue_ids:
        heard |= {change.stream, f"queue:{place.queue_id}"}
        # Whoever gets or loses a ticket follows their own stream, not every queue.
        if change.kind == "desk.ticket_assigned" and sight.user_id in _owners(change):
            heard.add(f"user:{sight.user_id}")
    if place.left_queue_id in sight.queue_ids:
        heard.add(f"queue:{place.left_queue_id}")
    if place.requester_id == sight.requester_id and change.kind in TOLD_TO_REQUESTERS:
        heard |= {change.stream, f"requester:{place.requester_id}"}
    if place.asked_on and sight.requester_id is not None and change.kind in TOLD_TO_REQUESTERS:
        own = {f"ticket:{ticket_id}" for ticket_id, requester_id in place.asked_on if requester_id == sight.requester_id}
        heard |= own | ({f"requester:{sight.requester_id}"} if own else set())
    return frozenset(heard)


def _owners(change: Change) -> set[object]:
    return {change.payload.get("old_assignee_id"), change.payload.get("new_assignee_id")} - {None}
