"""Putting a ticket out of sight until a time, the next shift or the requester's reply; its clocks go on."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.errors import Invalid
from steward.desk.actions.assignment import give
from steward.desk.actions.locking import lock, lock_for_work, touch
from steward.desk.actions.waking import end_snooze, settle_return
from steward.desk.facts.work import ReturnSeen, SnoozeMoved, TicketSnoozed
from steward.desk.models import Snooze, Ticket, Timer
from steward.desk.permissions import may_snooze
from steward.desk.rules.snoozing import LONGEST
from steward.desk.rules.states import WORKING
from steward.ledger.actions.recording import record
from steward.people.actor import Actor, system
from steward.people.models import User
from steward.people.permissions import require
from steward.roster.queries.duty import next_shift_start

ROSTER = system("roster")


def snooze_ticket(
    *,
    ticket_id: int,
    until: Snooze.Until,
    until_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> Snooze:
    """Take a ticket out of the working lists; a ticket nobody owns becomes the actor's, who then has it in mind.

    Until a time needs `until_at`; until the next shift asks the roster, and raises `Invalid` when none is planned.
    A message of the requester wakes it in any case. Snoozed anew, the later choice counts; the same again is no error.
    """
    with transaction.atomic():
        ticket = lock_for_work(ticket_id, by)
        if ticket.state not in WORKING:
            raise Invalid(_("Only a ticket that is being worked can be snoozed."), hint=_("Reopen it first."))
        require(may_snooze(by, ticket), _("This ticket is somebody else's to snooze."))
        owner_id = ticket.assignee_id or _oneself(by).pk
        until_at = _instant(until, until_at, owner_id=owner_id, at=at)
        current = Snooze.objects.filter(ticket=ticket, settled_at=None).first()
        if current is not None and current.ended_at is None and (current.until, current.until_at) == (until, until_at):
            return current
        end_snooze(ticket, ended_as=Snooze.Ended.BY_HAND, by=by, at=at)
        settle_return(ticket, at=at)
        if ticket.assignee_id is None:
            give(ticket, to=_oneself(by), how="manual", by=by, at=at)
        return _put_to_sleep(ticket, until=until, until_at=until_at, by=by, at=at)


def _instant(until: Snooze.Until, until_at: datetime | None, *, owner_id: int, at: datetime) -> datetime | None:
    """Give the instant a snooze ends by itself, None for one that only a reply ends."""
    if until not in Snooze.Until.values:
        raise Invalid(_("Until when?"), field="until", hint=_("Choose a time, your next shift, or the requester's reply."))
    if until == Snooze.Until.REPLY:
        return None
    if until == Snooze.Until.SHIFT:
        starts_at = next_shift_start(owner_id, at)
        if starts_at is None:
            raise Invalid(
                _("No later shift is planned."), field="until", hint=_("Choose a time, or ask a lead to enter the shift.")
            )
        return starts_at
    if until_at is None or until_at <= at:
        raise Invalid(_("That time has passed."), field="until_at", hint=_("Choose a later one."))
    if until_at - at > LONGEST:
        raise Invalid(_("A ticket sleeps for a year at most."), field="until_at", hint=_("Choose an earlier time."))
    return until_at


def _oneself(by: Actor) -> User:
    user: User | None = User.objects.filter(pk=by.user_id).first()
    if user is None:
        raise Invalid(_("Nobody owns this ticket."), hint=_("Assign it first: a snoozed ticket is in somebody's mind."))
    return user


def _put_to_sleep(ticket: Ticket, *, until: Snooze.Until, until_at: datetime | None, by: Actor, at: datetime) -> Snooze:
    owner_id = ticket.assignee_id
    assert owner_id is not None, "a snoozed ticket has an owner"
    snooze = Snooze.objects.create(ticket=ticket, user_id=owner_id, until=until, until_at=until_at, created_at=at)
    if until_at is not None:
        Timer.objects.create(ticket=ticket, kind=Timer.Kind.WAKE, due_at=until_at)
    ticket.snoozing = Ticket.Snoozing.ASLEEP.value
    touch(ticket, at, "snoozing")
    record(
        TicketSnoozed(ticket_id=ticket.pk, snooze_id=snooze.pk, user_id=owner_id, until=until, until_at=until_at),
        by=by,
        at=at,
    )
    return snooze


def unsnooze_ticket(*, ticket_id: int, by: Actor, at: datetime) -> Ticket:
    """Bring a sleeping ticket back into the lists at once; one that is awake stays as it is."""
    with transaction.atomic():
        ticket = lock_for_work(ticket_id, by)
        if ticket.snoozing == Ticket.Snoozing.ASLEEP:
            require(may_snooze(by, ticket), _("This ticket is somebody else's to snooze."))
            end_snooze(ticket, ended_as=Snooze.Ended.BY_HAND, by=by, at=at)
            touch(ticket, at, "snoozing")
        return ticket


def accept_return(*, ticket_id: int, by: Actor, at: datetime) -> Ticket:
    """Say that one has seen that a ticket is back: it leaves the top of the list and takes its ordinary place."""
    with transaction.atomic():
        ticket = lock_for_work(ticket_id, by)
        snooze = Snooze.objects.filter(ticket=ticket, settled_at=None, ended_at__isnull=False).first()
        if snooze is not None and settle_return(ticket, at=at):
            touch(ticket, at, "snoozing")
            record(ReturnSeen(ticket_id=ticket.pk, snooze_id=snooze.pk), by=by, at=at)
        return ticket


def wake(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Bring a locked ticket back on top because its time has come."""
    end_snooze(ticket, ended_as=Snooze.Ended.TIME, by=by, at=at)
    touch(ticket, at, "snoozing")


def follow_shifts(*, user_id: int, at: datetime) -> int:
    """Move the snoozes until somebody's next shift to when that begins now; give how many moved.

    With no shift planned any more they keep the instant they had: a ticket never sleeps for good.
    """
    waiting = Snooze.objects.filter(user_id=user_id, until=Snooze.Until.SHIFT, ended_at=None)
    moved = 0
    for ticket_id in waiting.order_by("ticket_id").values_list("ticket_id", flat=True):
        with transaction.atomic():
            moved += _follow_shift(ticket_id, at=at)
    return moved


def _follow_shift(ticket_id: int, *, at: datetime) -> bool:
    lock(ticket_id)
    snooze = Snooze.objects.filter(ticket_id=ticket_id, until=Snooze.Until.SHIFT, ended_at=None).first()
    if snooze is None:
        return False
    starts_at = next_shift_start(snooze.user_id, snooze.created_at)
    if starts_at is None or starts_at == snooze.until_at:
        return False
    snooze.until_at = starts_at
    snooze.save(update_fields=["until_at"])
    Timer.objects.filter(ticket_id=ticket_id, kind=Timer.Kind.WAKE, done_at=None, cancelled_at=None).update(due_at=starts_at)
    record(SnoozeMoved(ticket_id=ticket_id, snooze_id=snooze.pk, until_at=starts_at), by=ROSTER, at=at)
    return True
