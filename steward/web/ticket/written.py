"""What is being written on a ticket: one's drafts, colleagues' drafts, replies that wait, and when one may go out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils.translation import gettext as _

from steward.core.errors import Invalid
from steward.desk.actions.macro_holding import speaks
from steward.desk.actions.verbs.looking_up import looked_up
from steward.desk.actions.verbs.registry import Call
from steward.desk.actions.verbs.running import words_of
from steward.desk.actions.writing import LONGEST_BODY, MOST_FILES
from steward.desk.models import Ticket
from steward.desk.queries.writing import Waiting, writing_on
from steward.desk.rules.holding import next_morning
from steward.desk.rules.states import State, moves_from
from steward.people.actor import Actor
from steward.people.rules import Capability
from steward.web.shared.asking import Request, text
from steward.web.shared.context import DEFAULT_FILE_BYTES
from steward.web.shared.times import day_and_time
from steward.web.ticket.asking import instant

THEIRS, MINE, PICKED = "theirs", "mine", "picked"


@dataclass(frozen=True)
class Held:
    """A waiting reply as drawn: with the seconds left, and whether the reader may decide about it."""

    reply: Waiting
    seconds: int
    mine: bool
    decides: bool
    # What else the macro does that waits with it, in words.
    with_it: tuple[str, ...] = ()


def writing(actor: Actor, ticket: Ticket, *, at: datetime) -> dict[str, Any]:
    """Give what the boxes need, in one query: kept drafts, fresh tokens, limits, what may follow a reply, and when it may go."""
    found = writing_on(actor, ticket.pk)
    leads = actor.can(Capability.ASSIGN_OTHERS)
    return {
        "reply_token": str(uuid4()),
        "note_token": str(uuid4()),
        "max_bytes": getattr(settings, "MAX_FILE_BYTES", DEFAULT_FILE_BYTES),
        "max_files": MOST_FILES,
        "max_length": LONGEST_BODY,
        "may_follow": {state.value for state in moves_from(State(ticket.state))},
        "drafts": found.own,
        "foreign_drafts": found.foreign,
        "leads": leads,
        "held": [
            Held(
                reply=one,
                seconds=max(0, round((one.due_at - at).total_seconds())),
                mine=one.author_id == actor.user_id,
                decides=leads or one.author_id == actor.user_id,
                with_it=_with_it(one),
            )
            for one in found.waiting
        ],
        "later": _later(actor, ticket, at),
    }


def _with_it(waiting: Waiting) -> tuple[str, ...]:
    calls = [call for one in waiting.calls if not speaks(call := Call.load(one))]
    if not calls:
        return ()
    with looked_up(calls):
        return tuple(words_of(call) for call in calls)


def _later(actor: Actor, ticket: Ticket, at: datetime) -> list[tuple[str, str, str]]:
    theirs = _their_morning(ticket, at)
    mine = next_morning(at, actor.time_zone)
    offered = [(THEIRS, _("At 9:00 their time"), day_and_time(theirs, at=at))] if theirs else []
    # Where both are one, theirs says more.
    return offered if theirs == mine else [*offered, (MINE, _("At 9:00 my time"), day_and_time(mine, at=at))]


def _their_morning(ticket: Ticket, at: datetime) -> datetime | None:
    zone = ticket.requester.time_zone
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return None
    return next_morning(at, zone) if zone else None


def send_at(request: Request, ticket: Ticket, *, at: datetime) -> datetime | None:
    """Read when a reply is to go out, None for at once; raises `Invalid` for what is no time."""
    chosen = text(request, "send_at")
    if not chosen:
        return None
    if chosen == MINE:
        return next_morning(at, request.actor.time_zone)
    if chosen == THEIRS and (theirs := _their_morning(ticket, at)):
        return theirs
    if chosen == PICKED:
        return instant(request, "send_at_local")
    raise Invalid(_("That is not one of the choices."), field="send_at", hint=_("Reload the page: it may have changed."))
