"""Side conversations beside a ticket: with a team of this desk, or a third party."""

from datetime import datetime

from ninja import Router

from steward.api.operations import CREATED, get, post
from steward.api.shapes import Given, Id, Line, PathId, Sent, Text
from steward.api.tokens import Asked
from steward.api.v1.files import uploaded
from steward.api.v1.finding import named
from steward.api.v1.showing import MessageOut, message_out
from steward.api.v1.tickets import READ, WRITE, Handles
from steward.core import clock
from steward.desk.actions.asides import answer_aside, end_aside, renew_link, reopen_aside, say_aside, start_aside
from steward.desk.models import Conversation
from steward.desk.queries.access import ticket_seen_by
from steward.desk.queries.asides import aside_for_team, aside_on, asides_of, asked_of, words_of
from steward.desk.queries.family import family_with
from steward.people.models import Team

router = Router(tags=["Side conversations"])


class AsideOut(Given):
    """A side conversation in a list; `waits` says that the last word is theirs who were asked."""

    id: int
    ticket_id: int
    topic: str
    party: str
    is_team: bool
    ended_at: datetime | None
    count: int
    waits: bool
    last_at: datetime | None


class ThreadOut(Given):
    """A side conversation with what was said in it."""

    id: int
    topic: str
    party: str
    team_id: int | None
    ended_at: datetime | None
    messages: list[MessageOut]


def _thread(conversation: Conversation) -> ThreadOut:
    conversation.refresh_from_db()
    return ThreadOut(
        id=conversation.pk,
        topic=conversation.topic,
        party=conversation.party,
        team_id=conversation.team_id,
        ended_at=conversation.ended_at,
        messages=[message_out(one) for one in words_of(conversation)],
    )


def _aside(request: Asked, ticket_id: int, conversation_id: int) -> Conversation:
    return aside_on(family_with(ticket_seen_by(request.actor, ticket_id)), conversation_id)


@get(router, "/tickets/{int:ticket_id}/asides", scope=READ, out=list[AsideOut])
def list_asides(request: Asked, ticket_id: PathId) -> list[AsideOut]:
    """List the side conversations of a ticket."""
    found = asides_of(family_with(ticket_seen_by(request.actor, ticket_id)))
    return [AsideOut.model_validate(one) for one in found]


class AsideIn(Sent):
    """Whom to ask beside a ticket: a team of this desk, or somebody by name and address."""

    topic: Line
    body: Text
    party: Line = ""
    address: Line = ""
    team_id: Id | None = None
    files: Handles = []


@post(router, "/tickets/{int:ticket_id}/asides", scope=WRITE, out=ThreadOut, status=CREATED)
def ask_aside(request: Asked, ticket_id: PathId, body: AsideIn) -> ThreadOut:
    """Ask a team, or a third party, beside a ticket; nothing of it reaches the requester."""
    started = start_aside(
        ticket_id=ticket_id,
        topic=body.topic,
        body=body.body,
        party=body.party,
        address=body.address,
        team=named(Team, body.team_id, "team_id"),
        files=uploaded(body.files, request.actor),
        by=request.actor,
        at=clock.now(),
    )
    return _thread(started)


@get(router, "/tickets/{int:ticket_id}/asides/{int:conversation_id}", scope=READ, out=ThreadOut)
def get_aside(request: Asked, ticket_id: PathId, conversation_id: PathId) -> ThreadOut:
    """Give a side conversation with what was said in it."""
    return _thread(_aside(request, ticket_id, conversation_id))


class WordsIn(Sent):
    """What is said in a side conversation."""

    body: Text
    files: Handles = []


@post(router, "/tickets/{int:ticket_id}/asides/{int:conversation_id}/messages", scope=WRITE, out=MessageOut, status=CREATED)
def say_in_aside(request: Asked, ticket_id: PathId, conversation_id: PathId, body: WordsIn) -> MessageOut:
    """Write to the third party."""
    _aside(request, ticket_id, conversation_id)
    files = uploaded(body.files, request.actor)
    return message_out(say_aside(conversation_id=conversation_id, body=body.body, files=files, by=request.actor, at=clock.now()))


@post(router, "/tickets/{int:ticket_id}/asides/{int:conversation_id}/end", scope=WRITE, out=ThreadOut)
def close_aside(request: Asked, ticket_id: PathId, conversation_id: PathId) -> ThreadOut:
    """End a side conversation: its link takes no more answers."""
    found = _aside(request, ticket_id, conversation_id)
    end_aside(conversation_id=conversation_id, by=request.actor, at=clock.now())
    return _thread(found)


@post(router, "/tickets/{int:ticket_id}/asides/{int:conversation_id}/reopen", scope=WRITE, out=ThreadOut)
def take_up_aside(request: Asked, ticket_id: PathId, conversation_id: PathId) -> ThreadOut:
    """Take an ended side conversation up again."""
    found = _aside(request, ticket_id, conversation_id)
    reopen_aside(conversation_id=conversation_id, by=request.actor, at=clock.now())
    return _thread(found)


@post(router, "/tickets/{int:ticket_id}/asides/{int:conversation_id}/renew-link", scope=WRITE, out=ThreadOut)
def renew_aside_link(request: Asked, ticket_id: PathId, conversation_id: PathId) -> ThreadOut:
    """Make the links given out so far useless."""
    found = _aside(request, ticket_id, conversation_id)
    renew_link(conversation_id=conversation_id, by=request.actor, at=clock.now())
    return _thread(found)


@get(router, "/asked-of-my-teams", scope=READ, out=list[AsideOut])
def list_asked(request: Asked) -> list[AsideOut]:
    """List what the teams of the user of the token are asked beside tickets."""
    return [AsideOut.model_validate(one) for one in asked_of(request.actor)]


@post(router, "/asked-of-my-teams/{int:conversation_id}/messages", scope=WRITE, out=MessageOut, status=CREATED)
def answer_for_team(request: Asked, conversation_id: PathId, body: WordsIn) -> MessageOut:
    """Answer for a team that was asked, also where its members do not see the ticket."""
    aside_for_team(request.actor, conversation_id)
    return message_out(answer_aside(conversation_id=conversation_id, body=body.body, by=request.actor, at=clock.now()))
