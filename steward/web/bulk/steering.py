"""Starting a run, stopping it, going on, taking it back, and doing something else to the same tickets."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from steward.core import clock
from steward.desk.actions.bulk import gather, resume_bulk, start_bulk, stop_bulk, undo_bulk
from steward.desk.actions.bulk_running import work_off
from steward.desk.models import BulkRun
from steward.desk.queries.bulk import progress_of, ticket_ids_of
from steward.web.bulk.forms import calls
from steward.web.bulk.runs import found, workers_only
from steward.web.shared.asking import Request
from steward.web.shared.htmx import go

# So few are done while one waits, for at most so long; what is left goes on in the background.
AT_ONCE = 100
SECONDS = 1.5


@require_POST
@workers_only
def start(request: Request, bulk_id: int) -> HttpResponse:
    run = start_bulk(bulk_id=found(request, bulk_id).pk, calls=calls(request), by=request.actor, at=clock.now())
    _do_now(run)
    return _to(request, run.pk)


@require_POST
@workers_only
def stop(request: Request, bulk_id: int) -> HttpResponse:
    return _to(request, stop_bulk(bulk_id=bulk_id, by=request.actor, at=clock.now()).pk)


@require_POST
@workers_only
def resume(request: Request, bulk_id: int) -> HttpResponse:
    run = resume_bulk(bulk_id=bulk_id, by=request.actor, at=clock.now())
    _do_now(run)
    return _to(request, run.pk)


@require_POST
@workers_only
def undo(request: Request, bulk_id: int) -> HttpResponse:
    back = undo_bulk(bulk_id=bulk_id, by=request.actor, at=clock.now())
    _do_now(back)
    return _to(request, back.pk)


@require_POST
@workers_only
def again(request: Request, bulk_id: int) -> HttpResponse:
    """Prepare a new run over the tickets of this one."""
    old = found(request, bulk_id)
    run = gather(ticket_ids=ticket_ids_of(old.pk), came_from=old.came_from, by=request.actor, at=clock.now())
    return _to(request, run.pk)


def _do_now(run: BulkRun) -> None:
    if not run.speaks and progress_of(run.pk).pending <= AT_ONCE:
        work_off(bulk_id=run.pk, now=clock.now, seconds=SECONDS)


def _to(request: Request, bulk_id: int) -> HttpResponse:
    return go(request, reverse("bulk:run", args=[bulk_id]))
