"""Triaging: agents work in a room of the vendor, where everything is internal unless it says otherwise."""

from steward.channels.actions.accounts import change_channel, link_vendor_id
from steward.core import clock
from steward.desk.actions.changing import transfer_ticket
from steward.desk.models import Message, Ticket
from tests.channels.conformance.behaviors.steps import asked, said_on, soon, waits_for, words
from tests.channels.conformance.lacking import unless_lacking
from tests.channels.worlds import Person, World, texts


def triage_room(world: World) -> tuple[Person, str]:
    ada = world.person("Ada")
    room, by = ada.room("Triage"), world.cast.actor(world.cast.ana)
    change_channel(channel_id=world.channel.pk, settings={"triage_chat_id": room}, by=by, at=clock.now())
    link_vendor_id(channel_id=world.channel.pk, vendor_id=ada.vendor_id, user_id=world.cast.ada.pk, by=by, at=clock.now())
    return ada, room


class Triaging:
    """The agents' side."""

    @unless_lacking("triage")
    def test_the_triage_room_is_internal_unless_it_says_otherwise(self, world: World) -> None:
        ada, room = triage_room(world)
        mara, question = world.person("Mara"), words()
        chat, ticket, _message = asked(mara, question)
        root = waits_for(ada, room, f"#{ticket.pk} ·").id
        ada.say(room, "Between us", thread=root)
        ada.say(room, "/reply To you", thread=root)
        waits_for(mara, chat, "To you")
        assert not any("Between us" in text for text in texts(mara, chat))
        assert Message.objects.get(ticket=ticket, body="Between us").kind == "note"

    @unless_lacking("triage")
    def test_who_is_not_linked_does_nothing_in_the_triage_room(self, world: World) -> None:
        ada, room = triage_room(world)
        mallory = world.person("Mallory")
        ada.invite(room, mallory)
        mara, question = world.person("Mara"), words()
        _chat, ticket, _message = asked(mara, question)
        root = waits_for(ada, room, f"#{ticket.pk} ·").id
        mallory.say(room, "/solve I say so", thread=root)
        waits_for(mallory, room, "I do not know who you are", thread=root)
        assert Ticket.objects.get(pk=ticket.pk).state == "new"
        assert Message.objects.filter(ticket=ticket, kind="message", automatic=False).count() == 1

    @unless_lacking("triage")
    def test_a_restricted_queue_is_not_shown_in_the_triage_room(self, world: World) -> None:
        ada, room = triage_room(world)
        mara, question = world.person("Mara"), words()
        chat, ticket, _message = asked(mara, question)
        root = waits_for(ada, room, f"#{ticket.pk} ·").id
        lin = world.cast.actor(world.cast.lin)
        transfer_ticket(ticket_id=ticket.pk, queue_id=world.cast.restricted.pk, reason="", by=lin, at=clock.now())
        mara.say(chat, "A child is in danger")
        assert soon(lambda: len(said_on(ticket)) == 2)
        assert world.site.caught_up()
        ada.say(room, "/status", thread=root)
        waits_for(ada, room, "There is no ticket", thread=root)
        assert not any("child" in text for text in texts(ada, room))
