"""Who may ask, and who sets channels up."""

from steward.people.actor import Actor, ActorKind
from steward.people.rules import Capability


def may_ask(actor: Actor) -> bool:
    """Tell whether somebody may ask for help: everybody who has signed in, agents included, or was let in as requester."""
    is_let_in = actor.kind == ActorKind.REQUESTER and actor.requester_id is not None
    return (actor.is_signed_in or is_let_in) and bool(actor.capabilities)


def may_manage_channels(actor: Actor) -> bool:
    """Tell whether an actor sets up channels and says who is who on them."""
    return actor.can(Capability.MANAGE_SETTINGS)
