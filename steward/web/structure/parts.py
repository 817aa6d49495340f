"""The parts of a whole: how far they are, doing the same to all that are open, ending the whole all the same."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from steward.core import clock
from steward.core.text import is_blank
from steward.desk.actions.lifecycle import change_status
from steward.desk.actions.verbs.registry import Call
from steward.desk.actions.wholes import PartDone, update_parts
from steward.desk.models import Link, Status, Ticket
from steward.desk.permissions import may_work
from steward.desk.queries.access import ticket_seen_by, visible_queue_ids
from steward.desk.rules.states import ENDED, WORKING, State
from steward.web.shared.asking import Request, text
from steward.web.shared.htmx import trigger
from steward.web.structure.asking import LOOK_AGAIN, done, overlay


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def page(request: Request, ticket_id: int) -> HttpResponse:
    """Show the parts; posting does the same to all that are open, or ends the whole although some are."""
    if request.method != "POST":
        return _show(request, ticket_id)
    if text(request, "despite"):
        despite = text(request, "despite")
        change_status(ticket_id=ticket_id, state=State.SOLVED, despite=despite, by=request.actor, at=clock.now())
        return done(request, _("Solved, although parts are open."))
    became = update_parts(whole_id=ticket_id, calls=_calls(request), by=request.actor, at=clock.now())
    return trigger(_show(request, ticket_id, became), steward__changed=LOOK_AGAIN)


def _calls(request: Request) -> list[Call]:
    calls = [Call(verb, {"body": text(request, verb)}) for verb in ("reply", "note") if not is_blank(text(request, verb))]
    if status := text(request, "status"):
        calls.append(Call("status", {"status": status, "reason": "", "why": ""}))
    return calls


def _show(request: Request, ticket_id: int, became: Sequence[PartDone] | None = None) -> HttpResponse:
    ticket = ticket_seen_by(request.actor, ticket_id)
    links = Link.objects.filter(to_ticket_id=ticket_id, kind=Link.Kind.CHILD, removed_at=None).order_by("from_ticket_id")
    queue_ids = set(visible_queue_ids(request.actor))
    parts: list[dict[str, Any]] = [
        {"ticket": link.from_ticket if link.from_ticket.queue_id in queue_ids else None, "closing": link.get_closing_display()}
        for link in links.select_related("from_ticket__status", "from_ticket__assignee")
    ]
    seen: list[Ticket] = [part["ticket"] for part in parts if part["ticket"] is not None]
    working = [one for one in seen if State(one.state) in WORKING]
    errors = [one for one in became or () if one.error]
    told = ""
    if became is not None:
        count = len(became) - len(errors)
        told = ngettext("%(count)s part was changed.", "%(count)s parts were changed.", count) % {"count": count}
    context = {
        "title": _("Parts of #%(number)s") % {"number": ticket_id},
        "ticket": ticket,
        "works": may_work(request.actor, ticket),
        "parts": parts,
        "working": working,
        "ended": len(parts) - len([part for part in parts if part["ticket"] is None or State(part["ticket"].state) in WORKING]),
        "is_ended": State(ticket.state) in ENDED,
        "statuses": list(Status.objects.filter(is_active=True, state__in=["open", "pending", "solved"]).order_by("position", "id")),
        "errors": errors,
        "told": told,
    }
    return overlay(request, "structure/parts.html", context)
