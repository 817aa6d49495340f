"""Why an actor may not change a ticket, said before anything is tried."""

from django.utils.translation import gettext as _

from steward.desk.actions.verbs.registry import Described
from steward.desk.permissions import may_work_in
from steward.desk.rules.snapshot import Snapshot
from steward.people.actor import Actor


def refusal(ticket: Snapshot, by: Actor) -> Described | None:
    """Say that the actor may read this ticket only; None when they may change it."""
    if may_work_in(by, ticket.queue_purpose):
        return None
    return Described(refused=_("You may read this ticket but not change it."))
