"""Whoever looks at the requesters' side, as requester."""

from steward.people.actor import Actor, ActorKind
from steward.people.models import Requester
from steward.people.queries.actors import requester_actor


def as_requester(actor: Actor) -> Actor:
    """Give a signed-in person as the requester they are; an agent who has asked acts as such on their own requests."""
    if actor.kind == ActorKind.REQUESTER or actor.requester_id is None:
        return actor
    return requester_actor(Requester.objects.get(pk=actor.requester_id), request_id=actor.request_id)
