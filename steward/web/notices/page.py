"""The list of one's notices, how many are new, and marking them as read."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from steward.core import clock
from steward.core.errors import Invalid
from steward.desk.models import Automation, Ticket
from steward.desk.notice_kinds import RULE_PARKED
from steward.desk.queries.access import is_of_the_desk, visible_queue_ids
from steward.people.actions import mark_batch_read, mark_notices_read
from steward.people.actions.notices import SUMMARY
from steward.people.models import Notice
from steward.people.notice_kinds import notice_kind
from steward.people.queries import batches_of, bell_of, unread_count
from steward.people.queries.notices import PAGE_SIZE, Batch
from steward.people.rules import Capability
from steward.web.shared import htmx
from steward.web.shared.asking import Request, number_in
from steward.web.shared.environment import url
from steward.web.shared.labels import CLOCKS
from steward.web.shared.navigation import address

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Line:
    """One notice of a batch: its ticket, by subject where the reader may see that, and what else is small enough to say."""

    notice: Notice
    detail: str
    subject: str


@dataclass(frozen=True)
class Told:
    """A batch of notices in words, with its newest few lines."""

    batch: Batch
    what: str
    sign: str
    lines: list[Line]

    @property
    def at(self) -> datetime:
        """Give when the newest of the batch came."""
        return self.lines[0].notice.created_at

    @property
    def more(self) -> int:
        """Give how many notices of the batch are not listed."""
        return self.batch.count - len(self.lines)


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
    found = batches_of(user_id, visible_queue_ids=queue_ids, before_id=before, limit=PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE]
    context = {
        "notices": _told(shown, queue_ids),
        "older": shown[-1].id if len(found) > PAGE_SIZE else None,
        "newest": max((batch.notices[0].pk for batch in shown), default=None),
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
    """Answer with the bare number for the bell, or nothing, and say beside it what the newest loud notice is."""
    if not is_of_the_desk(request.actor):
        return HttpResponse("")
    bell = bell_of(_user_id(request), visible_queue_ids=visible_queue_ids(request.actor))
    response = HttpResponse(str(bell.unread or ""))
    if bell.loud_id is not None:
        # The kind alone: what appears beside the desk may be read by whoever passes by.
        htmx.trigger(response, steward__loud={"id": bell.loud_id, "words": notice_kind(bell.loud_kind).words()})
    return response


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


@require_POST
@desk_only
def read_batch(request: Request, batch_id: int) -> HttpResponse:
    """Mark one batch as read; its link says so on the way to the ticket."""
    mark_batch_read(batch_id=batch_id, by=request.actor, at=clock.now())
    return HttpResponse(status=204)


def _told(batches: Iterable[Batch], queue_ids: list[int]) -> list[Told]:
    batches = list(batches)
    ticket_ids = {notice.ticket_id for batch in batches for notice in batch.notices if notice.ticket_id is not None}
    # By where the ticket stands now, whatever the notice says of it.
    tickets = Ticket.objects.filter(pk__in=ticket_ids, queue__in=queue_ids).select_related("queue")
    # A subject may be the first line of what was written: of a flagged ticket the number alone is said.
    seen = {
        ticket.pk: "" if ticket.carefulness.is_flagged else ticket.subject for ticket in tickets.only("subject", "harm", "queue")
    }
    told = []
    for batch in batches:
        kind = notice_kind(batch.kind)
        lines = [
            Line(notice, _detail(notice), seen.get(notice.ticket_id or 0, ""))
            for notice in batch.notices
            if notice.ticket_id is None or notice.ticket_id in seen
        ]
        if lines:
            told.append(Told(batch, kind.words(batch.count, batch.tickets), kind.sign, lines))
    return told


def _detail(notice: Notice) -> str:
    if notice.kind == SUMMARY:
        counts = notice.data.get("counts", {})
        return " · ".join(f"{notice_kind(kind).label}: {count}" for kind, count in counts.items())
    if notice.kind == RULE_PARKED:
        return str(dict(Automation.Parked.choices).get(str(notice.data.get("why", "")), ""))
    return str(CLOCKS.get(str(notice.data.get("clock_kind", "")), ""))


def _user_id(request: Request) -> int:
    assert request.actor.user_id is not None, "login_required let somebody in who is nobody"
    return request.actor.user_id
