"""Macros: the list, and one with its steps and versions."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steward.core import clock
from steward.core.errors import DomainError
from steward.desk.actions.macro_holding import written_calls
from steward.desk.actions.macros import change_macro, create_macro, put_away_macro
from steward.desk.actions.verbs.looking_up import looked_up
from steward.desk.actions.verbs.registry import Call, prepared
from steward.desk.models import Macro, MacroRun
from steward.desk.permissions import may_keep
from steward.desk.queries.access import visible_queue_ids
from steward.desk.queries.macros import latest_versions, versions_of
from steward.desk.queries.variables import variables
from steward.web.settings import kept_form, step_form
from steward.web.settings.answering import done, show
from steward.web.settings.asking import only
from steward.web.settings.history import history_of
from steward.web.shared.asking import Request, number, text

MOST = 500
MOST_RUNS = 30


@require_safe
@only(may_keep)
def page(request: Request) -> HttpResponse:
    words = request.GET.get("q", "")[:100]
    rows = kept_form.all_managed(request, Macro).select_related("team").annotate(version=latest_versions())
    for word in words.split()[:8]:
        rows = rows.filter(name__icontains=word) | rows.filter(folder__icontains=word)
    listed = rows.order_by("-is_active", "folder", "name", "id")[:MOST]
    return show(request, "settings/macros.html", "macros", {"rows": list(listed), "words": words})


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_keep)
def create(request: Request) -> HttpResponse:
    if request.method == "POST":
        made = create_macro(about=kept_form.about(request), calls=step_form.read_steps(request), by=request.actor, at=clock.now())
        return done(request, _("Saved. Press m on a ticket to run it."), "settings:macro", made.pk)
    return show(request, "settings/macro.html", "macros", _context(request, Macro(scope=Macro.Scope.PRIVATE)))


@require_safe
@only(may_keep)
def macro(request: Request, macro_id: int) -> HttpResponse:
    return show(request, "settings/macro.html", "macros", _context(request, kept_form.one_managed(request, Macro, macro_id)))


@require_POST
@only(may_keep)
def update(request: Request, macro_id: int) -> HttpResponse:
    seen = number(request, "seen_version")
    version = change_macro(
        macro_id=macro_id,
        about=kept_form.about(request),
        calls=step_form.read_steps(request),
        seen_version=seen,
        by=request.actor,
        at=clock.now(),
    )
    said = _("Saved.") if version.version == seen else _("Version %(version)s is run from now on.") % {"version": version.version}
    return done(request, said, "settings:macro", macro_id)


@require_POST
@only(may_keep)
def active(request: Request, macro_id: int) -> HttpResponse:
    is_active = bool(text(request, "active"))
    put_away_macro(macro_id=macro_id, is_active=is_active, by=request.actor, at=clock.now())
    return done(request, _("In use again.") if is_active else _("Put away."), "settings:macro", macro_id)


@require_safe
@only(may_keep)
def step(request: Request) -> HttpResponse:
    """One more step of a verb, to be filled in."""
    context = {"step": step_form.fresh(request.GET.get("verb", ""), request.actor), "variables": variables()}
    return render(request, "settings/step.html", context)


def words_of(call: Call) -> str:
    """Say what a stored step does, or why it no longer can."""
    try:
        return prepared(call).words()
    except DomainError as error:
        return error.message


def _context(request: Request, row: Macro) -> dict[str, Any]:
    versions = versions_of(row.pk) if row.pk else []
    calls = written_calls(versions[0]) if versions else []
    shown = [(one, written_calls(one)) for one in versions[:20]]
    with looked_up(call for _version, steps in shown for call in steps):
        told = [(one, [words_of(call) for call in steps]) for one, steps in shown]
    runs = MacroRun.objects.filter(macro=row, ticket__queue__in=visible_queue_ids(request.actor)) if row.pk else None
    return {
        **kept_form.form(request, row),
        "steps": step_form.drawn(calls, request.actor),
        "verbs": step_form.offered(),
        "variables": variables(),
        "version": versions[0] if versions else None,
        "versions": told,
        "runs": list(runs.select_related("user").order_by("-id")[:MOST_RUNS]) if runs is not None else [],
        "history": history_of(f"macro:{row.pk}") if row.pk else [],
    }
