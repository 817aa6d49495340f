"""Queues, and who sees the restricted ones."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steward.core import clock
from steward.core.errors import Invalid, NotFound
from steward.desk.actions.settings import change_queue, create_queue, grant_queue_access, revoke_queue_access
from steward.desk.models import Queue
from steward.desk.permissions import may_manage_desk
from steward.desk.queries.access import people_who_see
from steward.people.models import Team, User
from steward.web.settings import choices
from steward.web.settings.answering import done, show
from steward.web.settings.asking import only, small_number
from steward.web.settings.history import history_of
from steward.web.settings.spans import DAY, read_span, written_span
from steward.web.shared.asking import Request, is_on, number, one_of, optional_number, text

# As far as an interval in the database should ever reach.
LONGEST_WAIT = 3_660 * DAY


@require_safe
@only(may_manage_desk)
def page(request: Request) -> HttpResponse:
    queues = Queue.objects.select_related("team").annotate(seen_by=Count("queueaccess", filter=Q(restricted=True)))
    listed = list(queues.order_by("-is_active", "position", "name", "id"))
    return show(request, "settings/queues.html", "queues", {"queues": listed})


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_manage_desk)
def create(request: Request) -> HttpResponse:
    if request.method == "POST":
        queue = create_queue(values=_values(request), by=request.actor, at=clock.now())
        return done(request, _("Created."), "settings:queue", queue.pk)
    return show(request, "settings/queue.html", "queues", _form(Queue()))


@require_safe
@only(may_manage_desk)
def queue(request: Request, queue_id: int) -> HttpResponse:
    found = Queue.objects.filter(pk=queue_id).first()
    if found is None:
        raise NotFound(_("There is no such queue."))
    seen_by = [access.user for access in people_who_see(queue_id).select_related("user").order_by("user__name", "user_id")]
    named = {user.pk for user in seen_by}
    context = {
        **_form(found),
        "seen_by": seen_by,
        "candidates": [pair for pair in choices.desk_user_choices() if pair[0] not in named],
        "history": history_of(f"queue:{queue_id}"),
    }
    return show(request, "settings/queue.html", "queues", context)


@require_POST
@only(may_manage_desk)
def update(request: Request, queue_id: int) -> HttpResponse:
    change_queue(queue_id=queue_id, values=_values(request), by=request.actor, at=clock.now())
    return done(request, _("Saved."), "settings:queue", queue_id)


@require_POST
@only(may_manage_desk)
def active(request: Request, queue_id: int) -> HttpResponse:
    is_active = bool(text(request, "active"))
    change_queue(queue_id=queue_id, values={"is_active": is_active}, by=request.actor, at=clock.now())
    return done(request, _("The queue is open again.") if is_active else _("The queue is closed."), "settings:queue", queue_id)


@require_POST
@only(may_manage_desk)
def grant(request: Request, queue_id: int) -> HttpResponse:
    user = User.objects.active().filter(id=number(request, "user_id")).first()
    if user is None:
        raise Invalid(_("There is no such user."), field="user_id", hint=_("Choose somebody from the list."))
    grant_queue_access(queue_id=queue_id, user=user, by=request.actor, at=clock.now())
    return done(request, _("%(name)s sees this queue now.") % {"name": user.name}, "settings:queue", queue_id)


@require_POST
@only(may_manage_desk)
def revoke(request: Request, queue_id: int, user_id: int) -> HttpResponse:
    revoke_queue_access(queue_id=queue_id, user_id=user_id, by=request.actor, at=clock.now())
    return done(request, _("Taken off the list, from the next click on."), "settings:queue", queue_id)


def _form(queue: Queue) -> dict[str, Any]:
    return {
        "queue": queue,
        "teams": choices.team_choices(keep=queue.team_id),
        "purposes": Queue.Purpose.choices,
        "routings": Queue.Routing.choices,
        "cares": Queue.Care.choices,
        "spans": {
            name: written_span(getattr(queue, name).total_seconds()) for name in ("remind_after", "close_after", "reopen_for")
        },
        "seen_by": [],
        "candidates": [],
        "history": [],
    }


def _values(request: Request) -> dict[str, Any]:
    team_id = optional_number(request, "team")
    team = Team.objects.filter(id=team_id).first() if team_id else None
    if team_id and team is None:
        raise Invalid(_("There is no such team."), field="team", hint=_("Choose one that is active."))
    return {
        "name": text(request, "name"),
        "team": team,
        "purpose": one_of(request, "purpose", Queue.Purpose.values),
        "routing": one_of(request, "routing", Queue.Routing.values),
        "restricted": is_on(request, "restricted"),
        **({"care": one_of(request, "care", Queue.Care.values)} if "care" in request.POST else {}),
        "capacity": small_number(request, "capacity"),
        "position": small_number(request, "position"),
        **{name: _wait(request, name) for name in ("remind_after", "close_after", "reopen_for")},
    }


def _wait(request: Request, name: str) -> timedelta:
    seconds = read_span(text(request, name), field=name)
    if seconds > LONGEST_WAIT:
        raise Invalid(_("That is too long: ten years at most."), field=name)
    return timedelta(seconds=seconds)
