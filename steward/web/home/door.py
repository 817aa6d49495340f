"""The address `/`: agents to their tickets, requesters to their requests, strangers to the sign-in page."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from steward.desk.queries.access import is_of_the_desk


def page(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.is_signed_in:
        return redirect_to_login("/")
    return redirect("inbox:page" if is_of_the_desk(actor) else "portal:page")
