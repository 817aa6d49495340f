"""Who may do what on the requesters' side."""

from steward.people.actor import Actor


def may_ask(actor: Actor) -> bool:
    """Tell whether somebody may ask for help: everybody who has signed in, agents included."""
    return actor.is_signed_in and bool(actor.capabilities)
