"""Taking in the redacted copy of a picture that came in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from steward.core import clock
from steward.core.errors import Invalid
from steward.desk.actions.redacting import keep_redacted
from steward.web.files.page import file_in_sight
from steward.web.shared.asking import Request
from steward.web.shared.htmx import Toast, say


@require_POST
@login_required
def create(request: Request, attachment_id: int) -> HttpResponse:
    file, _own = file_in_sight(request.actor, attachment_id)
    upload = request.FILES.get("file")
    if upload is None:
        raise Invalid(_("There is no picture."), field="file", hint=_("Redact it again and save."))
    keep_redacted(attachment_id=file.pk, upload=upload, by=request.actor, at=clock.now())
    told = Toast(_("The redacted copy stands beside the original."), hint=_("The original can be erased from the message's menu."))
    return say(request, told)
