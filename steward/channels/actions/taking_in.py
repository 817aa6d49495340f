"""Taking in what a requester sends: kept raw first, then handed to the desk, once however often it arrives."""

import logging
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from steward.channels.actions.opening import channel_of, requester_for
from steward.channels.actions.speaking import speak
from steward.channels.actions.widget_opening import keep_page
from steward.channels.models import Channel, InboundEnvelope
from steward.channels.queries.accounts import WAITING
from steward.channels.rules.kinds import PAGES, ChannelKind
from steward.channels.rules.raw import digest_of, restored, storable
from steward.channels.said import Said
from steward.core.errors import DomainError, Invalid
from steward.core.prepared import Prepared
from steward.core.rows import first_row
from steward.desk.actions.filing import StoredFile, store_file
from steward.desk.models import Message
from steward.desk.queries.access import own_ticket
from steward.people.actor import Actor
from steward.people.models import Requester
from steward.people.queries.actors import requester_actor

log = logging.getLogger(__name__)

LONGEST_TOKEN = 100
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")
# How long a request may still be at work on an envelope before it counts as left behind.
LEFT_BEHIND = timedelta(minutes=2)
LONGEST_PROBLEM = 1_000


def take_in(*, kind: ChannelKind, said: Said, by: Actor, at: datetime) -> Message:
    """Take in what a signed-in requester sent and give the message it became; the same again gives the same message.

    Raises what the desk refuses it with; the raw words are kept all the same, with the reason.
    Not to be called inside a transaction: what came in must be kept even if what follows fails.
    """
    if said.ticket_id is not None:
        own_ticket(by, said.ticket_id)
    requester = requester_for(by=by, at=at)
    speaker = requester_actor(requester, request_id=by.request_id)
    channel = channel_of(kind)
    files, problem = _store(said.uploads)
    envelope = _keep(channel, requester, said, files, at=at)
    if problem is None and not channel.is_active:
        problem = Invalid(_("This way of asking is closed at the moment."), hint=_("Ask the desk which other way to use."))
    if problem is not None:
        _mark(envelope, problem)
        raise problem
    return _process(envelope.pk, by=speaker, at=at)


def _store(uploads: "Sequence[File[bytes]]") -> tuple[list[StoredFile], Invalid | None]:
    files: list[StoredFile] = []
    for upload in uploads:
        try:
            files.append(store_file(upload))
        except Invalid as error:
            return files, error
    return files, None


def _keep(channel: Channel, requester: Requester, said: Said, files: list[StoredFile], *, at: datetime) -> InboundEnvelope:
    raw = storable(
        {
            "requester_id": requester.pk,
            "ticket_id": said.ticket_id,
            "subject": said.subject,
            "body": said.body,
            "category": said.category,
            "client_token": said.client_token,
            "files": [vars(file) for file in files],
            "uploads": [str(upload.name) for upload in said.uploads],
            # Left out where nothing was asked, so that what a repeated request is known by stays what it was.
            **({} if said.fields is None else {"fields": said.fields}),
            **({} if said.page is None else {"page": said.page}),
        }
    )
    token = _UNSAFE.sub("", said.client_token)[:LONGEST_TOKEN] or str(uuid4())
    event_id = f"{requester.pk}:{said.ticket_id or 'new'}:{token}:{digest_of(raw)}"
    # Most come once: written first and looked for only when it is there already.
    kept = first_row(_KEEP, [channel.pk, event_id, Jsonb(raw), at])
    if kept is not None:
        return InboundEnvelope(pk=kept[0], channel=channel, vendor_event_id=event_id, raw=raw, received_at=at)
    return InboundEnvelope.objects.get(channel=channel, vendor_event_id=event_id)


_KEEP = """
INSERT INTO channels_inboundenvelope (channel_id, vendor_event_id, raw, received_at, problem) VALUES (%s, %s, %s, %s, '')
ON CONFLICT (channel_id, vendor_event_id) DO NOTHING RETURNING id
"""


def _mark(envelope: InboundEnvelope, error: DomainError) -> None:
    problem = f"{error.code}: {error.message}"[:LONGEST_PROBLEM]
    InboundEnvelope.objects.filter(pk=envelope.pk, message=None).update(problem=problem)


_LOCKED = Prepared(
    lambda envelope_id: (
        InboundEnvelope.objects.select_for_update(of=("self",)).select_related("channel", "message").filter(pk=envelope_id)
    ),
    envelope_id=int,
)
_BECAME = "UPDATE channels_inboundenvelope SET message_id = %s, problem = '' WHERE id = %s RETURNING id"


def _process(envelope_id: int, *, by: Actor, at: datetime) -> Message:
    try:
        with transaction.atomic():
            envelope = _LOCKED.all(envelope_id=envelope_id)[0]
            if envelope.message is not None:
                return envelope.message
            raw: dict[str, Any] = restored(envelope.raw)
            message = speak(kind=ChannelKind(envelope.channel.kind), raw=raw, by=by, at=at)
            keep_page(message, raw.get("page"))
            first_row(_BECAME, [message.pk, envelope_id])
            return message
    except DomainError as error:
        _mark(InboundEnvelope(pk=envelope_id), error)
        raise


def take_in_left_behind(*, at: datetime, most: int = 100) -> int:
    """Take in what a crash left between keeping and writing; give how many became messages.

    One that fails is given its problem and left alone from then on.
    """
    waiting = InboundEnvelope.objects.filter(WAITING, channel__kind__in=PAGES, received_at__lte=at - LEFT_BEHIND)
    taken = 0
    for envelope in list(waiting.order_by("received_at", "id")[:most]):
        requester = Requester.objects.get(pk=restored(envelope.raw)["requester_id"])
        try:
            _process(envelope.pk, by=requester_actor(requester, cause="left_behind"), at=at)
        except DomainError:
            continue
        except Exception as error:
            log.exception("channels.envelope_broken", extra={"envelope": envelope.pk})
            InboundEnvelope.objects.filter(pk=envelope.pk, message=None).update(problem=f"broken: {error}"[:LONGEST_PROBLEM])
        else:
            taken += 1
    return taken
