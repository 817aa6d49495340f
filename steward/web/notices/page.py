"""The list of one's notices, how many are new, and marking them as read."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from steward.core import clock
from steward.core.errors import Invalid
from steward.desk.models import Ticket
from steward.desk.queries.access import is_of_the_desk, visible_queue_ids
from steward.people.actions import mark_notices_read
from steward.people.models import Notice
from steward.people.notice_kinds import notice_kinds
from steward.people.queries import notices_of, unread_count
from steward.people.queries.notices import PAGE_SIZE
from steward.people.rules import Capability
from steward.web.shared import htmx
from steward.web.shared.asking import Request, number_in
from steward.web.shared.environment import url
from steward.web.shared.labels import CLOCKS
from steward.web.shared.navigation import address

View = Callable[..., HttpResponse]
WORDS: dict[str, str | Promise] = {
    "clock_warned": gettext_lazy("A clock is about to run out"),
    "clock_breached": gettext_lazy("A clock ran out"),
}
SIGNS = {"clock_warned": "alarm-clock", "clock_breached": "flame"}


@dataclass(frozen=True)
class Told:
    """A notice in words, with the subject of its ticket where the reader may see that."""

    notice: Notice
    what: str
    sign: str
    detail: str
    subject: str


def desk_only(view: View) -> View:
    """Let only people of the desk in; a requester is shown to the portal, nobody to the sign-in."""

    @login_required
    @wraps(view)
    def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponse:
        if is_of_the_desk(request.actor):
            return view(request, *args, **kwargs)
        if request.actor.can(Capability.ASK) and request.method == "GET" and (portal := address("portal:page")):
            return HttpResponseRedirect(portal)
        raise Http404

    return guarded


@require_safe
@desk_only
def page(request: Request) -> HttpResponse:
    before, queue_ids, user_id = number_in(request.GET.get("before", "")), visible_queue_ids(request.actor), _user_id(request)
    found = notices_of(user_id, visible_queue_ids=queue_ids, before_id=before, limit=PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE]
    context = {
        "notices": _told(shown, queue_ids),
        "older": shown[-1].pk if len(found) > PAGE_SIZE else None,
        "newest": shown[0].pk if shown else None,
        "before": before,
        "here": url("notices:page", query={"before": before} if before else {}),
        "unread": unread_count(user_id, visible_queue_ids=queue_ids),
    }
    return render(
        request, "notices/list.html" if request.headers.get("HX-Request-Type") == "partial" else "notices/page.html", context
    )


@require_safe
@login_required
def count(request: Request) -> HttpResponse:
    """Answer with the bare number for the bell, or nothing."""
    if not is_of_the_desk(request.actor):
        return HttpResponse("")
    found = unread_count(_user_id(request), visible_queue_ids=visible_queue_ids(request.actor))
    return HttpResponse(str(found or ""))


@require_POST
@desk_only
def read(request: Request) -> HttpResponse:
    """Mark everything up to the newest notice that was shown as read; what came since stays new."""
    up_to = number_in(request.POST.get("up_to", ""))
    if up_to is None:
        raise Invalid(_("Up to which notice?"), field="up_to", hint=_("Reload the page and try again."))
    marked = mark_notices_read(up_to_id=up_to, by=request.actor, at=clock.now())
    said = ngettext("%(count)s notice marked as read.", "%(count)s notices marked as read.", marked) % {"count": marked}
    messages.success(request, said)
    return htmx.go(request, url("notices:page"))


def _told(notices: Iterable[Notice], queue_ids: list[int]) -> list[Told]:
    notices = list(notices)
    ticket_ids = {notice.ticket_id for notice in notices if notice.ticket_id is not None}
    # By where the ticket stands now, whatever the notice says of it.
    subjects = dict(Ticket.objects.filter(pk__in=ticket_ids, queue__in=queue_ids).values_list("id", "subject"))
    kinds = {**WORDS, **notice_kinds()}
    return [
        Told(
            notice=notice,
            what=str(kinds.get(notice.kind) or notice.kind.replace("_", " ").capitalize()),
            sign=SIGNS.get(notice.kind, "bell"),
            detail=str(CLOCKS.get(str(notice.data.get("clock_kind", "")), "")),
            subject=subjects.get(notice.ticket_id or 0, ""),
        )
        for notice in notices
        if notice.ticket_id is None or notice.ticket_id in subjects
    ]


def _user_id(request: Request) -> int:
    assert request.actor.user_id is not None, "login_required let somebody in who is nobody"
    return request.actor.user_id
