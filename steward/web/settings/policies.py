"""SLA policies: which tickets they match, in which order, and what they promise, version by version."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steward.core import clock
from steward.core.errors import NotFound
from steward.desk.models import Queue
from steward.roster.queries import calendars
from steward.sla.actions import change_policy, create_policy, publish_policy_version
from steward.sla.models import Policy, PolicyVersion
from steward.sla.permissions import may_manage_policies
from steward.sla.queries.policies import policies, policy_versions
from steward.sla.rules.kinds import ClockKind
from steward.web.settings import choices, policy_form
from steward.web.settings.answering import done, show
from steward.web.settings.asking import only
from steward.web.settings.history import history_of
from steward.web.settings.promise_words import conditions_words, pause_words, targets_words
from steward.web.shared.asking import Request, number, text
from steward.web.shared.labels import CHANNELS
from steward.web.shared.times import instant


@require_safe
@only(may_manage_policies)
def page(request: Request) -> HttpResponse:
    newest = PolicyVersion.objects.order_by("policy_id", "-version").distinct("policy_id").select_related("calendar")
    current = {version.policy_id: version for version in newest}
    queues, categories = dict(Queue.objects.values_list("id", "name")), dict(choices.category_choices(include_retired=True))
    rows = [
        (one, version, conditions_words(version.conditions, queues=queues, categories=categories))
        for one in policies(include_inactive=True)
        if (version := current.get(one.pk))
    ]
    context = {
        "rows": [row for row in rows if row[0].is_active],
        "away": [row for row in rows if not row[0].is_active],
        "kinds": list(ClockKind),
        "written": policy_form.written,
        "queues": sorted(queues.items(), key=lambda pair: pair[1].casefold()),
        "categories": choices.category_choices(),
        "channels": list(CHANNELS.items()),
        "priorities": policy_form.priorities(),
        "has_calendar": bool(calendars()),
    }
    return show(request, "settings/policies.html", "policies", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_manage_policies)
def create(request: Request) -> HttpResponse:
    if request.method == "POST":
        parts = policy_form.read(request)
        made = create_policy(name=text(request, "name"), **parts, by=request.actor, at=clock.now())
        return done(request, _("Created. It is looked at last; move it up if it should win."), "settings:policy", made.pk)
    return show(
        request, "settings/policy.html", "policies", {**policy_form.blank(), "policy": Policy(), "versions": [], "history": []}
    )


@require_safe
@only(may_manage_policies)
def policy(request: Request, policy_id: int) -> HttpResponse:
    found = Policy.objects.filter(pk=policy_id).first()
    versions = policy_versions(policy_id) if found else []
    if found is None or not versions:
        raise NotFound(_("There is no such policy."))
    context = {
        **policy_form.filled(versions[0]),
        "policy": found,
        "versions": [(version, targets_words(version.targets), pause_words(version.pause_on)) for version in versions],
        "history": history_of(f"policy:{policy_id}"),
    }
    return show(request, "settings/policy.html", "policies", context)


@require_POST
@only(may_manage_policies)
def publish(request: Request, policy_id: int) -> HttpResponse:
    seen = number(request, "seen_version")
    parts = policy_form.read(request)
    version = publish_policy_version(policy_id=policy_id, **parts, seen_version=seen, by=request.actor, at=clock.now())
    if version.version == seen:
        return done(request, _("It promises that already; nothing was published."), "settings:policy", policy_id)
    said = _("Version %(version)s counts from now on (%(at)s). Clocks already running keep the version they were promised.")
    words = {"version": version.version, "at": instant(version.created_at).striptags()}
    return done(request, said % words, "settings:policy", policy_id)


@require_POST
@only(may_manage_policies)
def rename(request: Request, policy_id: int) -> HttpResponse:
    change_policy(policy_id=policy_id, changes={"name": text(request, "name")}, by=request.actor, at=clock.now())
    return done(request, _("Saved."), "settings:policy", policy_id)


@require_POST
@only(may_manage_policies)
def active(request: Request, policy_id: int) -> HttpResponse:
    is_active = bool(text(request, "active"))
    change_policy(policy_id=policy_id, changes={"is_active": is_active}, by=request.actor, at=clock.now())
    return done(
        request, _("In use again.") if is_active else _("Put away. Promises already made stand."), "settings:policy", policy_id
    )


@require_POST
@only(may_manage_policies)
def move(request: Request, policy_id: int) -> HttpResponse:
    """Let a policy be looked at one place earlier or later."""
    step = 1 if text(request, "down") else -1
    with transaction.atomic():
        # All of them locked in one order, so that two moves at once do not leave two in one place.
        list(Policy.objects.select_for_update().order_by("id"))
        order: list[Any] = [one for one in policies() if one.pk != policy_id]
        found = next((place for place, one in enumerate(policies()) if one.pk == policy_id), None)
        if found is None:
            raise NotFound(_("There is no such policy."))
        order.insert(max(0, found + step), Policy.objects.get(pk=policy_id))
        for place, one in enumerate(order):
            if one.position != place:
                change_policy(policy_id=one.pk, changes={"position": place}, by=request.actor, at=clock.now())
    return done(request, _("Moved."), "settings:policies")
