"""Erasing the words and files of one message."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from steward.core import clock
from steward.desk.actions.erasing import erase_content
from steward.desk.models import Message
from steward.desk.queries.access import visible_queue_ids
from steward.people.models import Erasure
from steward.people.permissions import may_erase_content
from steward.web.shared.asking import Request, is_on, numbers, one_of, text


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def page(request: Request, message_id: int) -> HttpResponse:
    found = Message.objects.filter(pk=message_id)
    message = found.select_related("ticket__queue", "shown_on__queue", "author_user", "requester").first()
    if message is None or not may_erase_content(request.actor):
        raise Http404
    ticket = message.shown_on or message.ticket
    if ticket.queue_id not in visible_queue_ids(request.actor):
        raise Http404
    files = list(message.attachments.order_by("id"))
    context = {
        "message": message,
        "ticket": ticket,
        "who": str(message.author_user or message.requester or "Steward"),
        "files": files,
        "words": message.erased_at is None,
        "reasons": Erasure.Reason.choices,
    }
    if request.method != "POST":
        return render(request, "erasure/message.html", context)
    reason = one_of(request, "reason", Erasure.Reason.values)
    wanted = set(numbers(request, "file"))
    chosen = [file for file in files if file.pk in wanted and file.erased_at is None]
    if not text(request, "sure"):
        return render(
            request,
            "erasure/message_sure.html",
            context | {"reason": reason, "takes_words": is_on(request, "words"), "going": chosen},
        )
    erase_content(
        message_id=message.pk,
        words=is_on(request, "words"),
        attachment_ids=[file.pk for file in chosen],
        reason=reason,
        by=request.actor,
        at=clock.now(),
    )
    messages.success(request, _("Erased."))
    where = f"{reverse('ticket:page', args=[ticket.pk])}#message-{message.pk}"
    return HttpResponse(status=303, headers={"Location": where})
