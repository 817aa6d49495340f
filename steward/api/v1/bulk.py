"""The same done to many tickets."""

from datetime import datetime

from ninja import Router

from steward.api.operations import CREATED, get, post
from steward.api.shapes import Given, Ids, PathId, Sent
from steward.api.tokens import Asked
from steward.api.v1.finding import nothing_here
from steward.api.v1.kept import CallOut, Calls, calls_in
from steward.api.v1.tickets import READ, WRITE
from steward.core import clock
from steward.desk.actions.bulk import gather, resume_bulk, start_bulk, stop_bulk, undo_bulk
from steward.desk.actions.bulk_preview import preview_bulk
from steward.desk.actions.wholes import update_parts
from steward.desk.models import BulkRun, Ticket
from steward.desk.permissions import may_steer
from steward.desk.queries.access import ticket_seen_by, visible_queue_ids
from steward.desk.queries.bulk import progress_of
from steward.people.rules import Scope

router = Router(tags=["Bulk runs"])
KEPT_READ, KEPT_WRITE = Scope.SETTINGS_READ, Scope.SETTINGS_WRITE


class BulkOut(Given):
    """A bulk run, and what became of its tickets."""

    id: int
    state: str
    speaks: bool
    calls: list[CallOut]
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    undoes_id: int | None
    pending: int
    done: int
    nothing: int
    left: int
    failed: int


def _bulk(run: BulkRun) -> BulkOut:
    progress = progress_of(run.pk)
    return BulkOut(
        id=run.pk,
        state=run.state,
        speaks=run.speaks,
        calls=[CallOut(**call) for call in run.calls],
        created_at=run.created_at,
        started_at=run.started_at,
        ended_at=run.ended_at,
        undoes_id=run.undoes_id,
        pending=progress.pending,
        done=progress.done,
        nothing=progress.nothing,
        left=progress.left,
        failed=progress.failed,
    )


def _run(request: Asked, bulk_id: int) -> BulkRun:
    run = BulkRun.objects.filter(pk=bulk_id).first()
    if run is None or not may_steer(request.actor, run):
        raise nothing_here()
    return run


class BulkIn(Sent):
    """The tickets of a run; those out of sight are left out."""

    ticket_ids: Ids


@post(router, "/bulk-runs", scope=WRITE, out=BulkOut, status=CREATED)
def prepare_bulk(request: Asked, body: BulkIn) -> BulkOut:
    """Prepare a run over tickets. Nothing is changed until it is started."""
    return _bulk(gather(ticket_ids=body.ticket_ids, by=request.actor, at=clock.now()))


@get(router, "/bulk-runs/{int:bulk_id}", scope=READ, out=BulkOut)
def get_bulk(request: Asked, bulk_id: PathId) -> BulkOut:
    """Say how far a run is."""
    return _bulk(_run(request, bulk_id))


class StepsIn(Sent):
    """What is to be done to each ticket."""

    calls: Calls


class BulkPreviewOut(Given):
    """What a run would do: how many tickets change, how many are so already, how many cannot and why."""

    changing: int
    nothing: int
    refused: int
    reasons: dict[str, int]


@post(router, "/bulk-runs/{int:bulk_id}/preview", scope=WRITE, out=BulkPreviewOut)
def preview_bulk_run(request: Asked, bulk_id: PathId, body: StepsIn) -> BulkPreviewOut:
    """Say what a run would do. Nothing is changed."""
    told = preview_bulk(_run(request, bulk_id), calls_in(body.calls), by=request.actor)
    return BulkPreviewOut(changing=told.changing, nothing=told.nothing, refused=told.refused, reasons=dict(told.reasons))


@post(router, "/bulk-runs/{int:bulk_id}/start", scope=WRITE, out=BulkOut)
def start_bulk_run(request: Asked, bulk_id: PathId, body: StepsIn) -> BulkOut:
    """Start a prepared run."""
    _run(request, bulk_id)
    return _bulk(start_bulk(bulk_id=bulk_id, calls=calls_in(body.calls), by=request.actor, at=clock.now()))


@post(router, "/bulk-runs/{int:bulk_id}/stop", scope=WRITE, out=BulkOut)
def stop_bulk_run(request: Asked, bulk_id: PathId) -> BulkOut:
    """Stop a run between two tickets."""
    _run(request, bulk_id)
    return _bulk(stop_bulk(bulk_id=bulk_id, by=request.actor, at=clock.now()))


@post(router, "/bulk-runs/{int:bulk_id}/resume", scope=WRITE, out=BulkOut)
def resume_bulk_run(request: Asked, bulk_id: PathId) -> BulkOut:
    """Go on with a stopped run."""
    _run(request, bulk_id)
    return _bulk(resume_bulk(bulk_id=bulk_id, by=request.actor, at=clock.now()))


@post(router, "/bulk-runs/{int:bulk_id}/undo", scope=WRITE, out=BulkOut, status=CREATED)
def undo_bulk_run(request: Asked, bulk_id: PathId) -> BulkOut:
    """Take a run back, by a run of its own."""
    _run(request, bulk_id)
    return _bulk(undo_bulk(bulk_id=bulk_id, by=request.actor, at=clock.now()))


class PartDoneOut(Given):
    """What became of one part."""

    ticket_id: int
    error: str


@post(router, "/tickets/{int:ticket_id}/parts/do", scope=WRITE, out=list[PartDoneOut])
def do_to_parts(request: Asked, ticket_id: PathId, body: StepsIn) -> list[PartDoneOut]:
    """Do the same to every part of a ticket that is still worked on. Parts out of sight are left out of the answer."""
    ticket_seen_by(request.actor, ticket_id)
    became = update_parts(whole_id=ticket_id, calls=calls_in(body.calls), by=request.actor, at=clock.now())
    parts = Ticket.objects.filter(pk__in=[one.ticket_id for one in became], queue_id__in=visible_queue_ids(request.actor))
    seen = set(parts.values_list("pk", flat=True))
    return [PartDoneOut(ticket_id=one.ticket_id, error=one.error) for one in became if one.ticket_id in seen]
