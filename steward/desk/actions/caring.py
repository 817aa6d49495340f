"""Setting how careful to be: a ticket's flag, a person's wishes, the desk's limits, and a lead's exception."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.errors import Invalid, NotFound
from steward.core.text import clean
from steward.desk.actions.locking import lock_for_work, touch
from steward.desk.facts.care import CareLimitsChanged, CarePreferenceChanged, ExposureExtended, TicketFlagged
from steward.desk.models import CareLimits, CarePreference, Exposure, ExposureAllowance, Ticket
from steward.desk.notice_kinds import EXTENDED
from steward.desk.permissions import may_let_look, may_manage_desk
from steward.desk.queries.care import Strictness, counts_since
from steward.desk.rules.care import Harm
from steward.ledger.actions.recording import record
from steward.people.actions.notices import notify
from steward.people.actor import Actor
from steward.people.models import User
from steward.people.permissions import require
from steward.people.queries.actors import actor_for

MOST_MORE = timedelta(hours=2)
LONGEST = timedelta(hours=12)
LONGEST_REASON = 500


def flag_ticket(*, ticket_id: int, harm: str, by: Actor, at: datetime) -> Ticket:
    """Say what kind of harmful content a ticket carries, or that it carries none; from then on its media are covered, or not."""
    with transaction.atomic():
        ticket = lock_for_work(ticket_id, by)
        if harm not in set(Harm):
            raise Invalid(_("That is not one of the choices."), field="harm", hint=_("Reload the page: it may have changed."))
        if ticket.harm != harm:
            fact = TicketFlagged(ticket_id=ticket.pk, old=ticket.harm, new=harm)
            ticket.harm = harm
            touch(ticket, at, "harm")
            record(fact, by=by, at=at)
        return ticket


def set_care_preference(*, cover_all: bool, in_gray: bool, by: Actor, at: datetime) -> CarePreference:
    """Say how the actor wants to meet media, beyond what the queues ask."""
    require(by.user_id is not None)
    with transaction.atomic():
        row, _is_new = CarePreference.objects.select_for_update().get_or_create(user_id=by.user_id or 0)
        old, new = Strictness(row.cover_all, row.in_gray), Strictness(cover_all, in_gray)
        if old != new:
            row.cover_all, row.in_gray = cover_all, in_gray
            row.save(update_fields=["cover_all", "in_gray"])
            changes = {name: (value, getattr(new, name)) for name, value in vars(old).items() if value != getattr(new, name)}
            record(CarePreferenceChanged(user_id=by.user_id or 0, changes=changes), by=by, at=at)
        return row


def set_care_limits(*, limit: timedelta, rest_after: timedelta, rest_for: timedelta, by: Actor, at: datetime) -> CareLimits:
    """Say how long anybody may look at covered media in one shift, and in one go before a rest of what length is advised."""
    require(may_manage_desk(by), _("Only admins change the desk's settings."))
    wanted: dict[str, timedelta] = {"limit": limit, "rest_after": rest_after, "rest_for": rest_for}
    for field, value in wanted.items():
        if not timedelta(minutes=1) <= value <= LONGEST:
            raise Invalid(_("From one minute to twelve hours."), field=field)
    with transaction.atomic():
        row, _is_new = CareLimits.objects.select_for_update().get_or_create(pk=1)
        changes: dict[str, Any] = {
            name: (int(getattr(row, name).total_seconds()), int(value.total_seconds()))
            for name, value in wanted.items()
            if getattr(row, name) != value
        }
        if changes:
            row.limit, row.rest_after, row.rest_for = limit, rest_after, rest_for
            row.save(update_fields=list(wanted))
            record(CareLimitsChanged(care_id=1, changes=changes), by=by, at=at)
        return row


def let_look_longer(*, user_id: int, more: timedelta, reason: str, by: Actor, at: datetime) -> ExposureAllowance:
    """Let somebody look at covered media for longer in their present shift or day; nobody can let themself."""
    require(may_let_look(by), _("Only leads let somebody go on."))
    require(by.user_id != user_id, _("Somebody else has to let you go on."), hint=_("Ask another lead."))
    if not timedelta(minutes=1) <= more <= MOST_MORE:
        raise Invalid(_("From one minute to two hours."), field="minutes")
    reason = clean(reason, max_length=LONGEST_REASON, field="reason")
    user = User.objects.active().filter(pk=user_id).first()
    if user is None:
        raise NotFound(_("There is no such user."))
    with transaction.atomic():
        exposure, _is_new = Exposure.objects.select_for_update().get_or_create(user=user, since=counts_since(actor_for(user), at))
        seconds = int(more.total_seconds())
        allowance = ExposureAllowance.objects.create(
            exposure=exposure, seconds=seconds, reason=reason, by_id=by.user_id, created_at=at
        )
        exposure.allowed += seconds
        exposure.save(update_fields=["allowed"])
        record(ExposureExtended(user_id=user.pk, allowance_id=allowance.pk, seconds=seconds), by=by, at=at)
        notify(user_ids=[user.pk], kind=EXTENDED, data={"minutes": seconds // 60}, by=by, at=at)
        return allowance
