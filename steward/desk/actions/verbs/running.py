"""Doing several verbs to one ticket, all or none; trying them first without leaving a trace; taking them back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from steward.core.errors import DomainError
from steward.core.trying import without_trace
from steward.desk.actions.verbs.differing import differences
from steward.desk.actions.verbs.registry import Call, Described, prepared, verb_named
from steward.desk.models import Queue
from steward.desk.queries.snapshots import snapshot_seen_by, snapshots
from steward.people.actor import Actor


@dataclass(frozen=True)
class Preview:
    """One step before it is done: what it does in words, what it would change here, or why it may not."""

    call: Call
    words: str
    described: Described


@dataclass(frozen=True)
class Done:
    """One step that was done, with the calls that take it back; none when it changed nothing or cannot be taken back."""

    call: Call
    back: tuple[Call, ...] = ()

    def dump(self) -> dict[str, Any]:
        """Give it as JSON-ready values."""
        return {"call": self.call.dump(), "back": [one.dump() for one in self.back]}

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> "Done":
        """Rebuild what `dump` gave."""
        return cls(Call.load(stored["call"]), tuple(Call.load(one) for one in stored["back"]))


def perform_all(ticket_id: int, calls: Sequence[Call], *, by: Actor, at: datetime) -> list[Done]:
    """Do every step in order, all or none; give each with its way back.

    Raises what the step that cannot be done raises; nothing of this call is written then.
    """
    with transaction.atomic():
        return [Done(call, prepared(call).perform(ticket_id, by, at)) for call in calls]


def take_back(ticket_id: int, done: Sequence[Done], *, by: Actor, at: datetime) -> list[Preview]:
    """Take steps back, the last first, each only where the ticket is still as it was left; give what was left alone, and why.

    What somebody has changed since is theirs, and left; so is what cannot be done any more.
    """
    with transaction.atomic():
        kept = [one for one in reversed(done) if one.back and not _take_back(ticket_id, one, by=by, at=at)]
    return [Preview(one.call, words_of(one.call), Described()) for one in kept]


def _take_back(ticket_id: int, done: Done, *, by: Actor, at: datetime) -> bool:
    try:
        with transaction.atomic():
            ticket = snapshot_seen_by(by, ticket_id)
            if verb_named(done.call.verb).lasts and not prepared(done.call).describe(ticket, by).is_nothing:
                return False
            for call in done.back:
                prepared(call).perform(ticket_id, by, at)
    except DomainError:
        return False
    return True


def words_of(call: Call) -> str:
    """Say what a call does, whatever the ticket; its name where its verb or something it names is gone."""
    try:
        return prepared(call).words()
    except DomainError:
        return call.verb


def rehearse(ticket_id: int, calls: Sequence[Call], *, by: Actor, at: datetime) -> list[Preview]:
    """Say what each step would change, given those before it, by doing them and taking all of it back.

    So the preview meets every rule that the run will meet. Raises `NotFound` for a ticket out of sight.
    """
    snapshot_seen_by(by, ticket_id)
    with without_trace():
        return [_try(ticket_id, call, by=by, at=at) for call in calls]


def _try(ticket_id: int, call: Call, *, by: Actor, at: datetime) -> Preview:
    words = call.verb
    try:
        with transaction.atomic():
            step = prepared(call)
            words = step.words()
            before = snapshot_seen_by(by, ticket_id)
            described = step.describe(before, by)
            if described.changes and not described.refused:
                step.perform(ticket_id, by, at)
                # Moved out of sight, it is read all the same: what came of it is the actor's own doing.
                after = snapshots([ticket_id], queue_ids=Queue.objects.values_list("id", flat=True))[ticket_id]
                described = Described((*described.changes, *differences(before, after, told=described.changes)))
    except DomainError as error:
        described = Described(refused=error.message)
    return Preview(call, words, described)
