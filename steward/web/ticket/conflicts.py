"""Two people set the same field: both values are shown, and the later one chooses."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from steward.core import clock
from steward.core.errors import Conflict
from steward.desk.models import Status
from steward.people.models import User
from steward.web.shared.asking import Request, text
from steward.web.shared.htmx import is_htmx
from steward.web.shared.labels import priority_label, unassigned
from steward.web.ticket.answer import list_query, parts
from steward.web.ticket.reading import whole


def both_values(request: Request, ticket_id: int, error: Conflict, *, field: str, reason: str = "") -> HttpResponse:
    """Answer a conflict on a field with both values and a button for each."""
    context = whole(request, ticket_id, at=clock.now())
    names = {choice.value: choice.name for choice in context["category_choices"]}
    queues = {choice.value: choice.name for choice in context["queue_choices"]} | {
        context["ticket"].queue_id: context["ticket"].queue.name
    }
    context["conflict"] = {
        "field": field,
        "reason": reason,
        "message": error.message,
        "theirs": error.theirs or "",
        "yours": error.yours or "",
        "theirs_name": _name(field, error.theirs, names, queues),
        "yours_name": _name(field, error.yours, names, queues),
    }
    return _answer(request, context, fresh=field)


def both_statuses(request: Request, ticket_id: int, error: Conflict) -> HttpResponse:
    """Answer a conflict on the status, which is set by its state, in the same way."""
    context = whole(request, ticket_id, at=clock.now())
    names: dict[object, str] = dict(Status.objects.filter(pk__in=[error.theirs, error.yours]).values_list("id", "name"))
    context["conflict"] = {
        "field": "status",
        "message": error.message,
        "theirs": error.theirs,
        "yours": error.yours,
        "state": text(request, "state"),
        "reason": text(request, "reason"),
        "theirs_name": names.get(error.theirs, "?"),
        "yours_name": names.get(error.yours, "?"),
    }
    return _answer(request, context, fresh="status")


def _answer(request: Request, context: dict[str, Any], *, fresh: str) -> HttpResponse:
    context |= {"newer": None, "missing": None, "kept": "", "list_query": list_query(request)}
    if is_htmx(request):
        return parts(request, context | {"fresh": fresh}, status=409)
    return render(request, "ticket/page.html", context, status=409)


def _name(field: str, value: object, categories: dict[int, str], queues: dict[int, str]) -> str:
    if field == "priority" and isinstance(value, int):
        return priority_label(value)
    if field == "category":
        return categories.get(value, "?") if isinstance(value, int) else _("None")
    if field == "queue" and isinstance(value, int):
        return queues.get(value, "?")
    if field == "assignee":
        user = User.objects.filter(pk=value).first() if isinstance(value, int) else None
        return user.name if user else unassigned()
    return str(value)
