"""The timers of the desk going off: the reminder, the close without the requester's word, and the end of a snooze."""

import logging
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from steward.desk.actions.confirming import cancel_timers
from steward.desk.actions.lifecycle import close_with
from steward.desk.actions.locking import lock
from steward.desk.actions.snoozing import wake
from steward.desk.actions.writing import write_message
from steward.desk.facts.ticket import ConfirmationReminded
from steward.desk.models import Question, Ticket, Timer
from steward.desk.rules.states import Outcome, State
from steward.ledger.actions.recording import record
from steward.people.actor import ActorKind, system

log = logging.getLogger(__name__)
SWEEP = system("timer", kind=ActorKind.RULE)


def sweep_timers(*, at: datetime, most: int = 200) -> int:
    """Let every timer that is due go off, once, each in its own transaction; give how many did.

    It may run late, twice at once, or be killed between two timers: what is due and not done is found again.
    """
    due = Timer.objects.filter(due_at__lte=at, done_at=None, cancelled_at=None)
    waiting = list(due.order_by("due_at", "id").values_list("id", "ticket_id")[:most])
    return sum(_try(timer_id, ticket_id, at=at) for timer_id, ticket_id in waiting)


def _try(timer_id: int, ticket_id: int, *, at: datetime) -> bool:
    try:
        return _go_off(timer_id, ticket_id, at=at)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        # One ticket that cannot be closed must not keep all others open; it is tried again with the next sweep.
        log.exception("desk.timer_failed", extra={"timer": timer_id, "ticket": ticket_id})
        return False


def _go_off(timer_id: int, ticket_id: int, *, at: datetime) -> bool:
    with transaction.atomic():
        # The ticket first, as everywhere: a reply may be cancelling this very timer.
        ticket = lock(ticket_id)
        timer = Timer.objects.select_for_update().get(pk=timer_id)
        if timer.done_at is not None or timer.cancelled_at is not None:
            return False
        timer.done_at = at
        timer.save(update_fields=["done_at"])
        if timer.kind == Timer.Kind.WAKE:
            wake(ticket, by=SWEEP, at=at)
            return True
        if ticket.state != State.SOLVED:
            return True
        if timer.kind == Timer.Kind.REMIND:
            _remind(ticket, at=at)
        else:
            # The question stays open: a late yes still confirms.
            cancel_timers(ticket, at=at)
            close_with(ticket, outcome=Outcome.UNCONFIRMED, by=SWEEP, at=at)
        return True


def _remind(ticket: Ticket, *, at: datetime) -> None:
    question = Question.objects.filter(
        ticket=ticket,
        kind=Question.Kind.CONFIRMATION,
        answered_at=None,
        withdrawn_at=None,
    ).first()
    closing = Timer.objects.filter(ticket=ticket, kind=Timer.Kind.CLOSE, due_at__lte=at, done_at=None, cancelled_at=None)
    # After an outage both may be due: nobody is reminded of what closes in the same breath.
    if question is None or closing.exists():
        return
    with translation.override(ticket.requester.language or None):
        body = _("A reminder: is #%(number)s fixed for you? Without an answer we close it.") % {"number": ticket.pk}
    write_message(ticket, body=body, automatic=True, by=SWEEP, at=at)
    record(ConfirmationReminded(ticket_id=ticket.pk, question_id=question.pk), by=SWEEP, at=at)


def fold_counts() -> None:
    """Fold the rows of the counting table together, so that reading the sum stays cheap."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            WITH taken AS (DELETE FROM desk_ticketcount RETURNING queue_id, state, assignee_id, asleep, n)
            INSERT INTO desk_ticketcount (queue_id, state, assignee_id, asleep, n)
            SELECT queue_id, state, assignee_id, asleep, sum(n) FROM taken GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0
            """
        )
