"""Handing what came in to the desk: a new request, or a further message on one."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from steward.channels.rules.kinds import ChannelKind
from steward.channels.rules.raw import digest_of
from steward.core.errors import Invalid
from steward.core.prepared import Prepared
from steward.core.text import clean
from steward.desk.actions.filing import StoredFile
from steward.desk.actions.intake import Origin, open_ticket, receive_message
from steward.desk.actions.writing import LONGEST_BODY, clean_token
from steward.desk.models import Category, Message, Ticket
from steward.desk.queries.custom_fields import form_of
from steward.desk.rules.fields import Value, read
from steward.people.actor import Actor
from steward.people.models import Requester

_REQUESTER = Prepared(lambda requester_id: Requester.objects.filter(pk=requester_id), requester_id=int)
_OPENED = Prepared(
    lambda requester_id, token: Ticket.objects.filter(requester_id=requester_id, client_token=token).exclude(client_token=""),
    requester_id=int,
    token=str,
)
_FIRST = Prepared(lambda ticket_id: Message.objects.filter(ticket_id=ticket_id).order_by("id")[:1], ticket_id=int)


def speak(*, kind: ChannelKind, raw: dict[str, Any], by: Actor, at: datetime) -> Message:
    """Say on the desk what a raw payload holds, in the requester's name.

    A form that is sent again with the same token says nothing twice; if its words were changed in between,
    the changed words are a further message, since the first ones have arrived already.
    """
    files = [StoredFile(**file) for file in raw["files"]]
    token = clean_token(raw["client_token"])
    if raw["ticket_id"] is None:
        return _ask(kind, raw, files, token, by=by, at=at)
    earlier = _sent_earlier(raw["ticket_id"], token)
    if earlier is not None and not _same(earlier, raw["body"]):
        token = _further(token, raw)
    return receive_message(ticket_id=raw["ticket_id"], body=raw["body"], client_token=token, files=files, by=by, at=at)


def _ask(kind: ChannelKind, raw: dict[str, Any], files: list[StoredFile], token: str, *, by: Actor, at: datetime) -> Message:
    requester = _REQUESTER.all(requester_id=by.requester_id or 0)[0]
    opened = _OPENED.first(requester_id=requester.pk, token=token) if token else None
    if opened is not None:
        first = _first_message(opened)
        if _same(first, raw["body"]):
            return first
        return receive_message(ticket_id=opened.pk, body=raw["body"], client_token=_further(token, raw), files=files, by=by, at=at)
    category = _category(raw["category"])
    ticket = open_ticket(
        requester=requester,
        subject=raw["subject"],
        body=raw["body"],
        origin=Origin(channel=kind.value, language=requester.language),
        category=category,
        fields=_answers(raw.get("fields"), category),
        client_token=token,
        files=files,
        by=by,
        at=at,
    )
    return _first_message(ticket)


def _answers(given: dict[str, list[str]] | None, category: Category | None) -> dict[int, Value] | None:
    """Read the answers to the form of the category that was chosen; an answer to a field it does not ask is left out."""
    if not given:
        # Nothing was asked, or nothing answered: what is missing then is the desk's to say.
        return None if given is None else {}
    return {
        field.id: read(field, given[str(field.id)])
        for field in form_of(category.pk if category else None, for_requester=True)
        if str(field.id) in given
    }


def _first_message(ticket: Ticket) -> Message:
    return _FIRST.all(ticket_id=ticket.pk)[0]


def _sent_earlier(ticket_id: int, token: str) -> Message | None:
    if not token:
        return None
    return Message.objects.filter(ticket_id=ticket_id, client_token=token, author_kind="requester").first()


def _same(earlier: Message, body: str) -> bool:
    # Files are not compared: a draft that comes back after a reload has lost them, and is the same message.
    return earlier.body == clean(body, max_length=LONGEST_BODY, field="body", required=False)


def _further(token: str, raw: dict[str, Any]) -> str:
    return f"{token[:60]}:{digest_of(raw['body'])}"


def _category(chosen: str) -> Category | None:
    if not chosen:
        return None
    known = chosen.isascii() and chosen.isdigit() and len(chosen) < 18  # noqa: PLR2004 -- what fits a bigint
    category = Category.objects.filter(pk=int(chosen), is_active=True).first() if known else None
    if category is None:
        raise Invalid(_("There is no such topic any more."), field="category", hint=_("Choose another one, or none."))
    return category
