"""Doing the same to many tickets: gathering them, starting, stopping, going on, and taking a run back."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from steward.core.deferring import defer
from steward.core.errors import Invalid, NotFound
from steward.core.text import clean
from steward.desk.actions.verbs.registry import Call, prepared, verb_named
from steward.desk.facts.bulk import BulkStarted, BulkStopped
from steward.desk.models import BulkRow, BulkRun, Ticket
from steward.desk.permissions import may_steer, may_work_at_all
from steward.desk.queries.access import visible_queue_ids
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.permissions import require

MOST_TICKETS = 5_000
MOST_STEPS = 10
UNDO_FOR = timedelta(days=1)
# Time to look again at what is about to go out to many people.
HOLD = timedelta(seconds=30)
# After so long without a sign of life another worker takes a run up.
LIFE_SIGN = timedelta(minutes=1)
PREPARED_FOR = timedelta(days=1)
_NEWEST = """
UPDATE desk_bulkrow b
   SET seen_message_id = coalesce((SELECT max(m.id) FROM desk_message m WHERE m.ticket_id = b.ticket_id AND m.kind = 'message'), 0)
 WHERE b.run_id = %s
"""


def gather(*, ticket_ids: Collection[int], came_from: str = "", client_token: str = "", by: Actor, at: datetime) -> BulkRun:
    """Prepare a run over the tickets among these that the actor sees; the same token gives the same run.

    Raises `Invalid` for none and for more than fit in one run.
    """
    require(may_work_at_all(by), _("Only people who work tickets change many at once."))
    wanted = sorted(set(ticket_ids))
    if len(wanted) > MOST_TICKETS:
        raise Invalid(
            _("At most %(most)s tickets fit in one run.") % {"most": f"{MOST_TICKETS:,}"}, hint=_("Narrow the selection.")
        )
    seen = list(
        Ticket.objects.filter(pk__in=wanted, queue_id__in=visible_queue_ids(by)).order_by("id").values_list("id", flat=True)
    )
    if not seen:
        raise Invalid(_("No ticket is selected."), hint=_("Tick the boxes of some rows first."))
    token = clean(client_token, max_length=100, field="client_token", required=False)
    try:
        with transaction.atomic():
            run = BulkRun.objects.create(user_id=by.user_id or 0, came_from=came_from[:2_000], client_token=token, created_at=at)
            BulkRow.objects.bulk_create([BulkRow(run=run, ticket_id=ticket_id) for ticket_id in seen], batch_size=1_000)
            return run
    except IntegrityError:
        repeated = BulkRun.objects.filter(user_id=by.user_id or 0, client_token=token).exclude(client_token="").first()
        if repeated is None:
            raise
        return repeated


def start_bulk(*, bulk_id: int, calls: Sequence[Call], by: Actor, at: datetime) -> BulkRun:
    """Start a prepared run; one that speaks to requesters is held for a moment first. A second start changes nothing.

    Raises `Invalid` when it would do nothing, or names something that is gone.
    """
    with transaction.atomic():
        run = _locked(bulk_id, by)
        if run.state != BulkRun.State.PREPARED:
            return run
        if not calls or len(calls) > MOST_STEPS:
            raise Invalid(_("Say what should be done."), field="verb", hint=_("Choose at least one change."))
        for call in calls:
            prepared(call)
        run.calls = [call.dump() for call in calls]
        run.speaks = any(verb_named(call.verb).speaks for call in calls)
        _set_off(run, at=at, due_at=at + HOLD if run.speaks else at)
        if run.speaks:
            with connection.cursor() as cursor:
                cursor.execute(_NEWEST, [run.pk])
        verbs = [call.verb for call in calls]
        record(BulkStarted(bulk_id=run.pk, verbs=verbs, tickets=run.rows.count()), by=by, at=at)
        return run


def _set_off(run: BulkRun, *, at: datetime, due_at: datetime) -> None:
    run.state, run.started_at, run.due_at = BulkRun.State.RUNNING, run.started_at or at, due_at
    run.save(update_fields=["state", "started_at", "due_at", "calls", "speaks"])
    defer("desk.run_bulk", once_by=f"bulk:{run.pk}", schedule_at=due_at if due_at > at else None, bulk_id=run.pk)


def stop_bulk(*, bulk_id: int, by: Actor, at: datetime) -> BulkRun:
    """Stop a run between two tickets: what is done stays done, the rest waits. One still held goes back to being prepared."""
    with transaction.atomic():
        run = _locked(bulk_id, by)
        if run.state != BulkRun.State.RUNNING:
            return run
        left = run.rows.filter(state=BulkRow.State.PENDING).count()
        if run.speaks and left == run.rows.count():
            # Nothing was said yet: the text may be written anew.
            run.state, run.started_at, run.due_at = BulkRun.State.PREPARED, None, None
        else:
            run.state, run.due_at, run.ended_at = BulkRun.State.STOPPED, None, at
        run.save(update_fields=["state", "started_at", "due_at", "ended_at"])
        record(BulkStopped(bulk_id=run.pk, left=left), by=by, at=at)
        return run


def resume_bulk(*, bulk_id: int, by: Actor, at: datetime) -> BulkRun:
    """Go on with a stopped run where it was stopped; one that speaks is held for a moment again."""
    with transaction.atomic():
        run = _locked(bulk_id, by)
        if run.state != BulkRun.State.STOPPED:
            return run
        if BulkRun.objects.filter(undoes=run).exists():
            raise Invalid(_("This run was taken back."), hint=_("Start a new one."))
        run.ended_at = None
        run.save(update_fields=["ended_at"])
        _set_off(run, at=at, due_at=at + HOLD if run.speaks else at)
        left = run.rows.filter(state=BulkRow.State.PENDING).count()
        record(BulkStarted(bulk_id=run.pk, verbs=[call["verb"] for call in run.calls], tickets=left), by=by, at=at)
        return run


def undo_bulk(*, bulk_id: int, by: Actor, at: datetime) -> BulkRun:
    """Take a run back, for a day: a run of its own over the tickets it changed, each only where nobody changed it since."""
    with transaction.atomic():
        run = _locked(bulk_id, by)
        taken_back = BulkRun.objects.filter(undoes=run).first()
        if taken_back is not None:
            return taken_back
        if run.undoes_id is not None or run.state not in {BulkRun.State.ENDED, BulkRun.State.STOPPED}:
            raise Invalid(_("This run cannot be taken back."), hint=_("Stop it first, or start a new one."))
        if run.ended_at is None or at - run.ended_at > UNDO_FOR:
            raise Invalid(_("A run can be taken back for a day only."), hint=_("Select the tickets and change them anew."))
        rows = [
            BulkRow(ticket_id=row.ticket_id, done=row.done)
            for row in run.rows.filter(state=BulkRow.State.DONE)
            if any(one["back"] for one in row.done)
        ]
        if not rows:
            raise Invalid(_("Nothing of this run can be taken back."), hint=_("What was said stays said."))
        back = BulkRun.objects.create(user_id=by.user_id or 0, undoes=run, came_from=run.came_from, calls=run.calls, created_at=at)
        for row in rows:
            row.run = back
        BulkRow.objects.bulk_create(rows, batch_size=1_000)
        _set_off(back, at=at, due_at=at)
        verbs = [call["verb"] for call in run.calls]
        record(BulkStarted(bulk_id=back.pk, verbs=verbs, tickets=len(rows), undoes_id=run.pk), by=by, at=at)
        return back


def _locked(bulk_id: int, by: Actor) -> BulkRun:
    run = BulkRun.objects.select_for_update().filter(pk=bulk_id).first()
    if run is None or not may_steer(by, run):
        raise NotFound(_("There is no such run."), hint=_("Runs are kept with whoever started them."))
    return run


def forget_prepared(*, at: datetime) -> int:
    """Forget runs that were prepared and never started; nothing happened in them."""
    old = BulkRun.objects.filter(state=BulkRun.State.PREPARED, created_at__lt=at - PREPARED_FOR)
    ids = list(old.values_list("id", flat=True)[:20])
    with transaction.atomic():
        BulkRow.objects.filter(run_id__in=ids).delete()
        BulkRun.objects.filter(pk__in=ids, state=BulkRun.State.PREPARED).delete()
    return len(ids)
