"""What somebody says: a new ticket, more on one, a command, or nothing for the desk."""

from datetime import datetime, timedelta

from steward.channels.actions import answering_commands, triage
from steward.channels.actions.heard.answers import answers
from steward.channels.actions.heard.places import settled, thread_spoken_in
from steward.channels.actions.heard.scene import Scene, body_of, files_of, keep, token_of
from steward.channels.actions.opening import ARRIVING
from steward.channels.actions.receipts import tell_received
from steward.channels.actions.speakers import person_of, requester_of
from steward.channels.contract import (
    Place,
    Wrote,
)
from steward.channels.models import ChannelPerson, ChannelThread, InboundEnvelope
from steward.channels.queries.accounts import message_at
from steward.channels.queries.in_line import waiting_with
from steward.channels.rules.commands import command_of
from steward.channels.rules.pace import quiet_at
from steward.channels.rules.raw import restored
from steward.desk.actions.intake import Origin, open_ticket, receive_message
from steward.desk.actions.participants import add_participant
from steward.desk.actions.replies import reply
from steward.desk.actions.writing import MOST_FILES
from steward.desk.models import Message
from steward.people.queries.actors import actor_of_user, requester_actor
from steward.people.rules import Capability

QUIET = timedelta(seconds=30)


def take_words(scene: Scene, said: Wrote) -> datetime | None:
    """Take in something said; an instant says that more may follow."""
    if said.speaker.is_bot or message_at(scene.account.channel_id, said.vendor_id) is not None:
        return None
    thread = thread_spoken_in(scene.account, said.place, said.reply_to)
    if thread is None and not said.addressed:
        return None
    person = scene.envelope.person = person_of(scene.account, said.speaker, at=scene.at)
    if thread is not None and thread.triage_of_id is not None:
        scene.message_id = triage.take(scene.account, thread, person, said, files=files_of(scene, said), at=scene.at)
        return None
    command = command_of(said.body)
    if command is not None:
        answering_commands.answer(scene.account, command, person, said, thread, at=scene.at)
        return None
    if thread is not None:
        go_on(scene, thread, person, said)
        return None
    return open_or_wait(scene, person, said)


def go_on(scene: Scene, thread: ChannelThread, person: ChannelPerson, said: Wrote) -> None:
    """Take in a further word in a thread the desk carries."""
    talk = thread.conversation
    assert talk is not None
    if _is_agent(person) and person.requester_id != talk.requester_id:
        _reply_as_agent(scene, thread, person, said)
        return
    requester = requester_of(scene.account, person, said.speaker, at=scene.at)
    by = requester_actor(requester, cause=f"channel:{scene.account.channel_id}")
    if answers(scene, talk, said, by_requester=requester.pk):
        return
    if requester.pk != talk.ticket.requester_id:
        add_participant(ticket_id=talk.ticket_id, requester_id=requester.pk, by=ARRIVING, at=scene.at)
    message = receive_message(
        ticket_id=talk.ticket_id,
        body=body_of(scene, said),
        client_token=token_of(scene, said),
        files=files_of(scene, said),
        by=by,
        at=scene.at,
    )
    if message.ticket_id != talk.ticket_id and requester.pk == talk.requester_id:
        # It was closed too long ago: the thread goes on with the ticket that follows.
        thread.conversation = message.conversation
        thread.save(update_fields=["conversation"])
        tell_received(scene.account, said.place, message, key=f"received:{message.ticket_id}", at=scene.at, person=person)
    keep(scene, said, thread, message)


def _is_agent(person: ChannelPerson) -> bool:
    return person.user_id is not None and actor_of_user(person.user_id).can(Capability.WORK_TICKETS)


def _reply_as_agent(scene: Scene, thread: ChannelThread, person: ChannelPerson, said: Wrote) -> None:
    assert thread.conversation is not None
    by = actor_of_user(person.user_id or 0, cause=f"channel:{scene.account.channel_id}")
    message = reply(
        ticket_id=thread.conversation.ticket_id,
        body=body_of(scene, said),
        client_token=token_of(scene, said),
        files=files_of(scene, said),
        by=by,
        at=scene.at,
    )
    keep(scene, said, thread, message)


def open_or_wait(scene: Scene, person: ChannelPerson, said: Wrote) -> datetime | None:
    """Open a ticket with what somebody says, once they have come to an end; until then say when to look again."""
    behind = _pieces(scene, said) if said.place.direct else []
    if said.place.direct:
        newest = behind[-1][0].received_at if behind else scene.envelope.received_at
        quiet = timedelta(seconds=float(scene.account.settings.get("quiet_seconds", QUIET.total_seconds())))
        until = quiet_at(scene.envelope.received_at, newest, quiet=quiet)
        if until > scene.at:
            return until
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
    first = Message.objects.filter(ticket=ticket).order_by("id").select_related("conversation").earliest("id")
    root = said.place.root_id or said.vendor_id
    thread, _made = ChannelThread.objects.get_or_create(
        channel_id=scene.account.channel_id,
        chat_id=said.place.chat_id,
        root_id=root,
        defaults={"direct": said.place.direct, "conversation": first.conversation, "created_at": scene.at},
    )
    keep(scene, said, thread, first)
    for envelope, piece in behind:
        keep(scene, piece, thread, first, envelope=envelope)
        envelope.message_id, envelope.done_at = first.pk, scene.at
        envelope.save(update_fields=["message_id", "done_at"])
    place = Place(said.place.chat_id, root, direct=said.place.direct)
    tell_received(scene.account, place, first, key=f"received:{ticket.pk}", at=scene.at, thread=thread, person=person)
    return None


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
