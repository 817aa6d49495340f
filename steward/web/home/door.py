"""The address `/`: who works tickets to their shift, others of the desk to the lists, requesters to their requests."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from steward.desk.queries.access import is_of_the_desk
from steward.people.rules import Capability

WORKS = frozenset({Capability.WORK_TICKETS, Capability.ANSWER_ENGINEERING})


def page(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.is_signed_in:
        return redirect_to_login("/")
    if actor.capabilities & WORKS:
        return redirect("shift:page")
    return redirect("inbox:page" if is_of_the_desk(actor) else "portal:page")
