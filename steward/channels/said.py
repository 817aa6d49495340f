"""What a requester sent, before anybody has looked at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.files.base import File


@dataclass(frozen=True)
class Said:
    """What a requester sent, as it came: everything is text that nobody has looked at yet.

    `fields` are the answers to the desk's own fields, None where there was no form to answer them in; `page` is the page
    of the widget it was sent from, None elsewhere.
    Without a `ticket_id` it asks something new. `client_token` is drawn by the form and makes a repeated
    request the same request.
    """

    body: str
    subject: str = ""
    category: str = ""
    client_token: str = ""
    ticket_id: int | None = None
    uploads: "Sequence[File[bytes]]" = ()
    fields: Mapping[str, Sequence[str]] | None = None
    page: Mapping[str, str | int] | None = None
