"""Doing one thing to the rows of a list by the palette: each ticket by itself, and said what became of it."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from steward.core import clock
from steward.core.errors import DomainError
from steward.desk.actions.verbs.registry import verb_named
from steward.web.shared.asking import Request, one_of, text
from steward.web.shared.htmx import Toast, is_htmx, say
from steward.web.ticket.choosing import ids_in

VERBS = ("assign", "status", "priority", "category", "add_tag", "transfer")
MOST_TOLD = 3


@require_POST
@login_required
def create(request: Request) -> HttpResponse:
    verb = verb_named(one_of(request, "verb", VERBS))
    step = verb.prepare(verb.read(request.POST, request.actor))
    refused: list[str] = []
    ids = ids_in(text(request, "ids"))
    for ticket_id in ids:
        try:
            with transaction.atomic():
                step.perform(ticket_id, request.actor, clock.now())
        except DomainError as error:
            refused.append(f"#{ticket_id}: {error.message}")
    toast = _told(step.words(), len(ids) - len(refused), refused)
    if is_htmx(request):
        return say(request, toast, status=200 if len(refused) < len(ids) else 409)
    return HttpResponseRedirect(reverse("inbox:page"), status=303)


def _told(words: str, done: int, refused: list[str]) -> Toast:
    count = ngettext("%(count)s ticket", "%(count)s tickets", done) % {"count": done}
    if not refused:
        return Toast(title=words, text=count)
    more = len(refused) - MOST_TOLD
    why = " ".join(refused[:MOST_TOLD]) + (" " + _("And %(count)s more.") % {"count": more} if more > 0 else "")
    if not done:
        return Toast(title=_("Nothing was changed."), text=why, tone="error")
    return Toast(title=f"{words}: {count}", text=why, tone="warning")
