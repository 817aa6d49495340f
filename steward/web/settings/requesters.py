"""The people who ask for help, and what is known of them."""

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from steward.core import clock
from steward.core.errors import NotFound
from steward.core.pagination import Page, from_token, to_token
from steward.people.actions import change_requester
from steward.people.models import Requester
from steward.people.permissions import may_change_requester, may_see_people
from steward.web.settings import choices
from steward.web.settings.answering import done, show, wants_part
from steward.web.settings.asking import only
from steward.web.settings.history import history_of
from steward.web.shared import zones
from steward.web.shared.asking import Request, text
from steward.web.shared.environment import url

PAGE_SIZE = 50
FIELDS = ("name", "email", "platform_role", "team", "market", "language", "time_zone", "client_version")


@require_safe
@only(may_see_people)
def page(request: Request) -> HttpResponse:
    search = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    context = {
        "q": search,
        "page": _listed(search, request.GET.get("page", "")),
        "base": url("settings:requesters", query={"q": search}) + "&",
    }
    if wants_part(request):
        return render(request, "settings/requester_rows.html", context)
    return show(request, "settings/requesters.html", "requesters", context)


@require_safe
@only(may_see_people)
def requester(request: Request, requester_id: int) -> HttpResponse:
    found = Requester.objects.filter(id=requester_id).first()
    if found is None:
        raise NotFound(_("There is no such requester."))
    context = {
        "requester": found,
        "may_change": may_change_requester(request.actor) and found.erased_at is None,
        "languages": choices.with_own(zones.language_choices(), found.language),
        "zones": choices.with_own(zones.zone_choices(), found.time_zone),
        "history": history_of(f"requester:{requester_id}"),
    }
    return show(request, "settings/requester.html", "requesters", context)


@require_POST
@only(may_change_requester)
def update(request: Request, requester_id: int) -> HttpResponse:
    # A field that was not sent is left alone: the address of somebody who signs in is not in the form.
    changes = {name: text(request, name) for name in FIELDS if name in request.POST}
    change_requester(requester_id=requester_id, changes=changes, by=request.actor, at=clock.now())
    return done(request, _("Saved."), "settings:requester", requester_id)


def _listed(search: str, token: str) -> Page[Requester]:
    """Give one page of requesters, those who became known last first."""
    found = Requester.objects.filter(erased_at=None)
    if search:
        found = found.filter(Q(name__icontains=search) | Q(email__icontains=search))
    backwards = False
    if token:
        (last_id,), backwards = from_token(token, length=1, kinds=(int,))
        found = found.filter(id__gt=last_id) if backwards else found.filter(id__lt=last_id)
    rows = list(found.order_by("id" if backwards else "-id")[: PAGE_SIZE + 1])
    more = len(rows) > PAGE_SIZE
    rows = rows[:PAGE_SIZE][:: -1 if backwards else 1]
    has_newer, has_older = (more, True) if backwards else (bool(token), more)
    return Page(
        rows=rows,
        newer=to_token((rows[0].pk,), backwards=True) if rows and has_newer else None,
        older=to_token((rows[-1].pk,)) if rows and has_older else None,
    )
