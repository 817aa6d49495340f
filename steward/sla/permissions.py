"""Who may do what to policies, asked by the action and by the template alike."""

from steward.people.actor import Actor
from steward.people.rules import Capability


def may_manage_policies(actor: Actor) -> bool:
    """Tell whether the actor makes policies and says what they promise."""
    return actor.can(Capability.MANAGE_SETTINGS)
