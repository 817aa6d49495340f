"""The editor of pictures, and taking in the redacted copy of one that came in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from steward.core import clock
from steward.core.errors import Invalid
from steward.desk.actions.redacting import keep_redacted
from steward.web.files.page import file_in_sight
from steward.web.shared.asking import Request
from steward.web.shared.assets import static
from steward.web.shared.htmx import Toast, say, wants_json


@require_POST
@login_required
def create(request: Request, attachment_id: int) -> HttpResponse:
    file, _own = file_in_sight(request.actor, attachment_id)
    upload = request.FILES.get("file")
    if upload is None:
        raise Invalid(_("There is no picture."), field="file", hint=_("Redact it again and save."))
    copy = keep_redacted(attachment_id=file.pk, upload=upload, by=request.actor, at=clock.now())
    said = _("The redacted copy stands beside the original.")
    hint = _("The original can be erased from the message's menu.")
    if wants_json(request):
        return JsonResponse({"id": copy.pk, "message": said, "hint": hint})
    return say(request, Toast(said, hint=hint))


@require_safe
@login_required
def editor(request: Request) -> HttpResponse:
    """Give the editor of pictures with its words; asked for when the first picture is."""
    return render(request, "files/editor.html", {"script": static("redact.js")})
