"""A whole and its parts: what is done to all parts at once, and the parts that are solved because their whole is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.errors import DomainError, Invalid
from steward.desk.actions.lifecycle import change_status
from steward.desk.actions.locking import lock
from steward.desk.actions.verbs.registry import Call
from steward.desk.actions.verbs.running import perform_all
from steward.desk.actions.writing import write_message
from steward.desk.models import Message
from steward.desk.queries.access import ticket_seen_by
from steward.desk.queries.wholes import parts_of
from steward.desk.rules.states import WORKING, State
from steward.desk.rules.wholes import solved_along
from steward.people.actor import Actor, ActorKind, system

MOST_AT_ONCE = 100


@dataclass(frozen=True)
class PartDone:
    """What became of one part: done, or why not."""

    ticket_id: int
    error: str = ""


def update_parts(*, whole_id: int, calls: Sequence[Call], by: Actor, at: datetime) -> list[PartDone]:
    """Do the same to every part of a whole that is still worked on, each by itself; give what became of each.

    One that refuses keeps no other from being done.
    """
    ticket_seen_by(by, whole_id)
    if not calls:
        hint = _("Write a reply or a note, or choose a status.")
        raise Invalid(_("Say what is to be done with the parts."), field="reply", hint=hint)
    working = [part.id for part in parts_of(whole_id) if part.state in WORKING]
    if len(working) > MOST_AT_ONCE:
        raise Invalid(
            _("At most %(most)s parts are changed at once.") % {"most": MOST_AT_ONCE},
            field="parts",
            hint=_("Select them in a list, and change them there."),
        )
    return [_try(part_id, calls, by=by, at=at) for part_id in working]


def _try(ticket_id: int, calls: Sequence[Call], *, by: Actor, at: datetime) -> PartDone:
    try:
        perform_all(ticket_id, calls, by=by, at=at)
    except DomainError as error:
        return PartDone(ticket_id, error.message)
    return PartDone(ticket_id)


def solve_along(*, whole_id: int, at: datetime) -> int:
    """Solve the parts that follow their whole; give how many were. One that refuses is told of in a note on the whole."""
    by = system(f"whole:{whole_id}", kind=ActorKind.RULE)
    return sum(_solve(part_id, whole_id, by=by, at=at) for part_id in solved_along(parts_of(whole_id)))


def _solve(part_id: int, whole_id: int, *, by: Actor, at: datetime) -> bool:
    try:
        change_status(ticket_id=part_id, state=State.SOLVED, by=by, at=at)
    except DomainError as error:
        with transaction.atomic():
            body = _("#%(number)s was not solved along: %(reason)s") % {"number": part_id, "reason": error.message}
            write_message(lock(whole_id), body=body, kind=Message.Kind.NOTE, by=by, at=at)
        return False
    return True
