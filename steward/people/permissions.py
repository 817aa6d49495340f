"""Who may do what to people, asked by the action and by the template alike."""

from django.utils.translation import gettext as _

from steward.core.errors import NotAllowed
from steward.people.actor import Actor
from steward.people.rules import Capability


def require(allowed: bool, message: str = "", *, hint: str = "") -> None:  # noqa: FBT001 -- reads as a sentence
    """Go on only if allowed; raises `NotAllowed` otherwise."""
    if not allowed:
        raise NotAllowed(
            message or _("You may not do this."),
            hint=hint or _("Ask an admin if you need to."),
        )


def may_manage_people(actor: Actor) -> bool:
    """Tell whether the actor invites, changes and deactivates users and makes password links."""
    return actor.can(Capability.MANAGE_PEOPLE)


def may_erase_people(actor: Actor) -> bool:
    """Tell whether the actor erases what is known of a person."""
    return actor.can(Capability.MANAGE_PEOPLE)


def may_erase_content(actor: Actor) -> bool:
    """Tell whether the actor erases the words and files of a single message that they see: leads and admins."""
    return actor.can(Capability.ASSIGN_OTHERS)


def may_manage_teams(actor: Actor) -> bool:
    """Tell whether the actor makes teams and says who is in them."""
    return actor.can(Capability.MANAGE_PEOPLE)


def may_see_people(actor: Actor) -> bool:
    """Tell whether the actor sees who works here: everybody but those who only ask for help."""
    return actor.can(Capability.MANAGE_PEOPLE) or bool(actor.capabilities - {Capability.ASK})


def may_change_profile(actor: Actor, user_id: int) -> bool:
    """Tell whether the actor changes a user's name, language and zone: their own, or anybody's as an admin."""
    return may_manage_people(actor) or (actor.user_id is not None and actor.user_id == user_id)


def may_see_requester(actor: Actor, requester_id: int) -> bool:
    """Tell whether the actor sees a requester's data: everybody who works here, and the requester."""
    return may_see_people(actor) or (actor.requester_id is not None and actor.requester_id == requester_id)


def may_change_requester(actor: Actor) -> bool:
    """Tell whether the actor corrects what is known of a requester."""
    return actor.can(Capability.MANAGE_PEOPLE) or actor.can(Capability.WORK_TICKETS)


def may_make_token(actor: Actor, user_id: int) -> bool:
    """Tell whether the actor makes a token that acts as a user: themself, if they work here, or anybody as an admin."""
    return may_manage_people(actor) or (may_see_people(actor) and actor.user_id == user_id)


def may_revoke_token(actor: Actor, user_id: int) -> bool:
    """Tell whether the actor sees and revokes the tokens of a user: their own, or anybody's as an admin."""
    return may_manage_people(actor) or (actor.user_id is not None and actor.user_id == user_id)
