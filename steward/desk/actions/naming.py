"""Naming people and teams in a note: they are told, and watch the ticket from then on."""

from datetime import datetime

from steward.desk.actions.telling_watchers import tell
from steward.desk.actions.watching import How, start_watching
from steward.desk.facts.structure import Mentioned
from steward.desk.models import Mention, Message, Ticket
from steward.desk.notice_kinds import MENTION
from steward.desk.queries.mentions import nameable
from steward.desk.rules.mentions import named_in
from steward.ledger.actions.recording import record
from steward.people.actor import Actor


def name_people(ticket: Ticket, note: Message, *, by: Actor, at: datetime) -> None:
    """Keep whom a note just written on a locked ticket names, and tell them; only who sees the ticket can be named."""
    if "@" not in note.body:
        return
    known = nameable(ticket.queue)
    named = set(named_in(note.body, [one.name for one in known]))
    chosen = [one for one in known if one.name in named]
    for one in chosen:
        user_id = one.user_ids[0] if one.team_id is None else None
        Mention.objects.create(message=note, user_id=user_id, team_id=one.team_id)
        record(Mentioned(ticket_id=ticket.pk, message_id=note.pk, user_id=user_id, team_id=one.team_id), by=by, at=at)
    people = list(dict.fromkeys(pk for one in chosen for pk in one.user_ids if pk != by.user_id))
    # A whole team is told, but made to watch only person by person: a team hears of what it is asked, not of all that follows.
    start_watching(ticket, [pk for one in chosen if one.team_id is None for pk in one.user_ids], how=How.MENTION, by=by, at=at)
    tell(ticket, people, kind=MENTION, data={"message_id": note.pk}, by=by, at=at)
