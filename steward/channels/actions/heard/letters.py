"""Letters: each finds its ticket by what only this desk can have signed, and only where its writer belongs there."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from steward.channels.actions import answering_commands
from steward.channels.actions.heard.answers import answers
from steward.channels.actions.heard.opening_words import open_with
from steward.channels.actions.heard.scene import Held, Scene, body_of, files_of, keep, token_of
from steward.channels.actions.opening import ARRIVING
from steward.channels.actions.receipts import tell_received
from steward.channels.actions.speakers import person_of, requester_of
from steward.channels.contract import Letter, Place, Speaker, Wrote
from steward.channels.models import ChannelMessage, ChannelPerson, ChannelThread
from steward.channels.queries.accounts import message_at, person_heard, thread_of
from steward.channels.rules.commands import command_of
from steward.channels.rules.raw import digest_of
from steward.channels.rules.threading import Seat, Step, seat_of
from steward.core.errors import DomainError, NotFound
from steward.core.rows import first_row
from steward.desk.actions.intake import receive_message
from steward.desk.actions.participants import add_participant
from steward.desk.actions.replies import add_note
from steward.desk.models import Conversation, Message, Ticket
from steward.desk.queries.access import own_ticket
from steward.desk.queries.family import root_of
from steward.people.actions import ensure_requester
from steward.people.models import Requester
from steward.people.queries.actors import requester_actor

# More from one sender is a machine gone wild, or two that answer each other: somebody has to look.
MOST_IN_A_WHILE, WHILE = 20, timedelta(minutes=10)
_KNOWN = "SELECT 1 FROM channels_channelmessage WHERE channel_id = %s AND vendor_id = %s"
_BEFORE = """
SELECT count(*) FROM (
    SELECT 1 FROM channels_inboundenvelope WHERE person_id = %s AND received_at > %s AND id <> %s LIMIT %s) before
"""


def take_letter(scene: Scene, said: Wrote, letter: Letter) -> None:
    """Take in a letter: more on a ticket, a new one, or a note of what a machine wrote."""
    distinct = _distinct(scene, said)
    if distinct is None:
        return
    said = distinct
    if letter.automatic:
        _take_automatic(scene, said, letter)
        return
    person = scene.envelope.person = person_of(scene.account, said.speaker, at=scene.at)
    _hold_if_flooded(scene, person)
    requester = requester_of(scene.account, person, said.speaker, at=scene.at)
    seat = _seat(scene, letter, _belonging(requester))
    if seat.step == Step.GO_ON:
        _go_on(scene, said, letter, seat.ticket or 0, person, requester)
    else:
        _open(scene, said, letter, seat, person)


def _distinct(scene: Scene, said: Wrote) -> Wrote | None:
    """Give a letter under a name of its own; None for one that is here already. Some programs give all of theirs one id."""
    if first_row(_KNOWN, [scene.account.channel_id, said.vendor_id]) is None:
        return said
    known = message_at(scene.account.channel_id, said.vendor_id)
    assert known is not None
    by = known.envelope.person.vendor_id if known.envelope is not None and known.envelope.person is not None else ""
    before, now = known.message.body if known.message is not None else "", said.body.strip()
    if by == said.speaker.vendor_id and (now.startswith(before) or before.startswith(now)):
        return None
    named = replace(said, vendor_id=f"{said.vendor_id}~{digest_of([said.speaker.vendor_id, said.body])}")
    return None if message_at(scene.account.channel_id, named.vendor_id) is not None else named


def _hold_if_flooded(scene: Scene, person: ChannelPerson) -> None:
    found = first_row(_BEFORE, [person.pk, scene.at - WHILE, scene.envelope.pk, MOST_IN_A_WHILE])
    if found is not None and found[0] >= MOST_IN_A_WHILE:
        raise Held(
            _("more than %(most)s letters of one sender in %(minutes)s minutes")
            % {"most": MOST_IN_A_WHILE, "minutes": WHILE // timedelta(minutes=1)}
        )


def _seat(scene: Scene, letter: Letter, belongs: Callable[[int], bool]) -> Seat:
    signed = letter.ticket if letter.ticket is not None and Ticket.objects.filter(pk=letter.ticket).exists() else None
    known = _known(scene, letter) if signed is None else None
    return seat_of(signed=signed, known=known, belongs=belongs, automatic=letter.automatic)


def _known(scene: Scene, letter: Letter) -> int | None:
    """Give the ticket of the nearest letter that this one answers and that was taken in before."""
    found = ChannelMessage.objects.filter(channel_id=scene.account.channel_id, vendor_id__in=letter.answers)
    tickets = dict(found.exclude(thread__conversation=None).values_list("vendor_id", "thread__conversation__ticket_id"))
    return next((tickets[one] for one in letter.answers if one in tickets), None)


def _belonging(requester: Requester | None) -> Callable[[int], bool]:
    def belongs(ticket_id: int) -> bool:
        if requester is None:
            return False
        try:
            own_ticket(requester_actor(requester), ticket_id)
        except NotFound:
            return False
        return True

    return belongs


def _go_on(scene: Scene, said: Wrote, letter: Letter, ticket_id: int, person: ChannelPerson, requester: Requester) -> None:
    by = requester_actor(requester, cause=f"channel:{scene.account.channel_id}")
    talk = Conversation.objects.select_related("ticket").filter(ticket_id=ticket_id).order_by("id").first()
    thread = None if talk is None else thread_of(talk)
    if thread is not None:
        said = replace(said, place=Place(said.place.chat_id, thread.root_id))
    command = command_of(said.body) if letter.answerable else None
    if command is not None:
        answering_commands.answer(scene.account, command, person, said, thread, at=scene.at)
        return
    if talk is not None and answers(scene, talk, said, by_requester=requester.pk):
        return
    message = receive_message(
        ticket_id=ticket_id,
        body=body_of(scene, said),
        client_token=token_of(scene, said),
        files=files_of(scene, said),
        by=by,
        at=scene.at,
    )
    thread = _thread_of(scene, said, message)
    keep(scene, said, thread, message)
    if message.ticket_id not in {ticket_id, root_of(ticket_id)} and letter.answerable:
        place = Place(thread.chat_id, thread.root_id)
        tell_received(
            scene.account,
            place,
            message,
            key=f"received:{message.ticket_id}",
            at=scene.at,
            thread=thread,
            person=person,
            when_sent=True,
        )
    _tell_along(scene, letter, message)


def _thread_of(scene: Scene, said: Wrote, message: Message) -> ChannelThread:
    """Give the thread by which a conversation is carried, from its first letter on."""
    thread = thread_of(message.conversation)
    if thread is not None and thread.channel_id == scene.account.channel_id:
        return thread
    return ChannelThread.objects.create(
        channel_id=scene.account.channel_id,
        chat_id=said.place.chat_id,
        root_id=said.vendor_id,
        conversation=message.conversation,
        created_at=scene.at,
    )


def _open(scene: Scene, said: Wrote, letter: Letter, seat: Seat, person: ChannelPerson) -> None:
    command = command_of(said.body) if letter.answerable and seat.ticket is None else None
    if command is not None:
        answering_commands.answer(scene.account, command, person, said, None, at=scene.at)
        return
    message = open_with(scene, person, said)
    told = []
    if letter.forged:
        told.append(_("The sender could not be verified: the mail server says that this was not sent by who it names."))
    if seat.ticket is not None:
        claimed = _("It answers #%(number)s, by somebody who does not take part in it; nothing of it is shown there.")
        told.append(claimed % {"number": seat.ticket})
    if told:
        _note(scene, message.ticket_id, "\n".join(told), said)
    _tell_along(scene, letter, message)


def _tell_along(scene: Scene, letter: Letter, message: Message) -> None:
    """Let those take part who had a copy, unless an agent took them out before; as many as can be told along."""
    if letter.forged or not letter.copies:
        return
    ticket_id = root_of(message.ticket_id)
    for copied in letter.copies:
        with suppress(DomainError), transaction.atomic():
            _take_part(scene, copied, ticket_id)


def _take_part(scene: Scene, copied: Speaker, ticket_id: int) -> None:
    who = ensure_requester(email=copied.email, name=copied.name, by=ARRIVING, at=scene.at)
    talks = Conversation.objects.filter(ticket_id=ticket_id, requester=who, kind=Conversation.Kind.REQUESTER)
    if not talks.exists() and not Ticket.objects.filter(pk=ticket_id, requester=who).exists():
        add_participant(ticket_id=ticket_id, requester_id=who.pk, by=ARRIVING, at=scene.at)


def _take_automatic(scene: Scene, said: Wrote, letter: Letter) -> None:
    """Note what a machine answers in somebody's name; it opens nothing, and reopens nothing."""
    person = person_heard(scene.account.channel_id, said.speaker.vendor_id)
    requester = person.requester if person is not None else None
    if requester is None and said.speaker.email:
        requester = Requester.objects.with_email(said.speaker.email).first()
    seat = _seat(scene, letter, _belonging(requester))
    if seat.step != Step.NOTE or seat.ticket is None or requester is None:
        scene.ignored = "automatic"
        return
    scene.envelope.person = person
    words = _("Automatic reply of %(name)s:") % {"name": requester}
    with suppress(DomainError):
        _note(scene, seat.ticket, f"{words}\n\n{said.body}", said, becomes=True)


def _note(scene: Scene, ticket_id: int, words: str, said: Wrote, *, becomes: bool = False) -> None:
    token = f"n{scene.account.channel_id}:{digest_of(said.vendor_id)}"
    with transaction.atomic():
        note = add_note(ticket_id=root_of(ticket_id), body=words, client_token=token, by=ARRIVING, at=scene.at)
    if becomes:
        scene.message_id = note.pk
