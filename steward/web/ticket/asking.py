"""What the views of a ticket read from a request."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from steward.core.errors import Invalid
from steward.desk.actions.filing import StoredFile, store_file
from steward.desk.actions.sending import Written
from steward.desk.actions.writing import MOST_FILES
from steward.web.shared.asking import Request, number_in, text

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


def written(request: Request) -> Written:
    """Give what a composer sends: its text, the files that came along and those kept with its draft."""
    return Written(
        body=text(request, "body"),
        files=files(request),
        client_token=client_token(request),
        draft_version=number_in(text(request, "draft_version")) or 0,
        file_ids=[found for raw in request.POST.getlist("draft_file") if (found := number_in(str(raw))) is not None],
    )


def instant(request: Request, name: str) -> datetime:
    """Read a local date and time as the person's own; raises `Invalid` for anything else."""
    try:
        local = parse_datetime(text(request, name))
    except ValueError:
        local = None
    if local is None:
        raise Invalid(_("That is not a date and time."), field=name, hint=_("Choose both a day and a time."))
    return local if local.tzinfo else local.replace(tzinfo=ZoneInfo(request.actor.time_zone))
