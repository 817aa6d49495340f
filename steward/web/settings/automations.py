"""Automations: the list in their order, and one with its versions, dry run, switch and runs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steward.core import clock
from steward.core.errors import NotFound
from steward.desk.actions.automations.making import (
    Content,
    change_automation,
    content_of,
    create_automation,
    move_automation,
    put_away_automation,
    switch_off,
    switch_on,
)
from steward.desk.actions.automations.occasions import when_words
from steward.desk.actions.automations.trying import try_automation
from steward.desk.actions.verbs.looking_up import looked_up
from steward.desk.models import Automation, AutomationRun, AutomationVersion, DryRun
from steward.desk.permissions import may_manage_automations
from steward.desk.queries.access import visible_queue_ids
from steward.desk.queries.automations import newest_dry_run, versions_of
from steward.desk.queries.conditions import Choices, condition_words
from steward.desk.queries.snapshots import snapshots
from steward.web.settings import automation_form
from steward.web.settings.answering import done, show
from steward.web.settings.asking import only
from steward.web.settings.history import history_of
from steward.web.settings.macros import words_of
from steward.web.shared.asking import Request, number, text

MOST_RUNS = 50


@require_safe
@only(may_manage_automations)
def page(request: Request) -> HttpResponse:
    lately = Count("runs", filter=Q(runs__outcome=AutomationRun.Outcome.DONE))
    rows = list(Automation.objects.select_related("owner").annotate(acted=lately).order_by("-is_active", "position", "id"))
    newest = AutomationVersion.objects.order_by("automation_id", "-version").distinct("automation_id")
    shown = {version.automation_id: version for version in newest}
    running = {
        (version.automation_id, version.version): version
        for version in AutomationVersion.objects.filter(automation__running_version__isnull=False)
    }
    listed = [(row, running.get((row.pk, row.running_version or 0)) or shown[row.pk]) for row in rows]
    contents = [content_of(version) for _row, version in listed]
    told = _all_told(contents)
    context = {"rows": [(row, version, words) for (row, version), words in zip(listed, told, strict=True)], "newest": shown}
    return show(request, "settings/automations.html", "automations", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_manage_automations)
def create(request: Request) -> HttpResponse:
    if request.method == "POST":
        content = automation_form.read(request)
        made = create_automation(name=text(request, "name"), content=content, by=request.actor, at=clock.now())
        return done(request, _("Created; it is off. See now what it would have done last week."), "settings:automation", made.pk)
    context = {"row": Automation(), "version": None, **automation_form.drawn(Content((), ()), request.actor)}
    return show(request, "settings/automation.html", "automations", context)


@require_safe
@only(may_manage_automations)
def automation(request: Request, automation_id: int) -> HttpResponse:
    row = Automation.objects.filter(pk=automation_id).select_related("owner").first()
    if row is None:
        raise NotFound(_("There is no such automation."))
    versions = versions_of(row.pk)
    queue_ids = visible_queue_ids(request.actor)
    dry_run = newest_dry_run(versions[0])
    told = _all_told([content_of(one) for one in versions[:20]])
    runs = AutomationRun.objects.filter(automation=row, ticket__queue__in=queue_ids)
    context = {
        "row": row,
        "version": versions[0],
        **automation_form.drawn(content_of(versions[0]), request.actor),
        "versions": list(zip(versions[:20], told, strict=True)),
        "dry_run": dry_run,
        "lines": _lines(dry_run, queue_ids) if dry_run else [],
        "runs": list(runs.order_by("-id")[:MOST_RUNS]),
        "history": history_of(f"automation:{row.pk}"),
    }
    return show(request, "settings/automation.html", "automations", context)


@require_POST
@only(may_manage_automations)
def update(request: Request, automation_id: int) -> HttpResponse:
    seen = number(request, "seen_version")
    version = change_automation(
        automation_id=automation_id,
        name=text(request, "name"),
        content=automation_form.read(request),
        seen_version=seen,
        by=request.actor,
        at=clock.now(),
    )
    said = _("Saved.")
    if version.version != seen:
        said = _("Saved as version %(version)s, which acts once it was tried and switched on.") % {"version": version.version}
    return done(request, said, "settings:automation", automation_id)


@require_POST
@only(may_manage_automations)
def attempt(request: Request, automation_id: int) -> HttpResponse:
    """See what the newest version would have done last week."""
    found = try_automation(automation_id=automation_id, by=request.actor, at=clock.now())
    said = _("It would have acted %(count)s times last week. Nothing was changed.") % {"count": found.matched}
    return done(request, said, "settings:automation", automation_id)


@require_POST
@only(may_manage_automations)
def switch(request: Request, automation_id: int) -> HttpResponse:
    if text(request, "on"):
        switch_on(automation_id=automation_id, version=number(request, "version"), by=request.actor, at=clock.now())
        return done(request, _("It acts from now on."), "settings:automation", automation_id)
    switch_off(automation_id=automation_id, by=request.actor, at=clock.now())
    return done(request, _("It acts no more."), "settings:automation", automation_id)


@require_POST
@only(may_manage_automations)
def move(request: Request, automation_id: int) -> HttpResponse:
    move_automation(automation_id=automation_id, down=bool(text(request, "down")), by=request.actor, at=clock.now())
    return done(request, _("Moved."), "settings:automations")


@require_POST
@only(may_manage_automations)
def active(request: Request, automation_id: int) -> HttpResponse:
    is_active = bool(text(request, "active"))
    put_away_automation(automation_id=automation_id, is_active=is_active, by=request.actor, at=clock.now())
    return done(request, _("In use again.") if is_active else _("Put away."), "settings:automation", automation_id)


@require_safe
@only(may_manage_automations)
def condition(request: Request) -> HttpResponse:
    """One more condition, to be filled in."""
    context = {"condition": automation_form.fresh_condition(request.GET.get("field", ""))}
    return render(request, "settings/condition.html", context)


@require_safe
@only(may_manage_automations)
def span(request: Request) -> HttpResponse:
    """One more occasion that comes with time, to be filled in."""
    context = {"span": automation_form.fresh_span(request.GET.get("name", ""), request.actor)}
    return render(request, "settings/span.html", context)


def _all_told(contents: Sequence[Content]) -> list[dict[str, list[str]]]:
    """Say what several automations or versions do; what all of them name is looked up at once."""
    choices: Choices = {}
    with looked_up(call for content in contents for call in content.calls):
        return [_told(content, choices) for content in contents]


def _told(content: Content, choices: Choices) -> dict[str, list[str]]:
    return {
        "whens": [when_words(one) for one in content.whens],
        "conditions": [condition_words(one, choices) for one in content.conditions],
        "either": [condition_words(one, choices) for one in content.any_conditions],
        "steps": [words_of(one) for one in content.calls],
    }


def _lines(dry_run: DryRun, queue_ids: list[int]) -> list[dict[str, Any]]:
    """Give the lines of tickets in the reader's sight, with their subjects as they are today."""
    seen = snapshots({line["ticket"] for line in dry_run.lines}, queue_ids=queue_ids)
    return [
        {**line, "at": datetime.fromisoformat(line["at"]), "subject": seen[line["ticket"]].subject}
        for line in dry_run.lines
        if line["ticket"] in seen
    ]
