"""Making the actor of a request from rows."""

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery

from steward.core.prepared import Prepared
from steward.core.rows import first_row
from steward.people.actor import Actor, ActorKind
from steward.people.models import Membership, Requester, User
from steward.people.rules import Capability, Role, capabilities_of, is_requester_only

_TEAMS_AND_REQUESTER = """
SELECT ARRAY(SELECT m.team_id FROM people_membership m JOIN people_team t ON t.id = m.team_id
              WHERE m.user_id = %s AND t.is_active),
       (SELECT r.id FROM people_requester r WHERE r.user_id = %s ORDER BY r.id LIMIT 1)
"""


_SIGNED_IN = Prepared(
    lambda user_id: User.objects.filter(pk=user_id, is_active=True).annotate(
        seen_team_ids=ArraySubquery(
            Membership.objects.filter(user_id=OuterRef("pk"), team__is_active=True).order_by("team_id").values("team_id")
        ),
        seen_requester_id=Subquery(Requester.objects.filter(user_id=OuterRef("pk")).order_by("id").values("id")[:1]),
    ),
    user_id=int,
)


def signed_in(user_id: int) -> User | None:
    """Give an active user with all that making an actor of them asks for, in one query; None for anybody else."""
    return _SIGNED_IN.first(user_id=user_id)


def actor_for(user: User, *, cause: str = "", request_id: str = "") -> Actor:
    """Give a signed-in user as actor; one query, for the teams and the requester row together, none for one of `signed_in`.

    Somebody who is a requester and nothing else acts as that requester.
    """
    if hasattr(user, "seen_team_ids"):
        team_ids, requester_id = user.seen_team_ids, user.seen_requester_id  # type: ignore[attr-defined]
    else:
        team_ids, requester_id = first_row(_TEAMS_AND_REQUESTER, [user.pk, user.pk]) or ([], None)
    asks = is_requester_only(user.roles)
    return Actor(
        kind=ActorKind.REQUESTER if asks else ActorKind.AGENT,
        id=requester_id if asks else user.pk,
        user_id=user.pk,
        requester_id=requester_id,
        name=user.name,
        roles=user.role_set,
        capabilities=capabilities_of(user.roles) if user.is_active else frozenset(),
        team_ids=frozenset(team_ids),
        time_zone=user.time_zone,
        language=user.language,
        cause=cause,
        request_id=request_id,
    )


def actor_of_user(user_id: int, *, cause: str = "", request_id: str = "") -> Actor:
    """Give a user as actor by id, for jobs that go on in their name; raises `User.DoesNotExist`."""
    return actor_for(User.objects.get(id=user_id), cause=cause, request_id=request_id)


def requester_actor(requester: Requester, *, cause: str = "", request_id: str = "") -> Actor:
    """Give a requester as actor, with or without an account: what a channel hears, they have said."""
    return Actor(
        kind=ActorKind.REQUESTER,
        id=requester.pk,
        user_id=requester.user_id,
        requester_id=requester.pk,
        name=requester.name,
        roles=frozenset({Role.REQUESTER}),
        capabilities=frozenset({Capability.ASK}),
        time_zone=requester.time_zone or settings.DESK_TIME_ZONE,
        language=requester.language or settings.DESK_LANGUAGE,
        cause=cause,
        request_id=request_id,
    )
