"""Working off a bulk run: in short transactions, each ticket exactly once, what cannot be done told beside it."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from steward.core.deferring import defer
from steward.core.errors import DomainError
from steward.core.remembering import remembering
from steward.desk.actions.bulk import LIFE_SIGN, forget_prepared
from steward.desk.actions.filling import filled
from steward.desk.actions.locking import holding, lock_for_work
from steward.desk.actions.replies import reply
from steward.desk.actions.verbs.registry import Call, Step, prepared, verb_named
from steward.desk.actions.verbs.running import Done, take_back
from steward.desk.facts.bulk import BulkEnded
from steward.desk.models import BulkRow, BulkRun
from steward.ledger.actions.giving_way import Courtesy
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.queries.actors import actor_of_user

log = logging.getLogger(__name__)

# So few that a colleague who opens one of them never waits in sight, and what follows the ledger never long.
MOST_AT_ONCE = 50
SECONDS_AT_ONCE = 0.15
# A job goes on for so long and then makes room for others.
SECONDS_A_JOB = 30.0
# What goes out to requesters: ten every ten seconds.
MESSAGES_AT_ONCE = 10
MESSAGES_EVERY = timedelta(seconds=10)


@dataclass(frozen=True)
class _Outcome:
    state: str
    reason: str = ""
    done: tuple[Done, ...] = ()


def work_off(*, bulk_id: int, now: Callable[[], datetime], seconds: float = SECONDS_A_JOB, in_background: bool = False) -> None:
    """Go on with a run until it is through, has to wait, or the time is up; then a further job is queued for the rest.

    In the background it gives way to what is to be heard of everybody else's doing.
    """
    until, courtesy = monotonic() + seconds, Courtesy()
    while (due_at := run_some(bulk_id=bulk_id, at=now())) is not None:
        if in_background:
            courtesy.give_way()
        at = now()
        if due_at > at or monotonic() > until:
            with transaction.atomic():
                later = due_at if due_at > at else None
                defer("desk.run_bulk", once_by=f"bulk:{bulk_id}", schedule_at=later, bulk_id=bulk_id)
            return


def run_some(*, bulk_id: int, at: datetime, most: int = MOST_AT_ONCE, seconds: float = SECONDS_AT_ONCE) -> datetime | None:
    """Do some tickets of a run in one short transaction; give the instant from which it goes on, None when there is no more to do.

    A run that another worker is busy with, or that is not to go on yet, is left alone.
    """
    with transaction.atomic():
        run = BulkRun.objects.select_for_update(skip_locked=True).filter(pk=bulk_id, state=BulkRun.State.RUNNING).first()
        if run is None:
            return None
        if run.due_at is not None and run.due_at > at and run.speaks:
            return run.due_at
        by = actor_of_user(run.user_id, cause=f"bulk:{run.pk}")
        with translation.override(by.language):
            waiting = list(
                BulkRow.objects.filter(run=run, state=BulkRow.State.PENDING).order_by("ticket_id")[
                    : MESSAGES_AT_ONCE if run.speaks else most
                ]
            )
            _do_some(run, waiting, until=monotonic() + seconds, by=by, at=at)
        if not BulkRow.objects.filter(run=run, state=BulkRow.State.PENDING).exists():
            _end(run, by=by, at=at)
            return None
        run.due_at = at + (MESSAGES_EVERY if run.speaks else LIFE_SIGN)
        run.save(update_fields=["due_at"])
        return run.due_at if run.speaks else at


def _do_some(run: BulkRun, waiting: Sequence[BulkRow], *, until: float, by: Actor, at: datetime) -> None:
    calls = [Call.load(call) for call in run.calls]
    try:
        steps = [] if run.undoes_id else [prepared(call) for call in calls]
    except DomainError as error:
        # What it names is gone meanwhile: no ticket can be done.
        _keep([(row.pk, _Outcome(BulkRow.State.FAILED, error.message)) for row in waiting])
        return
    outcomes = []
    with holding([row.ticket_id for row in waiting]) as done_with, remembering():
        for row in waiting:
            outcomes.append((row.pk, _outcome(run, row, calls, steps, done_with, by=by, at=at)))
            if monotonic() > until:
                break
    _keep(outcomes)


def _outcome(
    run: BulkRun,
    row: BulkRow,
    calls: Sequence[Call],
    steps: Sequence[Step],
    done_with: Callable[[int], object],
    *,
    by: Actor,
    at: datetime,
) -> _Outcome:
    try:
        with transaction.atomic():
            if run.undoes_id:
                done_with(row.ticket_id)
                return _undone(row, by=by, at=at)
            done: tuple[Done, ...] = ()
            for call, step in zip(calls, steps, strict=True):
                done = (*done, Done(call, _perform(row, call, step, by=by, at=at)))
                done_with(row.ticket_id)
    except DomainError as error:
        return _Outcome(BulkRow.State.FAILED, error.message)
    except (OperationalError, InterfaceError):
        # The server or the connection: the whole step is undone and done again.
        raise
    except Exception:
        log.exception("desk.bulk_row_broken", extra={"bulk": run.pk, "ticket": row.ticket_id})
        return _Outcome(BulkRow.State.FAILED, _("Something broke on our side. It was noted."))
    changed = any(one.back or not verb_named(one.call.verb).undoes for one in done)
    return _Outcome(BulkRow.State.DONE if changed else BulkRow.State.NOTHING, done=done)


def _perform(row: BulkRow, call: Call, step: Step, *, by: Actor, at: datetime) -> tuple[Call, ...]:
    if call.verb != "reply":
        return step.perform(row.ticket_id, by, at)
    # Said once however often it is tried, and not past what somebody wrote since the messages were looked through.
    lock_for_work(row.ticket_id, by)
    body = filled(row.ticket_id, str(call.args["body"]), by=by)
    reply(ticket_id=row.ticket_id, body=body, client_token=by.cause, seen_message_id=row.seen_message_id, by=by, at=at)
    return ()


def _undone(row: BulkRow, *, by: Actor, at: datetime) -> _Outcome:
    done = [Done.load(one) for one in row.done]
    left = take_back(row.ticket_id, done, by=by, at=at)
    spoken = [one for one in done if not one.back and not verb_named(one.call.verb).undoes]
    if left:
        return _Outcome(BulkRow.State.LEFT, _("Changed since, and left: %(what)s") % {"what": "; ".join(one.words for one in left)})
    return _Outcome(BulkRow.State.DONE, _("What was said stays said.") if spoken else "")


_KEEP = """
UPDATE desk_bulkrow b SET state = n.state, reason = n.reason, done = n.done
  FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::jsonb[]) AS n (id, state, reason, done) WHERE b.id = n.id
"""


def _keep(outcomes: Sequence[tuple[int, _Outcome]]) -> None:
    if not outcomes:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            [
                [pk for pk, _outcome in outcomes],
                [str(one.state) for _pk, one in outcomes],
                [one.reason[:500] for _pk, one in outcomes],
                [Jsonb([done.dump() for done in one.done]) for _pk, one in outcomes],
            ],
        )


def _end(run: BulkRun, *, by: Actor, at: datetime) -> None:
    run.state, run.due_at, run.ended_at = BulkRun.State.ENDED, None, at
    run.save(update_fields=["state", "due_at", "ended_at"])
    states = list(BulkRow.objects.filter(run=run).values_list("state", flat=True))
    record(
        BulkEnded(
            bulk_id=run.pk,
            done=states.count(BulkRow.State.DONE),
            nothing=states.count(BulkRow.State.NOTHING),
            left=states.count(BulkRow.State.LEFT),
            failed=states.count(BulkRow.State.FAILED),
        ),
        by=by,
        at=at,
    )


def take_up_lost_runs(*, at: datetime) -> int:
    """Queue a job for each run that should have gone on by now and did not; give how many. Forgets what was never started."""
    lost = list(
        BulkRun.objects.filter(state=BulkRun.State.RUNNING, due_at__lt=at - LIFE_SIGN / 2).values_list("id", flat=True)[:50]
    )
    with transaction.atomic():
        for bulk_id in lost:
            defer("desk.run_bulk", once_by=f"bulk:{bulk_id}", bulk_id=bulk_id)
    forget_prepared(at=at)
    return len(lost)
