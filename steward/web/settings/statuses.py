"""The desk's own words for the six states."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steward.core import clock
from steward.core.errors import NotFound
from steward.desk.actions.settings import change_status_row, create_status
from steward.desk.models import Status
from steward.desk.permissions import may_manage_desk
from steward.web.settings.answering import done, show
from steward.web.settings.asking import only, small_number
from steward.web.settings.history import history_of
from steward.web.shared.asking import Request, is_on, one_of, text


@require_safe
@only(may_manage_desk)
def page(request: Request) -> HttpResponse:
    by_state: dict[str, list[Status]] = {state: [] for state in Status.State.values}
    for one in Status.objects.order_by("-is_active", "position", "name", "id"):
        by_state[one.state].append(one)
    return show(request, "settings/statuses.html", "statuses", {"by_state": by_state})


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_manage_desk)
def create(request: Request) -> HttpResponse:
    if request.method == "POST":
        create_status(values=_values(request), by=request.actor, at=clock.now())
        return done(request, _("Created."), "settings:statuses")
    state = request.GET.get("state", "")
    return show(request, "settings/status.html", "statuses", _form(Status(state=state if state in Status.State.values else "open")))


@require_safe
@only(may_manage_desk)
def status(request: Request, status_id: int) -> HttpResponse:
    found = Status.objects.filter(pk=status_id).first()
    if found is None:
        raise NotFound(_("There is no such status."))
    return show(request, "settings/status.html", "statuses", {**_form(found), "history": history_of(f"status:{status_id}")})


@require_POST
@only(may_manage_desk)
def update(request: Request, status_id: int) -> HttpResponse:
    change_status_row(status_id=status_id, values=_values(request), by=request.actor, at=clock.now())
    return done(request, _("Saved."), "settings:status", status_id)


@require_POST
@only(may_manage_desk)
def active(request: Request, status_id: int) -> HttpResponse:
    is_active = bool(text(request, "active"))
    change_status_row(status_id=status_id, values={"is_active": is_active}, by=request.actor, at=clock.now())
    return done(request, _("In use again.") if is_active else _("Retired: it stays on old tickets."), "settings:status", status_id)


def _form(status: Status) -> dict[str, Any]:
    return {"status": status, "states": Status.State.choices, "history": []}


def _values(request: Request) -> dict[str, Any]:
    return {
        "name": text(request, "name"),
        "state": one_of(request, "state", Status.State.values),
        "is_default": is_on(request, "is_default"),
        "position": small_number(request, "position"),
    }
