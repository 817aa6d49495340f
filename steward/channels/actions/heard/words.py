"""What somebody says: a new ticket, more on one, a command, or nothing for the desk."""

from datetime import datetime

from steward.channels.actions import answering_commands, triage
from steward.channels.actions.heard.answers import answers
from steward.channels.actions.heard.opening_words import open_or_wait
from steward.channels.actions.heard.places import thread_spoken_in
from steward.channels.actions.heard.scene import Scene, body_of, files_of, keep, token_of
from steward.channels.actions.opening import ARRIVING
from steward.channels.actions.receipts import tell_received
from steward.channels.actions.speakers import person_of, requester_of
from steward.channels.contract import (
    Wrote,
)
from steward.channels.models import ChannelPerson, ChannelThread
from steward.channels.queries.accounts import message_at
from steward.channels.rules.commands import command_of
from steward.desk.actions.intake import receive_message
from steward.desk.actions.participants import add_participant
from steward.desk.actions.replies import reply
from steward.people.queries.actors import actor_of_user, requester_actor
from steward.people.rules import Capability


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
