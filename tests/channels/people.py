"""Requesters who can sign in."""

from steward.core import clock
from steward.people.actor import Actor
from steward.people.models import Requester, User
from steward.people.queries.actors import requester_actor


def asker(requester: Requester) -> Actor:
    """Give a requester as the actor of a request of theirs, with an account."""
    if requester.user is None:
        requester.user = User.objects.create(
            email=requester.email, name=requester.name, roles=["requester"], created_at=clock.now()
        )
        requester.save(update_fields=["user"])
    return requester_actor(requester)
