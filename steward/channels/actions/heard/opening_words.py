"""Opening a ticket with what somebody says, once they have come to an end."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from steward.channels.actions.heard.places import settled
from steward.channels.actions.heard.scene import Scene, body_of, files_of, keep, token_of
from steward.channels.actions.receipts import tell_received
from steward.channels.actions.speakers import requester_of
from steward.channels.contract import Place, Wrote
from steward.channels.models import ChannelPerson, ChannelThread, InboundEnvelope
from steward.channels.queries.in_line import waiting_with
from steward.channels.rules.commands import command_of
from steward.channels.rules.pace import quiet_at
from steward.channels.rules.raw import restored
from steward.core.prepared import Prepared
from steward.core.rows import first_row
from steward.desk.actions.intake import Origin, open_ticket
from steward.desk.actions.writing import MOST_FILES
from steward.desk.models import Message
from steward.people.queries.actors import requester_actor

QUIET = timedelta(seconds=30)
_FIRST = Prepared(
    lambda ticket_id: Message.objects.filter(ticket_id=ticket_id).select_related("conversation").order_by("id")[:1], ticket_id=int
)
_MAKE_THREAD = """
INSERT INTO channels_channelthread (channel_id, chat_id, root_id, direct, conversation_id, created_at)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (channel_id, chat_id, root_id) DO NOTHING RETURNING id
"""


def open_or_wait(scene: Scene, person: ChannelPerson, said: Wrote) -> datetime | None:
    """Open a ticket with what somebody says, once they have come to an end; until then say when to look again."""
    behind = _pieces(scene, said) if said.place.direct else []
    if said.place.direct:
        newest = behind[-1][0].received_at if behind else scene.envelope.received_at
        quiet = timedelta(seconds=float(scene.account.settings.get("quiet_seconds", QUIET.total_seconds())))
        until = quiet_at(scene.envelope.received_at, newest, quiet=quiet)
        if until > scene.at:
            return until
    open_with(scene, person, said, behind)
    return None


def open_with(scene: Scene, person: ChannelPerson, said: Wrote, behind: Sequence[tuple[InboundEnvelope, Wrote]] = ()) -> Message:
    """Open a ticket with something said, and with what the same person said right `behind` it; give its first message."""
    pieces = [said, *(piece for _envelope, piece in behind)]
    requester = requester_of(scene.account, person, said.speaker, at=scene.at)
    by = requester_actor(requester, cause=f"channel:{scene.account.channel_id}")
    files = [file for piece in pieces for file in files_of(scene, piece)]
    ticket = open_ticket(
        requester=requester,
        subject=said.subject,
        body="\n".join(body_of(scene, piece) for piece in pieces),
        origin=Origin(channel=scene.account.kind.value, language=requester.language),
        client_token=token_of(scene, said),
        files=files[:MOST_FILES],
        by=by,
        at=scene.at,
    )
    first = _FIRST.all(ticket_id=ticket.pk)[0]
    root = said.place.root_id or said.vendor_id
    thread = _thread(scene, Place(said.place.chat_id, root, direct=said.place.direct), first)
    keep(scene, said, thread, first)
    for envelope, piece in behind:
        keep(scene, piece, thread, first, envelope=envelope)
        envelope.message_id, envelope.done_at = first.pk, scene.at
        envelope.save(update_fields=["message_id", "done_at"])
    place = Place(said.place.chat_id, root, direct=said.place.direct)
    if said.letter is None or said.letter.answerable:
        tell_received(
            scene.account,
            place,
            first,
            key=f"received:{ticket.pk}",
            at=scene.at,
            thread=thread,
            person=person,
            when_sent=said.letter is not None,
        )
    return first


def _thread(scene: Scene, place: Place, first: Message) -> ChannelThread:
    """Give the thread at a place, made where there is none: nearly always, so that it is written first and looked for after."""
    values = [scene.account.channel_id, place.chat_id, place.root_id, place.direct, first.conversation_id, scene.at]
    made = first_row(_MAKE_THREAD, values)
    if made is None:
        return ChannelThread.objects.get(channel_id=scene.account.channel_id, chat_id=place.chat_id, root_id=place.root_id)
    return ChannelThread(
        pk=made[0],
        channel_id=scene.account.channel_id,
        chat_id=place.chat_id,
        root_id=place.root_id,
        direct=place.direct,
        conversation=first.conversation,
        created_at=scene.at,
    )


def _pieces(scene: Scene, said: Wrote) -> list[tuple[InboundEnvelope, Wrote]]:
    """What the same person said right behind it in the same chat: pieces of one question."""
    pieces: list[tuple[InboundEnvelope, Wrote]] = []
    known = {said.vendor_id}
    for envelope in waiting_with(scene.envelope):
        heard = scene.carrier.read(scene.account, restored(envelope.raw))
        one = settled(scene.account, heard[0]) if len(heard) == 1 and isinstance(heard[0], Wrote) else None
        alike = isinstance(one, Wrote) and one.speaker.vendor_id == said.speaker.vendor_id and one.place == said.place
        # What carries files is fetched in its own turn, and goes on the ticket then.
        if not isinstance(one, Wrote) or not alike or one.files or one.reply_to or command_of(one.body) is not None:
            break
        if one.vendor_id not in known:
            # What came twice, by two ways, is said once; the second is let go of in its own turn.
            pieces.append((envelope, one))
            known.add(one.vendor_id)
    return pieces
