"""What the views of a ticket read from a request."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils.translation import gettext as _

from steward.core.errors import Invalid
from steward.desk.actions.filing import StoredFile, store_file
from steward.desk.actions.writing import MOST_FILES
from steward.people.actor import Actor

LONGEST_TOKEN = 100
LONGEST_NUMBER = 17


class Request(HttpRequest):
    """A request that has passed the middleware which knows the actor."""

    actor: Actor


def text(request: HttpRequest, name: str) -> str:
    """Give a field as it was sent, empty when it was not."""
    return str(request.POST.get(name, ""))


def number(request: HttpRequest, name: str) -> int:
    """Give a field that must be a whole number; raises `Invalid` for anything else."""
    found = optional_number(request, name)
    if found is None:
        raise Invalid(_("A number is missing."), field=name, hint=_("Choose or enter one."))
    return found


def optional_number(request: HttpRequest, name: str) -> int | None:
    """Give a field that may be empty; raises `Invalid` for what is no number."""
    raw = text(request, name).strip().removeprefix("#")
    if not raw:
        return None
    if not (raw.isascii() and raw.isdigit() and len(raw) <= LONGEST_NUMBER):
        raise Invalid(_("“%(text)s” is not a number.") % {"text": raw[:50]}, field=name, hint=_("Use digits only, such as 1042."))
    return int(raw)


def one_of(request: HttpRequest, name: str, allowed: Iterable[str]) -> str:
    """Give a field that must be one of some values; raises `Invalid` for any other."""
    value = text(request, name)
    if value not in set(allowed):
        raise Invalid(_("That is not one of the choices."), field=name, hint=_("Reload the page: it may have changed."))
    return value


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
