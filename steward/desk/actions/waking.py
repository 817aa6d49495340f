"""The end of a snooze, as part of what else happens to a locked ticket."""

from datetime import datetime

from steward.desk.facts.work import SnoozeEnded
from steward.desk.models import Snooze, Ticket, Timer
from steward.ledger.actions.recording import record
from steward.people.actor import Actor

_ON_TOP = frozenset({Snooze.Ended.TIME, Snooze.Ended.REPLY})


def end_snooze(ticket: Ticket, *, ended_as: Snooze.Ended, by: Actor, at: datetime) -> None:
    """Bring a sleeping, locked ticket back into the lists; on top of its owner's when time or a reply did it.

    The caller saves the field `snoozing`. Nothing happens to a ticket that is awake.
    """
    if ticket.snoozing != Ticket.Snoozing.ASLEEP:
        return
    snooze = Snooze.objects.get(ticket=ticket, ended_at=None)
    on_top = ended_as in _ON_TOP
    snooze.ended_at, snooze.ended_as, snooze.settled_at = at, ended_as.value, None if on_top else at
    snooze.save(update_fields=["ended_at", "ended_as", "settled_at"])
    if snooze.until_at is not None:
        Timer.objects.filter(ticket=ticket, kind=Timer.Kind.WAKE, done_at=None, cancelled_at=None).update(cancelled_at=at)
    ticket.snoozing = (Ticket.Snoozing.BACK if on_top else Ticket.Snoozing.AWAKE).value
    record(
        SnoozeEnded(
            ticket_id=ticket.pk,
            snooze_id=snooze.pk,
            ended_as=ended_as.value,
            until=snooze.until,
            until_at=snooze.until_at,
        ),
        by=by,
        at=at,
    )


def settle_return(ticket: Ticket, *, at: datetime) -> bool:
    """Let a locked ticket that came back take its ordinary place, because somebody acts on it; False when it has it.

    The caller saves the field `snoozing`, and records the fact that tells of the act.
    """
    if ticket.snoozing != Ticket.Snoozing.BACK:
        return False
    Snooze.objects.filter(ticket=ticket, settled_at=None).update(settled_at=at)
    ticket.snoozing = Ticket.Snoozing.AWAKE.value
    return True
