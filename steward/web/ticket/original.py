"""A letter as it came: its head, and what it says in a frame in which nothing runs and nothing is fetched unasked."""

import base64
import re
from html import escape, unescape
from typing import Any
from urllib.parse import unquote

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from steward.channels.actions.originals import bytes_of
from steward.channels.email.headers import Address, header
from steward.channels.email.html import clean_html, has_remote_images
from steward.channels.email.reading import Mail, read_mail
from steward.channels.queries.letters import Came, letter_behind
from steward.core.errors import NotFound
from steward.desk.models import Message, Ticket
from steward.desk.queries.access import ticket_seen_by
from steward.desk.queries.care import strictness_of
from steward.desk.queries.family import family_with, shown_on
from steward.people.actor import Actor
from steward.web.shared.asking import Request

# What is drawn within a letter is small; more than this is looked at as a file.
MOST_DRAWN = 4_000_000
_PICTURE = re.compile(r"image/(?:png|jpeg|gif|webp)")
_CID = re.compile(r'src="cid:([^"]*)"')
# The frame has none of the desk's styles: its page is of another origin, and stands on white as its writer saw it.
_HEAD = """<!DOCTYPE html>
<html lang=und><head><meta charset=utf-8><meta name=referrer content=no-referrer><style>
body { margin: 0.75rem; font: 14px/1.5 sans-serif; color: #1b1b1b; background: #fff; overflow-wrap: anywhere }
img { max-width: 100%; height: auto } pre { white-space: pre-wrap; font: inherit }
</style></head>
"""
# Links open apart; scripts, forms and the desk's own origin stay out of reach.
_SANDBOX = "sandbox allow-popups allow-popups-to-escape-sandbox"
_POLICY = f"default-src 'none'; style-src 'unsafe-inline'; img-src data:{{more}}; frame-ancestors 'self'; {_SANDBOX}"


@require_safe
@login_required
@never_cache
def page(request: Request, ticket_id: int, message_id: int) -> HttpResponse:
    ticket, came, raw = _found(request.actor, ticket_id, message_id)
    mail = read_mail(raw)
    covered = _is_covered(request.actor, ticket)
    context: dict[str, Any] = {
        "ticket": ticket,
        "message_id": message_id,
        "came": came,
        "subject": mail.subject,
        "sent": header(mail.head, "Date"),
        "people": [(_("From"), _named(mail.senders)), (_("To"), _named(mail.to)), (_("Copy"), _named(mail.cc))],
        "covered": covered,
        "with_pictures": _wants_pictures(request, covered=covered),
        "has_pictures": not covered and bool(mail.html) and has_remote_images(mail.html),
    }
    return render(request, "ticket/original.html", context)


@require_safe
@login_required
@never_cache
@xframe_options_sameorigin
def body(request: Request, ticket_id: int, message_id: int) -> HttpResponse:
    """Give what the letter says, for the frame."""
    ticket, _came, raw = _found(request.actor, ticket_id, message_id)
    covered = _is_covered(request.actor, ticket)
    pictures = _wants_pictures(request, covered=covered)
    said = _said(read_mail(raw), pictures=pictures, covered=covered)
    response = HttpResponse(f"{_HEAD}<body dir=auto>{said}</body></html>")
    response["Content-Security-Policy"] = _POLICY.format(more=" https: http:" if pictures else "")
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
@login_required
@never_cache
def download(request: Request, ticket_id: int, message_id: int) -> HttpResponse:
    """Give the letter whole, to be kept as a file."""
    ticket, _came, raw = _found(request.actor, ticket_id, message_id)
    if _is_covered(request.actor, ticket):
        raise NotFound(_("This letter is covered."), hint=_("Its files can be asked for on the ticket, one by one."))
    response = HttpResponse(raw, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="message-{message_id}.eml"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _found(actor: Actor, ticket_id: int, message_id: int) -> tuple[Ticket, Came, bytes]:
    """Find a letter by the sight of its ticket; raises `NotFound` alike for none, one out of sight and one erased."""
    ticket = ticket_seen_by(actor, ticket_id)
    there = Message.objects.filter(shown_on(family_with(ticket)), pk=message_id, erased_at=None).exists()
    came = letter_behind(message_id) if there else None
    raw = bytes_of(came.sha256) if came is not None else b""
    if came is None or not raw:
        raise NotFound(_("The letter is not kept as it came."), hint=_("What it said stands on the ticket."))
    return ticket, came, raw


def _is_covered(actor: Actor, ticket: Ticket) -> bool:
    """Tell whether pictures of a ticket are covered: then none is drawn here, where no look is counted."""
    strict = strictness_of(actor.user_id).cover_all
    return ticket.carefulness.covers("image/png", from_requester=True, strict=strict)


def _wants_pictures(request: Request, *, covered: bool) -> bool:
    return not covered and request.GET.get("pictures") == "1"


def _said(mail: Mail, *, pictures: bool, covered: bool) -> str:
    """Give what a letter says as HTML that is clean."""
    if not mail.html:
        return f"<pre dir=auto>{escape(mail.text)}</pre>"
    drawn = {} if covered else _drawn(mail)

    def filled(found: re.Match[str]) -> str:
        name = unquote(unescape(found.group(1))).lower()
        return f'src="{drawn.get(name, "data:,")}"'

    return _CID.sub(filled, clean_html(mail.html, remote_images=pictures))


def _drawn(mail: Mail) -> dict[str, str]:
    """Give the pictures that came with a letter by the names its HTML calls them, as far as they are small."""
    room, found = MOST_DRAWN, {}
    for part in mail.files:
        if part.content_id and _PICTURE.fullmatch(part.media_type) and len(part.data) <= room:
            room -= len(part.data)
            found[part.content_id.lower()] = f"data:{part.media_type};base64,{base64.b64encode(part.data).decode()}"
    return found


def _named(people: tuple[Address, ...]) -> str:
    return ", ".join(f"{one.name} <{one.email}>" if one.name else one.email for one in people)
