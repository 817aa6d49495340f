"""Side conversations: what was asked beside a ticket, of whom, and the link by which a guest answers."""

from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.utils.translation import gettext as _

from steward.core.errors import NotFound
from steward.core.rows import rows
from steward.desk.models import Conversation, Message
from steward.people.actor import Actor

_SIGNED = signing.Signer(salt="steward.aside")
_SIDES = Conversation.objects.filter(kind=Conversation.Kind.SIDE)


@dataclass(frozen=True)
class Aside:
    """A side conversation in a list; `waits` says that the last word is theirs who were asked, `asker` who asked first."""

    id: int
    ticket_id: int
    topic: str
    party: str
    is_team: bool
    ended_at: datetime | None
    count: int
    waits: bool
    last_at: datetime | None
    asker: str


_ASIDES = """
SELECT c.id, c.ticket_id, c.topic, c.party, c.team_id IS NOT NULL, c.ended_at, said.count,
       coalesce(newest.author_kind = 'guest' OR EXISTS (
           SELECT 1 FROM people_membership p WHERE p.team_id = c.team_id AND p.user_id = newest.author_user_id
              AND p.user_id IS DISTINCT FROM opening.author_user_id), false),
       newest.created_at, coalesce(asker.name, '')
  FROM desk_conversation c
 CROSS JOIN LATERAL (SELECT count(*), min(id) AS first, max(id) AS last FROM desk_message WHERE conversation_id = c.id) said
  LEFT JOIN desk_message newest ON newest.id = said.last
  LEFT JOIN desk_message opening ON opening.id = said.first
  LEFT JOIN people_user asker ON asker.id = opening.author_user_id
 WHERE c.kind = 'side' AND {which} ORDER BY c.ended_at IS NOT NULL, c.id DESC LIMIT 50
"""


def asides_of(family: list[int]) -> list[Aside]:
    """Give the side conversations of a ticket and what was merged into it, open ones first."""
    return [Aside(*row) for row in rows(_ASIDES.format(which="c.ticket_id = ANY(%s)"), [family])]


def asked_of(actor: Actor) -> list[Aside]:
    """Give what the actor's teams are asked beside tickets; the tickets themselves stay out of sight."""
    found = [Aside(*row) for row in rows(_ASIDES.format(which="c.team_id = ANY(%s)"), [sorted(actor.team_ids)])]
    # What nobody of the team has answered stands first.
    return sorted(found, key=lambda one: (one.ended_at is not None, one.waits))


def words_of(conversation: Conversation) -> list[Message]:
    """Give what was said in a side conversation, the oldest first, with authors."""
    return list(Message.objects.filter(conversation=conversation).select_related("author_user").order_by("id"))


def aside_on(family: list[int], conversation_id: int) -> Conversation:
    """Find a side conversation of a ticket's family; raises `NotFound`."""
    found = _SIDES.filter(pk=conversation_id, ticket_id__in=family).select_related("ticket__queue", "team").first()
    return found or _none()


def aside_for_team(actor: Actor, conversation_id: int) -> Conversation:
    """Find a side conversation with a team of the actor's; raises `NotFound` for anybody else's."""
    found = _SIDES.filter(pk=conversation_id, team_id__in=actor.team_ids).select_related("ticket__queue", "team").first()
    return found or _none()


def token_of(conversation: Conversation) -> str:
    """Give what a guest's link holds: signed, and useless once a newer one was given out."""
    return _SIGNED.sign(f"{conversation.pk}.{conversation.link_version}")


def aside_by_token(token: str) -> Conversation:
    """Find the side conversation of a guest's link; raises `NotFound` alike for one made up and for one withdrawn."""
    try:
        number, _dot, version = _SIGNED.unsign(token).partition(".")
    except signing.BadSignature:
        return _none()
    found = _SIDES.filter(pk=int(number), link_version=int(version), team=None).select_related("ticket__queue").first()
    return found or _none()


def _none() -> Conversation:
    raise NotFound(_("There is no such conversation, or its link was withdrawn."), hint=_("Ask whoever sent you the link."))
