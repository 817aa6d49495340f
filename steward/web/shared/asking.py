"""What every screen reads from a request: who asks, and the fields of a form as values."""

from collections.abc import Callable, Iterable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from steward.core.errors import Invalid
from steward.desk.queries.access import QueueInSight
from steward.people.actor import Actor

View = Callable[..., HttpResponse]
LONGEST_NUMBER = 17


class Request(HttpRequest):
    """A request that has passed the middleware which knows the actor, and the queues in their sight."""

    actor: Actor
    queues: list[QueueInSight]


def text(request: HttpRequest, name: str) -> str:
    """Give a field as it was sent, empty when it was not."""
    return str(request.POST.get(name, ""))


def is_on(request: HttpRequest, name: str) -> bool:
    """Tell whether a box was ticked."""
    return bool(request.POST.get(name))


def number(request: HttpRequest, name: str) -> int:
    """Give a field that must be a whole number; raises `Invalid` for anything else."""
    found = optional_number(request, name)
    if found is None:
        raise Invalid(_("A number is missing."), field=name, hint=_("Choose or enter one."))
    return found


def optional_number(request: HttpRequest, name: str) -> int | None:
    """Give a field that may be empty, a ticket's with its sign or without; raises `Invalid` for what is no number."""
    raw = text(request, name).strip().removeprefix("#")
    return read_number(raw, name) if raw else None


def numbers(request: HttpRequest, name: str) -> list[int]:
    """Give every value of a field that may be there many times, as numbers."""
    return [read_number(str(raw).strip(), name) for raw in request.POST.getlist(name) if str(raw).strip()]


def read_number(raw: str, name: str) -> int:
    """Read digits; raises `Invalid` for anything else."""
    found = number_in(raw)
    if found is None:
        raise Invalid(_("“%(text)s” is not a number.") % {"text": raw[:50]}, field=name, hint=_("Use digits only, such as 1042."))
    return found


def number_in(raw: str) -> int | None:
    """Read digits that fit the tables; None for anything else, as in an address that somebody cut."""
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= LONGEST_NUMBER else None


def one_of(request: HttpRequest, name: str, allowed: Iterable[str]) -> str:
    """Give a field that must be one of some values; raises `Invalid` for any other."""
    value = text(request, name)
    if value not in set(allowed):
        raise Invalid(_("That is not one of the choices."), field=name, hint=_("Reload the page: it may have changed."))
    return value
