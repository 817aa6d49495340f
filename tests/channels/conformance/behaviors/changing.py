"""Changing: edits are revisions, what is taken back is a tombstone, names and chats come and go."""

import secrets

from steward.channels.actions.resending import retry_failed
from steward.channels.models import ChannelPerson, ChannelThread, Delivery
from steward.core import clock
from steward.desk.models import MessageRevision
from tests.channels.conformance.behaviors.steps import (
    answer,
    asked,
    asked_in_a_room,
    kept_with,
    received,
    said_on,
    soon,
    waits_for,
    words,
)
from tests.channels.conformance.lacking import unless_lacking
from tests.channels.worlds import World, texts


class Changing:
    """What does not stay as it was."""

    @unless_lacking("edits")
    def test_an_edit_is_a_revision(self, world: World) -> None:
        mara, question = world.person("Mara"), words()
        chat, ticket, message = asked(mara, question)
        mara.edit(chat, message, f"{question}!")
        assert soon(lambda: said_on(ticket) == [f"{question}!"])
        assert MessageRevision.objects.get(message__ticket=ticket).body == question

    @unless_lacking("edits")
    def test_nobody_edits_the_words_of_somebody_else(self, world: World) -> None:
        mara, iris, question = world.person("Mara"), world.person("Iris"), words()
        room, ticket, root = asked_in_a_room(mara, question, iris)
        change = iris.edit(room, root, "Never mind")
        assert soon(lambda: world.taken(change))
        assert said_on(ticket) == [question]

    @unless_lacking("edits")
    def test_an_edit_that_comes_before_its_message_is_not_lost(self, world: World) -> None:
        mara, question = world.person("Mara"), words()
        chat, ticket, _message = asked(mara, question)
        late = secrets.token_hex(12)
        change = world.message(chat, mara, "and now", changes=late)
        assert world.bring(change, world.message(chat, mara, "and nov", name=late)) == 200
        assert soon(lambda: said_on(ticket)[1:] == ["and now"])

    @unless_lacking("taking back")
    def test_what_is_taken_back_is_gone_here_too(self, world: World) -> None:
        mara, question = world.person("Mara"), words()
        chat, ticket, _message = asked(mara, question)
        secret = mara.say(chat, "my password is swordfish")
        assert soon(lambda: len(said_on(ticket)) == 2)
        mara.take_back(chat, secret)
        assert soon(lambda: said_on(ticket) == [question, ""])
        assert world.site.caught_up()
        assert soon(lambda: not kept_with("swordfish").exists())

    @unless_lacking("names")
    def test_a_new_name_is_known(self, world: World) -> None:
        mara, question = world.person("Mara"), words()
        chat, _ticket, _message = asked(mara, question)
        mara.rename("Mara Lind")
        mara.say(chat, "It is me")
        assert soon(lambda: ChannelPerson.objects.filter(vendor_id=mara.vendor_id, name="Mara Lind").exists())

    @unless_lacking("leaving")
    def test_a_thread_that_is_gone_is_told_to_the_desk(self, world: World) -> None:
        mara, question = world.person("Mara"), words()
        room, ticket, root = asked_in_a_room(mara, question)
        received(mara, room, ticket, thread=root)
        mara.put_desk_out(room)
        assert soon(lambda: ChannelThread.objects.filter(chat_id=room).exclude(closed_at=None).exists())
        message = answer(world, ticket, "Are you there?")
        assert soon(lambda: Delivery.objects.filter(message=message, state="failed").exists())
        assert "Are you there?" not in " ".join(texts(mara, room))
        mara.ask_desk_in(room)
        assert soon(lambda: not ChannelThread.objects.filter(chat_id=room).exclude(closed_at=None).exists())
        retry_failed(channel_id=world.channel.pk, by=world.cast.actor(world.cast.ana), at=clock.now())
        waits_for(mara, room, "Are you there?")
