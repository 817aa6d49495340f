"""Promises to come back: follow-ups with an owner, an instant and an outcome."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.errors import Conflict, Invalid, NotFound
from steward.core.text import clean
from steward.desk.actions.locking import lock_for_work, lock_merged_or_not, touch
from steward.desk.facts.ticket import FollowUpAdded, FollowUpDone
from steward.desk.models import FollowUp
from steward.desk.queries.access import only_those_who_see
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.models import User

LONGEST_WHAT = 500


def add_follow_up(
    *,
    ticket_id: int,
    owner: User,
    what: str,
    due_at: datetime,
    by: Actor,
    at: datetime,
) -> FollowUp:
    """Promise to come back to a ticket by an instant in the future."""
    what = clean(what, max_length=LONGEST_WHAT, field="what")
    if due_at <= at:
        raise Invalid(_("That time has passed."), field="due_at", hint=_("Choose a later one."))
    if not owner.is_active:
        raise Invalid(_("%(name)s no longer works here.") % {"name": owner.name}, field="owner")
    with transaction.atomic():
        ticket = lock_for_work(ticket_id, by)
        if not only_those_who_see([owner.pk], queue=ticket.queue):
            raise Invalid(
                _("%(name)s may not see this ticket.") % {"name": owner.name}, field="owner", hint=_("Choose somebody else.")
            )
        follow_up = FollowUp.objects.create(ticket=ticket, owner=owner, what=what, due_at=due_at, created_at=at)
        touch(ticket, at)
        record(
            FollowUpAdded(ticket_id=ticket.pk, follow_up_id=follow_up.pk, owner_id=owner.pk, due_at=due_at),
            by=by,
            at=at,
        )
        return follow_up


def finish_follow_up(*, follow_up_id: int, outcome: FollowUp.Outcome, by: Actor, at: datetime) -> FollowUp:
    """End a follow-up with its outcome; one that has ended otherwise raises `Conflict`."""
    if outcome not in FollowUp.Outcome.values:
        raise Invalid(_("There is no such outcome."), field="outcome")
    with transaction.atomic():
        found = FollowUp.objects.filter(pk=follow_up_id).first()
        if found is None:
            raise NotFound(_("There is no such follow-up."))
        ticket = lock_merged_or_not(found.ticket_id, by)
        follow_up = FollowUp.objects.select_for_update().get(pk=follow_up_id)
        if follow_up.done_at is not None:
            if follow_up.outcome == outcome:
                return follow_up
            raise Conflict(
                _("This follow-up has ended already."),
                field="outcome",
                theirs=follow_up.outcome,
                yours=outcome,
            )
        follow_up.outcome, follow_up.done_at = outcome, at
        follow_up.save(update_fields=["outcome", "done_at"])
        touch(ticket, at)
        record(
            FollowUpDone(ticket_id=ticket.pk, follow_up_id=follow_up.pk, outcome=str(outcome)),
            by=by,
            at=at,
        )
        return follow_up
