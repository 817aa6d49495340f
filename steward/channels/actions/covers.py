"""The covers of letters: whom they go to, about what, what they answer, and which files go along."""

from collections.abc import Sequence

from steward.channels.actions.mailing import where_to_read
from steward.channels.contract import Cover, Enclosed, Speaker, Traits
from steward.channels.models import ChannelMessage, ChannelPerson, Outgoing
from steward.desk.actions.filing import open_file
from steward.desk.models import Attachment, Message, Ticket
from steward.desk.queries.participants import participants_of
from steward.people.models import Requester

MOST_IN_THREAD = 20


def cover_of(row: Outgoing, *, left_out: Sequence[str] = ()) -> Cover:
    """Write the cover of what is in line; whoever was erased meanwhile is not on it."""
    ticket, requester = _about(row)
    automatic = row.message is None or row.message.automatic
    to = _speaker(row.channel_id, requester, row.person)
    return Cover(
        to=() if to is None else (to,),
        copies=() if automatic or ticket is None else _along(ticket.pk),
        subject=ticket.subject if ticket is not None else "",
        thread=() if ticket is None else _thread(row.channel_id, ticket.pk),
        ticket=ticket.pk if ticket is not None else None,
        automatic=automatic,
        language=requester.language if requester is not None else "",
        link=where_to_read(ticket) if ticket is not None else "",
        left_out=tuple(left_out),
    )


def enclosed(message: Message, traits: Traits) -> tuple[tuple[Enclosed, ...], tuple[str, ...]]:
    """Give the files of a message that go along, and the names of those that would be too much."""
    files: list[Enclosed] = []
    left_out: list[str] = []
    room = traits.most_bytes
    for file in Attachment.objects.filter(message=message, erased_at=None).order_by("id"):
        if file.size > room:
            left_out.append(file.name)
            continue
        room -= file.size
        with open_file(file.sha256) as content:
            files.append(Enclosed(file.name, file.media_type, content.read()))
    return tuple(files), tuple(left_out)


def _about(row: Outgoing) -> tuple[Ticket | None, Requester | None]:
    if row.message is not None:
        talk = row.message.conversation
        return talk.ticket, talk.requester
    thread_talk = row.thread.conversation if row.thread is not None else None
    requester = row.person.requester if row.person is not None else None
    number = row.payload.get("ticket")
    if isinstance(number, int):
        ticket = Ticket.objects.filter(pk=number).select_related("requester").first()
    else:
        ticket = thread_talk.ticket if thread_talk is not None else None
    return ticket, requester or (thread_talk.requester if thread_talk is not None else None)


def _speaker(channel_id: int, requester: Requester | None, person: ChannelPerson | None) -> Speaker | None:
    if person is None and requester is not None and requester.erased_at is None:
        theirs = ChannelPerson.objects.filter(channel_id=channel_id, requester=requester)
        # The address they are known by, else the one they wrote from last.
        person = theirs.filter(vendor_id=requester.email or "").first() or theirs.order_by("-id").first()
    if person is not None:
        return Speaker(person.vendor_id, person.name if person.name != person.vendor_id else "")
    if requester is not None and requester.email:
        return Speaker(requester.email, requester.name, requester.email)
    return None


def _along(ticket_id: int) -> tuple[Speaker, ...]:
    return tuple(Speaker(one.email, one.name, one.email) for one in participants_of(ticket_id) if one.email)


def _thread(channel_id: int, ticket_id: int) -> tuple[str, ...]:
    found = ChannelMessage.objects.filter(channel_id=channel_id, thread__conversation__ticket_id=ticket_id)
    newest = list(found.order_by("-id").values_list("vendor_id", flat=True)[:MOST_IN_THREAD])
    first = found.order_by("id").values_list("vendor_id", flat=True).first()
    return tuple(dict.fromkeys([one for one in (first, *reversed(newest)) if one]))
