"""Who may do what to the roster, asked by the action and by the template alike."""

from steward.people.actor import Actor
from steward.people.rules import Capability


def may_manage_shifts(actor: Actor) -> bool:
    """Tell whether the actor enters, changes and cancels shifts."""
    return actor.can(Capability.MANAGE_SHIFTS)


def may_sign_off(actor: Actor, user_id: int) -> bool:
    """Tell whether the actor ends a user's shift or starts a break in it: their own, or anybody's who manages shifts."""
    return actor.user_id == user_id or actor.can(Capability.MANAGE_SHIFTS)


def may_see_roster(actor: Actor) -> bool:
    """Tell whether the actor sees who works when: everybody but those who only ask for help."""
    return bool(actor.capabilities - {Capability.ASK})


def may_manage_calendars(actor: Actor) -> bool:
    """Tell whether the actor makes business calendars and publishes their hours."""
    return actor.can(Capability.MANAGE_SETTINGS)
