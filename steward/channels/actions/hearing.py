"""Taking in what vendors brought: in the order of each thread, each once, what fails parked and never lost."""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from steward.channels.actions.arriving import wake
from steward.channels.actions.heard.places import asks_for_ticket, is_for_us, tell_refused
from steward.channels.actions.heard.scene import Brought, Held, Scene
from steward.channels.actions.heard.taking import take
from steward.channels.actions.originals import let_go, whole_of
from steward.channels.actions.speakers import person_of
from steward.channels.adapters import account_of, carrier_for
from steward.channels.contract import (
    Account,
    Carrier,
    Heard,
    Ignored,
    Invited,
    Later,
    Reacted,
    Refused,
    RemoteFile,
    Speaker,
    Undelivered,
    Unreadable,
    Wrote,
)
from steward.channels.facts import EnvelopeDropped, EnvelopeRetried
from steward.channels.models import Channel, InboundEnvelope
from steward.channels.permissions import may_manage_channels
from steward.channels.queries.accounts import WAITING, person_heard
from steward.channels.queries.in_line import in_line, next_due
from steward.channels.rules.pace import MOST_ATTEMPTS, wait_after
from steward.channels.rules.raw import ERASED
from steward.channels.rules.signs import TICKET, plain
from steward.core.errors import DomainError, NotFound
from steward.core.prepared import Prepared
from steward.desk.actions.filing import store_file
from steward.desk.actions.writing import MOST_FILES
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.permissions import require

log = logging.getLogger(__name__)

SECONDS_A_JOB = 2.0
MOST_BROKEN = 5
LONGEST_PROBLEM = 1_000
LARGEST_FILE = 25 * 1024 * 1024

_WAITS = Prepared(lambda envelope_id: InboundEnvelope.objects.filter(WAITING, pk=envelope_id), envelope_id=int)
_WAITS_LOCKED = Prepared(
    lambda envelope_id: InboundEnvelope.objects.select_for_update(of=("self",)).filter(WAITING, pk=envelope_id), envelope_id=int
)


def hear(*, channel_id: int, now: Callable[[], datetime], seconds: float = SECONDS_A_JOB) -> int:
    """Take in what waits on a channel for a moment; give how many envelopes were looked at.

    A busy channel makes room for the others after that moment; what is left, or not due yet, has a job of its own.
    """
    channel = Channel.objects.get(pk=channel_id)
    if not channel.is_active:
        return 0
    account, carrier = account_of(channel), carrier_for(channel.kind)
    until, heard = time.monotonic() + seconds, 0
    while ids := in_line(channel_id, at=now()):
        for envelope_id in ids:
            _hear_one(account, carrier, envelope_id, at=now())
            heard += 1
            if time.monotonic() > until:
                with transaction.atomic():
                    wake(channel_id)
                return heard
    due_at = next_due(channel_id)
    if due_at is not None:
        with transaction.atomic():
            wake(channel_id, at=due_at)
    return heard


def _hear_one(account: Account, carrier: Carrier, envelope_id: int, *, at: datetime) -> None:
    waiting = _WAITS.first(envelope_id=envelope_id)
    if waiting is None:
        return
    try:
        heard = carrier.read(account, whole_of(waiting.raw))
        brought = _fetch(account, carrier, heard)
        with transaction.atomic():
            envelope = _WAITS_LOCKED.first(envelope_id=envelope_id)
            if envelope is None:
                return
            _take_in(account, carrier, envelope, heard, brought, at=at)
    except Unreadable as error:
        _park(envelope_id, f"unreadable: {error}")
    except Held as held:
        _park(envelope_id, f"held: {held}")
        _note_speaker(account, envelope_id, heard, at=at)
    except DomainError as error:
        _park(envelope_id, f"{error.code}: {error.message}")
        _note_speaker(account, envelope_id, heard, at=at)
        tell_refused(account, heard, error, at=at)
    except Later as later:
        _again(waiting, str(later), seconds=later.seconds, at=at)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.exception("channels.envelope_broken", extra={"envelope": envelope_id})
        if waiting.attempts + 1 >= MOST_BROKEN:
            _park(envelope_id, f"broken: {error}")
        else:
            _again(waiting, str(error), seconds=None, at=at)


def _take_in(
    account: Account, carrier: Carrier, envelope: InboundEnvelope, heard: Sequence[Heard], brought: Brought, *, at: datetime
) -> None:
    scene = Scene(account, carrier, envelope, brought, at)
    for one in heard:
        until = take(scene, one)
        if until is not None:
            # Said in pieces, or of something that is still on its way: looked at again then.
            envelope.due_at = until
            envelope.save(update_fields=["due_at", "thread_key"])
            return
    envelope.message_id, envelope.done_at = scene.message_id, at
    envelope.save(update_fields=["message_id", "done_at", "person_id"])
    if scene.message_id is None and all(isinstance(one, Wrote | Ignored | Undelivered) for one in heard):
        # Words that became nothing here, what the desk itself said among them, are nothing to be kept.
        let_go([envelope.pk], leaving={"ignored": scene.ignored} if scene.ignored else ERASED)


def _fetch(account: Account, carrier: Carrier, heard: Sequence[Heard]) -> Brought:
    brought = Brought()
    for one in heard:
        if isinstance(one, Invited):
            _ask_name(account, carrier, one.speaker, brought)
        if isinstance(one, Wrote) and is_for_us(account, one):
            _ask_name(account, carrier, one.speaker, brought)
            _fetch_files(account, carrier, one.files, brought)
        if isinstance(one, Reacted) and plain(one.sign) == TICKET and asks_for_ticket(account, one):
            brought.history = tuple(carrier.history(account, one.place, one.vendor_id))
            for said in brought.history:
                _ask_name(account, carrier, said.speaker, brought)
                _fetch_files(account, carrier, said.files, brought)
    return brought


def _ask_name(account: Account, carrier: Carrier, speaker: Speaker, brought: Brought) -> None:
    if speaker.is_bot or speaker.name or speaker.vendor_id in brought.profiles:
        return
    known = person_heard(account.channel_id, speaker.vendor_id)
    if known is not None and known.name != speaker.vendor_id:
        return
    brought.profiles[speaker.vendor_id] = carrier.profile(account, speaker)


def _fetch_files(account: Account, carrier: Carrier, files: Sequence[RemoteFile], brought: Brought) -> None:
    for file in files[:MOST_FILES]:
        try:
            content = carrier.fetch(account, file, most=LARGEST_FILE) if file.content is None else file.content
            brought.files[file.reference] = store_file(ContentFile(content, name=file.name or _("file")))
        except (Refused, DomainError) as error:
            brought.lost[file.reference] = str(error)
    for file in files[MOST_FILES:]:
        brought.lost[file.reference] = _("there were more than %(most)s files") % {"most": MOST_FILES}


def _park(envelope_id: int, problem: str) -> None:
    InboundEnvelope.objects.filter(WAITING, pk=envelope_id).update(problem=problem.replace("\x00", "")[:LONGEST_PROBLEM])


def _note_speaker(account: Account, envelope_id: int, heard: Sequence[Heard], *, at: datetime) -> None:
    """Keep whose words were parked, so that erasing them finds these too."""
    for one in heard:
        speaker = getattr(one, "speaker", None)
        if speaker is not None and not speaker.is_bot:
            InboundEnvelope.objects.filter(pk=envelope_id).update(person=person_of(account, speaker, at=at))


def _again(envelope: InboundEnvelope, why: str, *, seconds: float | None, at: datetime) -> None:
    attempts = envelope.attempts + 1
    if attempts >= MOST_ATTEMPTS:
        _park(envelope.pk, f"too late: {why}")
        return
    due_at = at + wait_after(attempts, asked=seconds)
    InboundEnvelope.objects.filter(WAITING, pk=envelope.pk).update(attempts=attempts, due_at=due_at)


def retry_envelope(*, envelope_id: int, by: Actor, at: datetime) -> None:
    """Have what was parked taken in once more, on an admin's word."""
    require(may_manage_channels(by), _("Only admins set up channels."))
    with transaction.atomic():
        envelope = InboundEnvelope.objects.select_for_update(of=("self",)).filter(pk=envelope_id).first()
        if envelope is None:
            raise NotFound(_("There is no such envelope."))
        if not envelope.problem or envelope.message_id is not None:
            return
        envelope.problem, envelope.due_at, envelope.attempts = "", None, 0
        envelope.save(update_fields=["problem", "due_at", "attempts"])
        record(EnvelopeRetried(channel_id=envelope.channel_id, envelope_id=envelope.pk), by=by, at=at)
        wake(envelope.channel_id)


def drop_envelope(*, envelope_id: int, by: Actor, at: datetime) -> None:
    """Let go of what was parked, on an admin's word: it becomes nothing, and what it held is not kept."""
    require(may_manage_channels(by), _("Only admins set up channels."))
    with transaction.atomic():
        envelope = InboundEnvelope.objects.select_for_update(of=("self",)).filter(pk=envelope_id).first()
        if envelope is None:
            raise NotFound(_("There is no such envelope."))
        if not envelope.problem or envelope.message_id is not None:
            return
        envelope.problem, envelope.done_at = "", at
        envelope.save(update_fields=["problem", "done_at"])
        let_go([envelope.pk])
        record(EnvelopeDropped(channel_id=envelope.channel_id, envelope_id=envelope.pk), by=by, at=at)
