"""Doing several verbs to one ticket, all or none; and trying them first without leaving a trace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from steward.core.errors import DomainError
from steward.desk.actions.verbs.registry import Call, Described, prepared
from steward.desk.queries.snapshots import snapshot_seen_by
from steward.people.actor import Actor


@dataclass(frozen=True)
class Preview:
    """One step before it is done: what it does in words, what it would change here, or why it may not."""

    call: Call
    words: str
    described: Described


def perform_all(ticket_id: int, calls: Sequence[Call], *, by: Actor, at: datetime) -> tuple[Call, ...]:
    """Do every step in order, all or none; give the calls that take it back, last first.

    Raises what the step that cannot be done raises; nothing of this call is written then.
    """
    back: list[Call] = []
    with transaction.atomic():
        for call in calls:
            back[:0] = prepared(call).perform(ticket_id, by, at)
    return tuple(back)


def rehearse(ticket_id: int, calls: Sequence[Call], *, by: Actor, at: datetime) -> list[Preview]:
    """Say what each step would change, given those before it, by doing them and taking all of it back.

    So the preview meets every rule that the run will meet. Raises `NotFound` for a ticket out of sight.
    """
    snapshot_seen_by(by, ticket_id)
    with transaction.atomic():
        previews = [_try(ticket_id, call, by=by, at=at) for call in calls]
        transaction.set_rollback(True)
    return previews


def _try(ticket_id: int, call: Call, *, by: Actor, at: datetime) -> Preview:
    words = call.verb
    try:
        with transaction.atomic():
            step = prepared(call)
            words = step.words()
            described = step.describe(snapshot_seen_by(by, ticket_id), by)
            if described.changes and not described.refused:
                step.perform(ticket_id, by, at)
    except DomainError as error:
        described = Described(refused=error.message)
    return Preview(call, words, described)
