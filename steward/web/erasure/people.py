"""Erasing a person: a preview of what goes, then the question again, then it is gone."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from steward.core import clock
from steward.core.errors import Conflict, Invalid
from steward.desk.actions.erasing_people import mentions_elsewhere
from steward.people.actions import carry_on, erase_person, preview_erasure
from steward.people.erasing import Held, Whom
from steward.people.models import Erasure, Requester, User
from steward.people.permissions import may_erase_people
from steward.web.shared.asking import Request, one_of, text


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def requester(request: Request, requester_id: int) -> HttpResponse:
    _only_admins(request)
    found = Requester.objects.select_related("user").filter(pk=requester_id).first()
    if found is None:
        raise Http404
    return _page(request, requester=found, user=found.user, back=reverse("settings:requester", args=[found.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def user(request: Request, user_id: int) -> HttpResponse:
    _only_admins(request)
    found = User.objects.filter(pk=user_id).first()
    if found is None:
        raise Http404
    own = Requester.objects.filter(user=found).first()
    return _page(request, requester=own, user=found, back=reverse("settings:person", args=[found.pk]))


def _only_admins(request: Request) -> None:
    if not may_erase_people(request.actor):
        raise Http404


def _page(request: Request, *, requester: Requester | None, user: User | None, back: str) -> HttpResponse:
    whom = Whom(requester.pk if requester else None, user.pk if user else None)
    held = preview_erasure(whom, by=request.actor)
    context: dict[str, Any] = {
        "name": str(requester or user),
        "requester": requester,
        "user": user,
        "held": held,
        "reasons": Erasure.Reason.choices,
        "reason": "",
        "seen": _seen(held),
        "back": back,
        "erased": bool((requester and requester.erased_at) or (user and user.erased_at)),
        "running": Erasure.objects.filter(requester=requester, user=user, finished_at=None).exists(),
        "elsewhere": _elsewhere(request, requester),
    }
    if request.method == "POST":
        context["reason"] = one_of(request, "reason", Erasure.Reason.values)
        if not text(request, "seen"):
            return render(request, "erasure/sure.html", context)
        _check(request, held, number=requester.pk if requester else user.pk if user else 0)
        erasure = erase_person(
            requester_id=whom.requester_id, user_id=whom.user_id, reason=context["reason"], by=request.actor, at=clock.now()
        )
        if carry_on(erasure_id=erasure.pk, at=clock.now()):
            messages.success(request, _("Erased."))
        else:
            messages.info(request, _("Erasing goes on in the background; this page says when it is done."))
        return HttpResponse(status=303, headers={"Location": request.path})
    return render(request, "erasure/person.html", context)


def _check(request: Request, held: Sequence[Held], *, number: int) -> None:
    if text(request, "seen") != _seen(held):
        raise Conflict(
            _("Something was added meanwhile. Nothing was erased."), field="seen", hint=_("Look at the preview again and go on.")
        )
    if text(request, "number").strip().removeprefix("#") != str(number):
        raise Invalid(_("That is not the number."), field="number", hint=_("Type %(number)s to go on.") % {"number": number})


def _seen(held: Sequence[Held]) -> str:
    return sha256("|".join(f"{one.count}" for one in held).encode()).hexdigest()[:16]


def _elsewhere(request: Request, requester: Requester | None) -> list[int]:
    if requester is None or not requester.email:
        return []
    return mentions_elsewhere(requester_id=requester.pk, email=requester.email, by=request.actor)
