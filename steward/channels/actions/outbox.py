"""The outbox: what goes out to vendors is kept first, then carried in order and at the vendor's pace, once under its key."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from steward.channels.actions.covers import cover_of, enclosed
from steward.channels.actions.health import note_ill, note_well
from steward.channels.actions.receipt_words import receipt_of
from steward.channels.adapters import account_of, carrier_for
from steward.channels.contract import Account, Carrier, Later, Parcel, Place, Refused, Traits
from steward.channels.facts import MessageDelivered, MessageNotDelivered
from steward.channels.models import Channel, ChannelHealth, ChannelMessage, ChannelPerson, ChannelThread, Delivery, Outgoing
from steward.channels.queries.outgoing import heads
from steward.channels.rules.pace import MOST_ATTEMPTS, free_at, wait_after
from steward.core.deferring import defer
from steward.desk.actions.filing import open_file
from steward.desk.models import Message, Question
from steward.ledger.actions.recording import record
from steward.people.actor import system

DELIVERING = system("delivery")
# As long as a carrier may be at work on one before it counts as left behind by a crash.
LEASE = timedelta(minutes=3)
SECONDS_A_JOB = 20.0
# Waited for in place; what is due later is a job of its own.
SHORT = timedelta(seconds=1.5)
LONGEST_PROBLEM = 500
_ON_ITS_WAY = [Outgoing.State.QUEUED, Outgoing.State.SENDING]


def put_message(delivery: Delivery, thread: ChannelThread, *, at: datetime) -> None:
    """Put a message of the desk in line for its thread: its words, then its files, each once."""
    message = delivery.message
    letters = carrier_for(thread.channel.kind).traits.letters
    # A letter is one thing, with its files in it.
    parts: list[tuple[str, int | None]] = [("text", None)] if letters or message.body.strip() else []
    files = () if letters else message.attachments.filter(erased_at=None).order_by("id")
    parts += [("file", file.pk) for file in files]
    rows = [
        Outgoing(
            channel_id=thread.channel_id,
            key=f"m{message.pk}" if file_id is None else f"m{message.pk}f{file_id}",
            kind=kind,
            chat_id=thread.chat_id,
            root_id=thread.root_id,
            direct=thread.direct,
            thread=thread,
            delivery=delivery,
            message=message,
            attachment_id=file_id,
            created_at=at,
            due_at=at,
        )
        for kind, file_id in parts
    ]
    Outgoing.objects.bulk_create(rows, ignore_conflicts=True)
    wake(thread.channel_id)


def tell(*, channel_id: int, place: Place, text: str, key: str, person: ChannelPerson | None = None, at: datetime) -> None:
    """Have the desk itself say something in a chat: a receipt, an answer to a command, a reason. Once for each key."""
    put(channel_id=channel_id, place=place, kind="text", key=key, payload={"text": text}, person=person, at=at)


def put(
    *,
    channel_id: int,
    place: Place,
    kind: str,
    key: str,
    payload: dict[str, object],
    thread: ChannelThread | None = None,
    person: ChannelPerson | None = None,
    at: datetime,
) -> None:
    """Put anything else in line: a reaction, an acceptance of an invitation, a line in the triage room."""
    row = Outgoing(
        channel_id=channel_id,
        key=key[:200],
        kind=kind,
        chat_id=place.chat_id,
        root_id=place.root_id,
        direct=place.direct,
        thread=thread,
        person=person,
        payload=payload,
        created_at=at,
        due_at=at,
    )
    Outgoing.objects.bulk_create([row], ignore_conflicts=True)
    wake(channel_id)


def wake(channel_id: int, *, at: datetime | None = None) -> None:
    """Have what is in line for a channel carried: one job at a time, so that its order and pace hold."""
    name = f"send:{channel_id}"
    with transaction.atomic():
        if at is None:
            defer("channels.send", once_by=name, lock=name, channel_id=channel_id)
        else:
            # A job that waits for its time holds back all that share its lock: what waits has none, and wakes the one that does.
            defer("channels.wake", once_by=f"{name}:{int(at.timestamp())}", schedule_at=at, channel_id=channel_id, sends=True)


@dataclass
class _Pace:
    """How fast a channel has been spoken on, while one job speaks."""

    account: Account
    carrier: Carrier
    newest: datetime | None = None
    newest_in: dict[str, datetime | None] = field(default_factory=dict)

    def free_at(self, chat_id: str, at: datetime) -> datetime:
        if chat_id not in self.newest_in:
            sent = Outgoing.objects.filter(channel_id=self.account.channel_id, chat_id=chat_id, state=Outgoing.State.SENT)
            self.newest_in[chat_id] = sent.aggregate(newest=Max("sent_at"))["newest"]
        traits = self.carrier.traits
        return max(
            free_at(self.newest, per_second=traits.account_per_second, at=at),
            free_at(self.newest_in[chat_id], per_second=traits.chat_per_second, at=at),
        )

    def spoke(self, chat_id: str, at: datetime) -> None:
        self.newest = self.newest_in[chat_id] = at


def send(*, channel_id: int, now: Callable[[], datetime], seconds: float = SECONDS_A_JOB) -> int:
    """Carry what is in line for a channel for a while; give how many arrived. What is left has a job of its own.

    Of each chat the first in line goes first; a chat that has to wait holds up no other.
    """
    channel = Channel.objects.get(pk=channel_id)
    carrier, account = carrier_for(channel.kind), account_of(channel)
    pace, sent, until = _Pace(account, carrier), 0, time.monotonic() + seconds
    # Only this job carries for this channel: what is being sent already was left behind by one that was killed.
    Outgoing.objects.filter(channel_id=channel_id, state=Outgoing.State.SENDING).update(due_at=now())
    while True:
        at = now()
        paused = ChannelHealth.objects.filter(channel_id=channel_id).values_list("paused_until", flat=True).first()
        in_line = heads(channel_id)
        if not in_line:
            return sent
        free = {row.pk: max(row.due_at, pace.free_at(row.chat_id, at)) for row in in_line}
        soonest = max(min(free.values()), paused or at)
        if soonest - at > SHORT or time.monotonic() > until:
            wake(channel_id, at=soonest if soonest > at else None)
            return sent
        if soonest > at:
            time.sleep((soonest - at).total_seconds())
        for row in in_line:
            if free[row.pk] > soonest:
                continue
            if not _carry(row.pk, pace, at=now()):
                break
            sent += 1


def _carry(outgoing_id: int, pace: _Pace, *, at: datetime) -> bool:
    """Carry one; False says that the whole channel is to be left alone."""
    taken = _take(outgoing_id, pace, at=at)
    if taken is None:
        return True
    row, parcel = taken
    try:
        vendor_id = pace.carrier.carry(pace.account, parcel)
    except Later as later:
        return _later(row, later, at=at)
    except Refused as refused:
        _fail(row, str(refused), at=at)
        return True
    pace.spoke(row.chat_id, at)
    _arrived(row, vendor_id, at=at)
    return True


def _take(outgoing_id: int, pace: _Pace, *, at: datetime) -> tuple[Outgoing, Parcel] | None:
    with transaction.atomic():
        found = Outgoing.objects.select_for_update(of=("self",)).select_related(
            "message__author_user",
            "message__question",
            "message__ticket__requester",
            "message__ticket__queue",
            "attachment",
            "thread__conversation",
            "person__requester",
        )
        row = found.get(pk=outgoing_id)
        if row.state not in _ON_ITS_WAY or row.due_at > at:
            return None
        sent_before = row.attempts > 0
        traits = pace.carrier.traits
        # A letter is read by whom it goes to, as what is said to one person alone is.
        parcel = _covered(row, _parcel(row, sent_before=sent_before, in_private=row.direct or traits.letters), traits, at=at)
        if parcel is None or (row.thread is not None and row.thread.closed_at is not None):
            row.state = Outgoing.State.DROPPED if parcel is None else Outgoing.State.FAILED
            row.problem = "" if parcel is None else _("The thread is gone.")
            row.save(update_fields=["state", "problem"])
            _settle(row, at=at)
            return None
        row.state, row.due_at, row.attempts = Outgoing.State.SENDING, at + LEASE, row.attempts + 1
        row.save(update_fields=["state", "due_at", "attempts"])
        return row, parcel


def _parcel(row: Outgoing, *, sent_before: bool, in_private: bool) -> Parcel | None:
    """Make what is carried of what stands here now; nothing where it was erased meanwhile."""
    place = Place(chat_id=row.chat_id, root_id=row.root_id, direct=row.direct)
    message, about = row.message, {"ticket": row.message.ticket_id, "message": row.message_id} if row.message else {}
    if message is not None and not in_private and message.ticket.queue.restricted:
        return _only_told(row, message, place, sent_before=sent_before)
    if row.kind == "file":
        file = row.attachment
        if file is None or file.erased_at is not None:
            return None
        with open_file(file.sha256) as content:
            data = content.read()
        return Parcel(
            row.key, "file", place, file_name=file.name, media_type=file.media_type, content=data, sent_before=sent_before
        )
    if message is None:
        more = {key: value for key, value in row.payload.items() if key in {"text", "target", "sign"}}
        return Parcel(row.key, row.kind, place, sent_before=sent_before, about=row.payload, **more)
    if message.erased_at is not None:
        return None
    author = "" if message.automatic or message.author_user is None else message.author_user.name
    return Parcel(
        row.key, "text", place, text=message.body, author=author, answers=_answers(message), sent_before=sent_before, about=about
    )


def _covered(row: Outgoing, parcel: Parcel | None, traits: Traits, *, at: datetime) -> Parcel | None:
    """Put a letter into its cover, with its files; what is carried by chats needs none."""
    if parcel is None or not traits.letters:
        return parcel
    files, left_out = enclosed(row.message, traits) if row.message is not None else ((), ())
    if row.payload.get("receipt"):
        parcel = replace(parcel, text=receipt_of(int(row.payload["ticket"]), at=at))
    return replace(parcel, cover=cover_of(row, left_out=left_out), files=files)


def _only_told(row: Outgoing, message: Message, place: Place, *, sent_before: bool) -> Parcel | None:
    """Of a restricted queue nothing is said where others read it, only that there is an answer, and where."""
    if row.kind == "file" or message.erased_at is not None:
        return None
    with translation.override(message.ticket.requester.language or None):
        link = str(settings.BASE_URL).rstrip("/") + reverse("portal:request", args=[message.ticket_id])
        text = _("There is an answer to your request #%(number)s. Read it here: %(link)s")
        text %= {"number": message.ticket_id, "link": link}
    return Parcel(row.key, "text", place, text=text, sent_before=sent_before)


def _answers(message: Message) -> tuple[tuple[str, str], ...]:
    asked: Question | None = getattr(message, "question", None)
    if asked is None or not asked.is_open:
        return ()
    with translation.override(message.ticket.requester.language or None):
        said = {"yes": _("Yes, it is fixed"), "no": _("No, not yet")}
    return tuple((str(value), said.get(str(value), str(value))) for value in asked.options)


def _arrived(row: Outgoing, vendor_id: str, *, at: datetime) -> None:
    with transaction.atomic():
        row = Outgoing.objects.select_for_update(of=("self",)).select_related("thread").get(pk=row.pk)
        if row.state == Outgoing.State.SENT:
            return
        row.state, row.sent_at, row.vendor_id, row.problem = Outgoing.State.SENT, at, vendor_id, ""
        # Its words have gone where they were to go; here they are kept no longer.
        row.payload = {name: value for name, value in row.payload.items() if name != "text"}
        row.save(update_fields=["state", "sent_at", "vendor_id", "problem", "payload"])
        if vendor_id and row.thread is None and row.payload.get("triage"):
            row.thread, _made = ChannelThread.objects.get_or_create(
                channel_id=row.channel_id,
                chat_id=row.chat_id,
                root_id=vendor_id,
                defaults={"triage_of_id": row.payload["triage"], "created_at": at},
            )
        if vendor_id and row.thread is not None:
            ChannelMessage.objects.get_or_create(
                channel_id=row.channel_id,
                vendor_id=vendor_id,
                defaults={"thread": row.thread, "message_id": row.message_id, "created_at": at},
            )
        note_well(channel_id=row.channel_id, at=at)
        _settle(row, at=at)


def _later(row: Outgoing, later: Later, *, at: datetime) -> bool:
    if row.attempts >= MOST_ATTEMPTS:
        _fail(row, str(later), at=at)
        return True
    due_at = at + wait_after(row.attempts, asked=later.seconds)
    with transaction.atomic():
        # Whether it arrived is not known: the key says so to a vendor who knows keys, and the adapter is told that it was tried.
        Outgoing.objects.filter(pk=row.pk).update(state=Outgoing.State.QUEUED, due_at=due_at, problem=str(later)[:LONGEST_PROBLEM])
        if not later.only_here:
            note_ill(channel_id=row.channel_id, problem=str(later), seconds=later.seconds, at=at)
    return later.only_here


def _fail(row: Outgoing, problem: str, *, at: datetime) -> None:
    with transaction.atomic():
        row = Outgoing.objects.select_for_update(of=("self",)).get(pk=row.pk)
        row.state, row.problem = Outgoing.State.FAILED, problem[:LONGEST_PROBLEM]
        row.save(update_fields=["state", "problem"])
        _settle(row, at=at)


def _settle(row: Outgoing, *, at: datetime) -> None:
    """Note on the delivery what became of all its parts."""
    if row.delivery_id is None:
        return
    delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=row.delivery_id)
    states = set(Outgoing.objects.filter(delivery=delivery).values_list("state", flat=True))
    if delivery.state != Delivery.State.QUEUED or states & set(_ON_ITS_WAY):
        return
    told = {"ticket_id": delivery.ticket_id, "message_id": delivery.message_id, "channel_id": delivery.channel_id}
    if Outgoing.State.FAILED in states:
        delivery.state = Delivery.State.FAILED
        record(MessageNotDelivered(**told), by=DELIVERING, at=at)
    else:
        delivery.state, delivery.sent_at = Delivery.State.SENT, at
        record(MessageDelivered(**told), by=DELIVERING, at=at)
    delivery.save(update_fields=["state", "sent_at"])
