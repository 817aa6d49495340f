"""The agents' side of a chat: each ticket is a thread of a room, and what is said there stays among ourselves unless it says so."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from steward.channels.actions.agent_commands import obey
from steward.channels.actions.outbox import put, tell
from steward.channels.contract import Account, Place, Wrote
from steward.channels.models import Channel, ChannelMessage, ChannelPerson, ChannelThread, Outgoing
from steward.channels.rules.commands import command_of
from steward.channels.rules.raw import digest_of
from steward.core.text import one_line
from steward.desk.actions.filing import StoredFile
from steward.desk.actions.replies import add_note
from steward.desk.models import Message, Queue, Ticket
from steward.people.queries.actors import actor_of_user
from steward.people.rules import Capability

LONGEST_LINE = 1_500


def open_thread(*, ticket_id: int, at: datetime) -> None:
    """Show a ticket in the triage room of the channel it came by; nothing where there is none, nor of a restricted queue."""
    ticket = Ticket.objects.select_related("requester", "queue").get(pk=ticket_id)
    if not _is_shown(ticket.queue):
        return
    for channel in _rooms(ticket):
        text = "\n".join(
            [f"#{ticket.pk} · {ticket.requester} · {ticket.subject}", _first_words(ticket)],
        )
        put(
            channel_id=channel.pk,
            place=Place(str(channel.settings["triage_chat_id"])),
            kind="text",
            key=f"triage:{ticket.pk}",
            payload={"text": text.strip(), "triage": ticket.pk},
            at=at,
        )


def show_message(*, message_id: int, at: datetime) -> None:
    """Show in a ticket's triage thread what was said on it elsewhere."""
    message = Message.objects.select_related("ticket__queue", "author_user", "requester").get(pk=message_id)
    if not _is_shown(message.ticket.queue) or message.erased_at is not None:
        return
    for thread in ChannelThread.objects.filter(triage_of_id=message.ticket_id, closed_at=None).select_related("channel"):
        if ChannelMessage.objects.filter(message=message, thread=thread).exists():
            continue
        name = str(message.requester or message.author_user or "Steward")
        sign = "🔒 " if message.kind == Message.Kind.NOTE else ""
        say_in(thread, f"{sign}{name}: {message.body}"[:LONGEST_LINE], key=f"triage:m{message.pk}", at=at)


def drop_lines_of(message_id: int) -> None:
    """Let go of what was to be shown of a message in triage rooms and has not gone out yet."""
    waiting = Outgoing.objects.filter(key=f"triage:m{message_id}", state=Outgoing.State.QUEUED)
    waiting.update(state=Outgoing.State.DROPPED, payload={})


def say_on(*, ticket_id: int, words: str, key: str, at: datetime) -> None:
    """Say a line in the triage threads of a ticket."""
    ticket = Ticket.objects.select_related("queue").get(pk=ticket_id)
    if _is_shown(ticket.queue):
        for thread in ChannelThread.objects.filter(triage_of=ticket, closed_at=None):
            say_in(thread, words, key=key, at=at)


def say_in(thread: ChannelThread, words: str, *, key: str, at: datetime) -> None:
    """Say something in one triage thread."""
    place = Place(thread.chat_id, thread.root_id)
    put(channel_id=thread.channel_id, place=place, kind="text", key=key, payload={"text": words}, thread=thread, at=at)


def take(
    account: Account, thread: ChannelThread, person: ChannelPerson, said: Wrote, *, files: Sequence[StoredFile], at: datetime
) -> int | None:
    """Take what an agent says in a triage thread: a command is obeyed, anything else is an internal note."""
    if person.user_id is None or not actor_of_user(person.user_id).can(Capability.WORK_TICKETS):
        words = _("I do not know who you are on this desk. An admin links you with `steward channel link`; nothing was kept.")
        tell(
            channel_id=account.channel_id,
            place=said.place,
            text=words,
            key=f"who:{digest_of(said.vendor_id)}",
            person=person,
            at=at,
        )
        return None
    by = actor_of_user(person.user_id, cause=f"channel:{account.channel_id}")
    command = command_of(said.body, of_agent=True)
    if command is not None:
        return obey(account, command, thread, said, files=files, by=by, at=at)
    note = add_note(
        ticket_id=thread.triage_of_id or 0,
        body=said.body,
        files=files,
        client_token=f"c{account.channel_id}:{digest_of(said.vendor_id)}",
        by=by,
        at=at,
    )
    ChannelMessage.objects.create(
        channel_id=account.channel_id, vendor_id=said.vendor_id, thread=thread, message=note, created_at=at
    )
    return note.pk


def _rooms(ticket: Ticket) -> list[Channel]:
    rooms = Channel.objects.filter(is_active=True, settings__has_key="triage_chat_id").exclude(settings__triage_chat_id="")
    return [room for room in rooms if room.kind == ticket.channel or room.settings.get("triage_all")]


def _is_shown(queue: Queue) -> bool:
    return not queue.restricted


def _first_words(ticket: Ticket) -> str:
    first = Message.objects.filter(ticket=ticket, kind=Message.Kind.MESSAGE).order_by("id").first()
    words = one_line(first.body, max_length=LONGEST_LINE) if first is not None else ""
    return "" if words == ticket.subject else words
