"""What a sign on a message means: an answer, a ticket, or only a sign."""

from datetime import datetime

from steward.channels.actions.heard.answers import give_answer
from steward.channels.actions.heard.changes import overtaken
from steward.channels.actions.heard.opening_words import open_or_wait
from steward.channels.actions.heard.scene import Scene, named
from steward.channels.actions.heard.words import go_on
from steward.channels.actions.opening import ARRIVING
from steward.channels.actions.outbox import tell
from steward.channels.actions.speakers import person_of
from steward.channels.contract import (
    Place,
    Reacted,
    Wrote,
)
from steward.channels.facts import MessageReacted
from steward.channels.queries.accounts import message_at, thread_at
from steward.channels.queries.outgoing import is_being_carried
from steward.channels.rules.signs import TICKET, answer_of, plain
from steward.core.errors import Conflict, NotFound
from steward.desk.models import Question
from steward.ledger.actions.recording import record


def take_sign(scene: Scene, reacted: Reacted) -> datetime | None:
    """Take a sign for what it means."""
    if reacted.speaker.is_bot:
        return None
    known = message_at(scene.account.channel_id, reacted.vendor_id)
    if known is None:
        if plain(reacted.sign) == TICKET:
            _ticket_from(scene, reacted)
            return None
        # Quicker than the vendor's answer to what is just being carried there.
        return overtaken(scene, only_if=is_being_carried(scene.account.channel_id, reacted.place))
    message = known.message
    if message is None:
        return None
    question = Question.objects.filter(message=message).select_related("ticket__requester").first()
    if question is not None and question.is_open:
        person = person_of(scene.account, reacted.speaker, at=scene.at)
        answer = answer_of(reacted.sign, list(question.options))
        if answer and person.requester_id == question.ticket.requester_id:
            try:
                give_answer(scene, question, answer)
            except Conflict as error:
                thread = known.thread
                place = Place(thread.chat_id, thread.root_id, direct=thread.direct)
                tell(channel_id=scene.account.channel_id, place=place, text=error.message, key=reacted.event_id, at=scene.at)
            return None
    record(
        MessageReacted(ticket_id=message.shown_on_id or message.ticket_id, message_id=message.pk, sign=plain(reacted.sign)[:16]),
        by=ARRIVING,
        at=scene.at,
    )
    return None


def _ticket_from(scene: Scene, reacted: Reacted) -> None:
    """Make a ticket of a message somebody put the sign on, in the name of who wrote it, with the thread so far."""
    if not scene.brought.history:
        return
    person_of(scene.account, reacted.speaker, at=scene.at)
    first, *rest = scene.brought.history
    if first.speaker.is_bot or message_at(scene.account.channel_id, first.vendor_id) is not None:
        return
    author = person_of(scene.account, first.speaker, at=scene.at)
    place = Place(first.place.chat_id, first.place.root_id)
    addressed = Wrote(first.vendor_id, place, named(scene, first.speaker), first.body, first.files, addressed=True)
    open_or_wait(scene, author, addressed)
    thread = thread_at(scene.account.channel_id, first.place.chat_id, first.place.root_id or first.vendor_id)
    for said in rest:
        if thread is None or said.speaker.is_bot or message_at(scene.account.channel_id, said.vendor_id) is not None:
            continue
        try:
            go_on(scene, thread, person_of(scene.account, said.speaker, at=scene.at), said)
        except NotFound:
            continue
