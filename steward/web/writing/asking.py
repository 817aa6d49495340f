"""What the views of writing read from a request, and how they answer a script."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from steward.core.errors import DomainError, NotFound
from steward.desk.actions.drafts import Typed
from steward.desk.models import Draft
from steward.desk.queries.writing import KeptFile, OwnDraft
from steward.web.shared.asking import Request, View, number_in, text
from steward.web.shared.errors import as_dict, status_of
from steward.web.shared.htmx import wants_json
from steward.web.shared.times import day_and_time

LONGEST_TOKEN = 100


def for_scripts(view: Callable[..., HttpResponse]) -> View:
    """Answer a script in JSON, refusals too; without a session 401, and nothing is redirected."""

    @wraps(view)
    def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_authenticated:
            return JsonResponse({"error": {"code": "signed_out", "message": _("You are signed out."), "hint": ""}}, status=401)
        try:
            return view(request, *args, **kwargs)
        except DomainError as error:
            return JsonResponse({"error": as_dict(error)}, status=status_of(error))

    return guarded


def for_either(view: Callable[..., HttpResponse]) -> View:
    """Answer a script as `for_scripts` does, and a form without scripts as every page."""
    told, shown = for_scripts(view), login_required(view)

    @wraps(view)
    def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponse:
        return told(request, *args, **kwargs) if wants_json(request) else shown(request, *args, **kwargs)

    return guarded


def kind_of(kind: str) -> Draft.Kind:
    """Read the kind of a draft from its address; raises `NotFound` for any other word."""
    if kind not in Draft.Kind.values:
        raise NotFound(_("There is no such draft."))
    return Draft.Kind(kind)


def typed(request: Request) -> Typed:
    """Read what a browser holds of a draft."""
    return Typed(
        body=text(request, "body"),
        client_token=text(request, "client_token")[:LONGEST_TOKEN],
        version=number_in(text(request, "draft_version")) or 0,
        device=text(request, "device")[:LONGEST_TOKEN],
        turn=min(number_in(text(request, "turn")) or 0, 2**31 - 1),
    )


def draft_told(draft: OwnDraft | None) -> dict[str, Any]:
    """Give a draft as a script reads it; nothing left is a draft of version 0."""
    if draft is None:
        return {"version": 0, "body": "", "token": "", "files": [], "copies": []}
    return {
        "id": draft.id,
        "version": draft.version,
        "body": draft.body,
        "token": draft.client_token,
        "files": [file_told(file) for file in draft.files],
        "copies": [{"id": copy.id, "body": copy.body, "saved": when(copy.saved_at)} for copy in draft.copies],
    }


def file_told(file: KeptFile) -> dict[str, Any]:
    """Give a kept file as a script reads it."""
    return {"id": file.id, "name": file.name, "size": file.size}


def when(at: datetime) -> str:
    """Say an instant in plain words."""
    return day_and_time(at)
