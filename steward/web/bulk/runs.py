"""A run as its page shows it: being prepared with a preview, or on its way with its progress; and the runs there were."""

from collections.abc import Mapping
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from steward.core import clock
from steward.core.errors import DomainError, NotFound
from steward.desk.actions.bulk import HOLD, UNDO_FOR
from steward.desk.actions.bulk_preview import preview_bulk, rendered
from steward.desk.actions.verbs.registry import verb_named
from steward.desk.models import BulkRow, BulkRun
from steward.desk.permissions import may_steer, may_work_at_all
from steward.desk.queries.bulk import EXAMPLES, lines_of, progress_of, reasons_of, runs_of
from steward.desk.queries.variables import variables
from steward.people.rules import Capability
from steward.web.bulk.forms import calls, drawn, kept_names, offered, typed_before
from steward.web.bulk.words import call_words
from steward.web.shared.asking import Request, View, number_in

TROUBLE = (BulkRow.State.FAILED, BulkRow.State.LEFT)


def workers_only(view: View) -> View:
    """Let in those who work tickets; to all others there is nothing here."""

    @login_required
    @wraps(view)
    def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponse:
        if not may_work_at_all(request.actor):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def found(request: Request, bulk_id: int) -> BulkRun:
    """Give a run that the actor may see; raises `NotFound` for any other."""
    run = BulkRun.objects.select_related("user", "undoes").filter(pk=bulk_id).first()
    if run is None or not may_steer(request.actor, run):
        raise NotFound(_("There is no such run."), hint=_("Runs are kept with whoever started them."))
    return run


@require_safe
@workers_only
def page(request: Request) -> HttpResponse:
    everybody = request.actor.can(Capability.ASSIGN_OTHERS)
    runs = runs_of(None if everybody else request.actor.user_id or 0)
    rows = [{"run": one, "words": call_words(one.calls), "progress": progress_of(one.pk)} for one in runs[:30]]
    return render(request, "bulk/runs.html", {"rows": rows, "everybody": everybody})


@require_safe
@workers_only
def run(request: Request, bulk_id: int) -> HttpResponse:
    one = found(request, bulk_id)
    if one.state != BulkRun.State.PREPARED:
        return render(request, "bulk/run.html", shown(request, one, at=clock.now()))
    # Held, and taken back before anything was said: the text is still there.
    names = [call["verb"] for call in one.calls] or request.GET.getlist("verb")
    context = _form(request, one, names, typed_before(one.calls)) | {"cut": bool(request.GET.get("cut"))}
    return render(request, "bulk/prepare.html", context)


@require_http_methods(["POST"])
@workers_only
def steps(request: Request, bulk_id: int) -> HttpResponse:
    """The form with a change more or less; what was typed stays."""
    one = found(request, bulk_id)
    part = request.headers.get("HX-Request-Type") == "partial"
    context = _form(request, one, kept_names(request), request.POST) | {"cut": False}
    return render(request, "bulk/steps.html" if part else "bulk/prepare.html", context)


def _form(request: Request, one: BulkRun, names: list[str], typed: Mapping[str, str]) -> dict[str, Any]:
    drawn_steps = drawn(request.actor, names, typed)
    return {
        "run": one,
        "count": one.rows.count(),
        "steps": drawn_steps,
        "offered": offered(request.actor, names),
        "variables": variables(),
        "speaks": any(step.verb.speaks for step in drawn_steps),
        "hold": int(HOLD.total_seconds()),
    }


@require_http_methods(["POST"])
@workers_only
def preview(request: Request, bulk_id: int) -> HttpResponse:
    one = found(request, bulk_id)
    try:
        wanted = calls(request)
        seen = preview_bulk(one, wanted, by=request.actor) if wanted else None
    except DomainError as error:
        return render(request, "bulk/preview.html", {"seen": None, "problem": error, "messages_shown": [], "run": one})
    body = next((str(call.args["body"]) for call in wanted if verb_named(call.verb).speaks), "")
    shown_messages = rendered(one, body, by=request.actor) if body else []
    return render(request, "bulk/preview.html", {"seen": seen, "problem": None, "messages_shown": shown_messages, "run": one})


@require_safe
@workers_only
def progress(request: Request, bulk_id: int) -> HttpResponse:
    return render(request, "bulk/progress.html", shown(request, found(request, bulk_id), at=clock.now()))


@require_safe
@workers_only
def tickets(request: Request, bulk_id: int) -> HttpResponse:
    """More of the tickets that were not done."""
    one = found(request, bulk_id)
    after = number_in(request.GET.get("after", "")) or 0
    lines = lines_of(one.pk, TROUBLE, queue_ids=[queue.pk for queue in request.queues], after=after)
    return render(request, "bulk/tickets.html", {"run": one, "lines": lines, "more": len(lines) == EXAMPLES})


def shown(request: Request, one: BulkRun, *, at: datetime) -> dict[str, Any]:
    """Give what the page of a started run shows."""
    counted = progress_of(one.pk)
    lines = lines_of(one.pk, TROUBLE, queue_ids=[queue.pk for queue in request.queues])
    back = BulkRun.objects.filter(undoes=one).first()
    ended = one.state in {BulkRun.State.ENDED, BulkRun.State.STOPPED}
    undoes = any(verb_named(call["verb"]).undoes for call in one.calls)
    return {
        "run": one,
        "at": at,
        "progress": counted,
        "words": call_words(one.calls),
        "held_for": _held_for(one, counted.through, at),
        "lines": lines,
        "more": len(lines) == EXAMPLES,
        "reasons": reasons_of(one.pk, TROUBLE) if lines else [],
        "back": back,
        "may_undo": ended and back is None and one.undoes_id is None and undoes and counted.done > 0 and _is_fresh(one, at),
        "may_resume": one.state == BulkRun.State.STOPPED and back is None,
    }


def _held_for(one: BulkRun, through: int, at: datetime) -> int:
    """Give the seconds until the first message goes out, zero for a run that is not held."""
    held = one.state == BulkRun.State.RUNNING and one.speaks and not through and one.due_at is not None
    return max(int((one.due_at - at).total_seconds()), 0) + 1 if held and one.due_at and one.due_at > at else 0


def _is_fresh(one: BulkRun, at: datetime) -> bool:
    return one.ended_at is not None and at - one.ended_at <= UNDO_FOR
