"""Filling the desk's own fields, by themselves or on the way to solving."""

from collections.abc import Sequence
from contextlib import suppress

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from steward.core import clock
from steward.core.errors import Conflict, Invalid
from steward.desk.actions.field_values import FieldsMissing, fill_fields
from steward.desk.queries.access import ticket_seen_by
from steward.desk.queries.custom_fields import Filled, fields_of, missing_among
from steward.desk.rules.fields import Value, read
from steward.web.shared.asking import Request, optional_number, text
from steward.web.shared.htmx import is_htmx, trigger
from steward.web.ticket.answer import changed, list_query, parts
from steward.web.ticket.asking import client_token
from steward.web.ticket.reading import whole


@require_POST
@login_required
def update(request: Request, ticket_id: int) -> HttpResponse:
    known = fields_of(ticket_seen_by(request.actor, ticket_id))
    changes = _changes(request, known)
    try:
        fill_fields(ticket_id=ticket_id, changes=changes, by=request.actor, at=clock.now())
    except Conflict as error:
        return _both_values(request, ticket_id, error)
    return changed(request, ticket_id, fresh="custom_fields")


def _changes(request: Request, known: Sequence[Filled]) -> dict[int, tuple[Value, Value]]:
    """Read what differs from what was seen: a whole form comes along, though only one field of it was touched."""
    found: dict[int, tuple[Value, Value]] = {}
    for definition in (one.definition for one in known):
        if f"seen-{definition.id}" in request.POST:
            seen = read(definition, request.POST.getlist(f"seen-{definition.id}"))
            wanted = read(definition, request.POST.getlist(definition.input))
            if seen != wanted:
                found[definition.id] = (seen, wanted)
    return found


def _both_values(request: Request, ticket_id: int, error: Conflict) -> HttpResponse:
    context = whole(request, ticket_id, at=clock.now())
    field = next(one for one in context["custom_fields"] if one.definition.input == error.field)
    context["conflict"] = {
        "field": "custom",
        "message": error.message,
        "definition": field.definition,
        "theirs": field.words,
        "yours": error.yours,
        "theirs_raw": field.definition.raw_of(field.value),
        "yours_raw": request.POST.getlist(field.definition.input),
    }
    context |= {"newer": None, "missing": None, "kept": "", "list_query": list_query(request)}
    if is_htmx(request):
        return parts(request, context, status=409)
    return render(request, "ticket/page.html", context, status=409)


def fill_on_the_way(request: Request, ticket_id: int) -> None:
    """Fill the fields that came along with something else, within its transaction; they were empty when they were asked for."""
    if not any(name.startswith("field-") for name in request.POST):
        return
    known = fields_of(ticket_seen_by(request.actor, ticket_id))
    sent = [one for one in known if one.applies and one.definition.input in request.POST]
    changes = {one.definition.id: (one.value, read(one.definition, request.POST.getlist(one.definition.input))) for one in sent}
    fill_fields(ticket_id=ticket_id, changes=changes, by=request.actor, at=clock.now())


def ask_for_missing(request: Request, ticket_id: int, error: FieldsMissing, *, by: str) -> HttpResponse:
    """Show what is missing above what was typed, each with its input; nothing that was typed is lost."""
    context = whole(request, ticket_id, at=clock.now())
    scripted = is_htmx(request)
    context["missing"] = {
        "error": error,
        "fields": missing_among(context["custom_fields"]),
        "typed": {
            one.definition.id: request.POST.getlist(one.definition.input)
            for one in context["custom_fields"]
            if one.definition.input in request.POST
        },
        "by": by,
        "then": text(request, "then"),
        "status_id": _status_id(request),
        "kept": "" if scripted or by != "reply" else text(request, "body"),
    }
    context |= {"newer": None, "conflict": None, "kept": "", "list_query": list_query(request)}
    if not scripted:
        context["reply_token"] = client_token(request) or context["reply_token"]
        return render(request, "ticket/page.html", context, status=422)
    response = parts(request, context | {"fresh": "missing"}, status=422)
    told = {"code": error.code, "message": error.message, "hint": error.hint, "field": "body", "status": 422}
    return trigger(response, steward__refused=told)


def _status_id(request: Request) -> int | None:
    with suppress(Invalid):
        return optional_number(request, "status_id")
    return None
