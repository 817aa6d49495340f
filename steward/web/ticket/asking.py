"""What the views of a ticket read from a request."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from steward.core.errors import Invalid
from steward.desk.actions.filing import StoredFile, store_file
from steward.desk.actions.writing import MOST_FILES
from steward.web.shared.asking import text

LONGEST_TOKEN = 100


def client_token(request: HttpRequest) -> str:
    """Give the token drawn by the form, by which a repeated request is recognized."""
    return text(request, "client_token")[:LONGEST_TOKEN]


def files(request: HttpRequest) -> list[StoredFile]:
    """Store the files that came along; raises `Invalid` before storing any when there are too many."""
    uploads = request.FILES.getlist("files")
    if len(uploads) > MOST_FILES:
        raise Invalid(
            _("That is %(count)s files; %(most)s fit on one message.") % {"count": len(uploads), "most": MOST_FILES},
            field="files",
            hint=_("Send the rest in a second message."),
        )
    return [store_file(upload) for upload in uploads]
