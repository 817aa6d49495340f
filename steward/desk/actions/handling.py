"""The time tickets are in somebody's hands: told by beats of the page while it is active, kept as stretches that never overlap."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from steward.core.errors import Conflict, Invalid, NotFound
from steward.core.text import clean
from steward.desk.actions.locking import lock
from steward.desk.facts.work import HandlingCorrected, TicketHandled
from steward.desk.models import Handling, HandlingCorrection, Ticket
from steward.desk.permissions import may_correct_handling, may_handle
from steward.desk.queries.access import no_such_ticket, visible_queue_ids
from steward.ledger.actions.recording import record
from steward.people.actor import Actor, system
from steward.people.permissions import require

# Without a key, pointer or scroll for so long nobody is at it; a beat that comes so late begins anew.
ACTIVE_FOR = timedelta(minutes=2)
GAP = timedelta(seconds=60)
LONGEST_REASON = 500
MOST_SECONDS = 24 * 3_600
SWEEP = system("handling")


def beat(*, ticket_id: int, idle_for: timedelta, leaving: bool = False, by: Actor, at: datetime) -> None:
    """Hear that a ticket is open before somebody who touched it so long ago; `leaving` says that it no longer is.

    Two pages of one ticket count once. Of two tickets open at once, on however many devices, the one touched last counts.
    Raises `NotFound` for a ticket out of sight.
    """
    require(may_handle(by), _("Only those who work tickets have them in hand."))
    if not Ticket.objects.filter(pk=ticket_id, queue_id__in=visible_queue_ids(by)).exists():
        raise no_such_ticket(ticket_id)
    user_id = by.user_id or 0
    idle_for = min(max(idle_for, timedelta()), ACTIVE_FOR)
    with transaction.atomic():
        _one_at_a_time(user_id)
        last = Handling.objects.filter(user_id=user_id).order_by("-started_at", "-id").first()
        running = last if last is not None and last.closed_at is None else None
        if running is not None and running.ticket_id == ticket_id and at - running.ended_at <= GAP:
            _extend(running, touched_at=at - idle_for, at=at)
            if leaving:
                _close(running, by=by, at=at)
            return
        if running is not None:
            if running.ticket_id != ticket_id and _is_fresher(running, at - idle_for, at):
                return
            _close(running, by=by, at=at)
        if not leaving:
            # Clocks of two machines may differ: what counts begins where the last stretch ended.
            start = max(at, last.ended_at) if last is not None else at
            Handling.objects.create(
                ticket_id=ticket_id, user_id=user_id, started_at=start, ended_at=start, touched_at=at - idle_for
            )


def _one_at_a_time(user_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('steward.desk.handling'), %s)", [user_id % 2**31])


def _is_fresher(running: Handling, touched_at: datetime, at: datetime) -> bool:
    return running.touched_at > touched_at and at - running.ended_at <= GAP


def _extend(running: Handling, *, touched_at: datetime, at: datetime) -> None:
    running.ended_at, running.touched_at = max(at, running.ended_at), max(touched_at, running.touched_at)
    running.save(update_fields=["ended_at", "touched_at"])


def _close(running: Handling, *, by: Actor, at: datetime) -> None:
    seconds = round((running.ended_at - running.started_at).total_seconds())
    if not seconds:
        # A glance that lasted no second is nothing to tell.
        running.delete()
        return
    lock(running.ticket_id)
    running.closed_at, running.seconds = max(at, running.ended_at), seconds
    running.save(update_fields=["closed_at", "seconds"])
    record(
        TicketHandled(
            ticket_id=running.ticket_id,
            handling_id=running.pk,
            user_id=running.user_id,
            seconds=seconds,
            started_at=running.started_at,
            ended_at=running.ended_at,
        ),
        by=by,
        at=at,
    )


def close_left_handling(*, at: datetime, most: int = 200) -> int:
    """Close the stretches whose page fell silent, such as of a browser that was killed; give how many."""
    silent = Handling.objects.filter(closed_at=None, ended_at__lt=at - GAP).order_by("id").values_list("user_id", flat=True)
    return sum(_close_silent(user_id, at=at) for user_id in silent[:most])


def _close_silent(user_id: int, *, at: datetime) -> bool:
    with transaction.atomic():
        _one_at_a_time(user_id)
        running = Handling.objects.filter(user_id=user_id, closed_at=None, ended_at__lt=at - GAP).first()
        if running is None:
            return False
        _close(running, by=SWEEP, at=at)
        return True


def correct_handling(*, handling_id: int, seconds: int, reason: str, by: Actor, at: datetime) -> HandlingCorrection | None:
    """Let a stretch of one's own count otherwise than it was measured, with the reason; leads may for others.

    The measured stretch stays, and every correction beside it. The same number again changes nothing.
    """
    reason = clean(reason, max_length=LONGEST_REASON, field="reason")
    if not 0 <= seconds <= MOST_SECONDS:
        raise Invalid(_("A stretch lasts between nothing and a day."), field="minutes")
    with transaction.atomic():
        found = Handling.objects.filter(pk=handling_id, ticket__queue_id__in=visible_queue_ids(by)).first()
        if found is None or not may_correct_handling(by, found):
            raise NotFound(_("There is no such stretch of time, or it is not yours."))
        lock(found.ticket_id)
        handling = Handling.objects.select_for_update().get(pk=handling_id)
        if handling.closed_at is None:
            raise Conflict(_("This stretch is still running."), hint=_("Correct it once it has ended."))
        old = handling.seconds
        if old == seconds:
            return None
        Handling.objects.filter(pk=handling.pk).update(seconds=seconds)
        correction = HandlingCorrection.objects.create(
            handling=handling, old_seconds=old, seconds=seconds, reason=reason, corrected_by_id=by.user_id or 0, created_at=at
        )
        record(
            HandlingCorrected(
                ticket_id=handling.ticket_id, handling_id=handling.pk, user_id=handling.user_id, old=old, new=seconds
            ),
            by=by,
            at=at,
        )
        return correction
