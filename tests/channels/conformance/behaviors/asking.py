"""Asking: how what people say becomes tickets, and goes on them."""

from steward.desk.models import Attachment, Message, Ticket
from tests.channels.conformance.behaviors.steps import (
    answer,
    asked,
    asked_in_a_room,
    kept_with,
    quiet_for,
    received,
    said_on,
    solve,
    soon,
    ticket_asking,
    waits_for,
    words,
)
from tests.channels.conformance.lacking import unless_lacking
from tests.channels.worlds import World
from tests.pictures import png


class Asking:
    """What arrives."""

    def test_a_private_question_becomes_a_ticket_and_is_told_so(self, world: World) -> None:
        mara, question = world.person("Mara"), words()
        chat, ticket, _message = asked(mara, question)
        received(mara, chat, ticket)
        assert (ticket.channel, ticket.requester.name, said_on(ticket)) == (world.kind, "Mara", [question])

    @unless_lacking("pieces")
    def test_what_is_said_in_pieces_is_one_question(self, world: World) -> None:
        mara, question = world.person("Mara"), words()
        chat = mara.direct()
        with quiet_for(world, 5):
            for piece in (question, "since this morning", "in two markets"):
                mara.say(chat, piece)
            ticket = ticket_asking(question)
        assert said_on(ticket) == [f"{question}\nsince this morning\nin two markets"]
        assert Ticket.objects.filter(requester=ticket.requester).count() == 1

    @unless_lacking("pieces")
    def test_whoever_writes_in_pieces_holds_up_nobody_else(self, world: World) -> None:
        mara, iris, slow = world.person("Mara"), world.person("Iris"), words()
        chat, ticket, _message = asked(iris, words())
        other = mara.direct()
        with quiet_for(world, 20):
            mara.say(other, slow)
            assert soon(lambda: kept_with(slow).exclude(due_at=None).exists())
        # What comes from here on is waited for one second again, what came before for its twenty.
        iris.say(chat, "And one more")
        assert soon(lambda: "And one more" in said_on(ticket), 18)
        assert not Ticket.objects.filter(subject=slow).exists()

    def test_a_further_word_goes_on_the_open_ticket(self, world: World) -> None:
        mara, question = world.person("Mara"), words()
        chat, ticket, _message = asked(mara, question)
        mara.say(chat, "It is worse now")
        assert soon(lambda: said_on(ticket) == [question, "It is worse now"])

    def test_a_reply_goes_on_the_ticket_it_replies_to(self, world: World) -> None:
        mara, first = world.person("Mara"), words()
        chat, ticket, message = asked(mara, first)
        received(mara, chat, ticket)
        solve(world, ticket)
        waits_for(mara, chat, "Is it fixed")
        mara.say(chat, "yes")
        assert soon(lambda: Ticket.objects.get(pk=ticket.pk).state == "closed")
        second = words()
        mara.say(chat, second)
        ticket_asking(second)
        mara.say(chat, "About the first one: it is back", reply_to=message)
        assert soon(lambda: "About the first one: it is back" in said_on(ticket))

    def test_naming_the_desk_in_a_room_opens_a_thread(self, world: World) -> None:
        mara, question = world.person("Mara"), words()
        room = mara.room("Console")
        mara.say(room, "Good morning all")
        root = mara.say(room, question, to_desk=True)
        ticket = ticket_asking(question)
        received(mara, room, ticket, thread=root)
        answer(world, ticket, "We look at it")
        waits_for(mara, room, "Ada: We look at it", thread=root)
        mara.say(room, "Thanks for looking so fast at this", thread=root)
        assert soon(lambda: len(said_on(ticket)) == 3)
        assert not Message.objects.filter(body="Good morning all").exists()

    def test_somebody_else_in_the_thread_takes_part_under_their_name(self, world: World) -> None:
        mara, iris, question = world.person("Mara"), world.person("Iris"), words()
        room, ticket, root = asked_in_a_room(mara, question, iris)
        iris.say(room, "Here too", thread=root)
        assert soon(lambda: "Here too" in said_on(ticket))
        assert Message.objects.get(ticket=ticket, body="Here too").requester.name == "Iris"

    @unless_lacking("signs")
    def test_the_ticket_sign_takes_the_thread_along(self, world: World) -> None:
        mara, iris, question = world.person("Mara"), world.person("Iris"), words()
        room = mara.room("Console", iris)
        root = mara.say(room, question)
        mara.say(room, "It says 502", thread=root)
        iris.say(room, "Same for me", thread=root)
        iris.react(room, root, "🎫")
        ticket = ticket_asking(question)
        assert ticket.requester.name == "Mara"
        assert said_on(ticket) == [question, "It says 502", "Same for me"]
        mara.react(room, root, "🎫")
        received(mara, room, ticket, thread=root)
        assert Ticket.objects.filter(subject=question).count() == 1

    def test_a_file_comes_in_as_it_is(self, world: World) -> None:
        mara, question, picture = world.person("Mara"), words(), png(20, 10)
        chat, ticket, _message = asked(mara, question)
        mara.send_file(chat, "screen.png", picture, "image/png")
        assert soon(lambda: Attachment.objects.filter(message__ticket=ticket).exists())
        file = Attachment.objects.get(message__ticket=ticket)
        assert (file.name, file.media_type) == ("screen.png", "image/png")

    def test_a_file_that_is_not_what_it_says_is_named_and_the_words_stay(self, world: World) -> None:
        mara, question = world.person("Mara"), words()
        chat, ticket, _message = asked(mara, question)
        mara.send_file(chat, "screen.png", b"<html><script>alert(1)</script>", "image/png")
        assert soon(lambda: len(said_on(ticket)) == 2)
        assert "screen.png could not be taken in" in said_on(ticket)[1]

    def test_commands_are_answered_where_they_are_given(self, world: World) -> None:
        mara, question = world.person("Mara"), words()
        chat, ticket, _message = asked(mara, question)
        mara.say(chat, "/status")
        waits_for(mara, chat, f"#{ticket.pk} · {question} · New")
        mara.say(chat, "!mine")
        assert soon(lambda: sum(f"#{ticket.pk} · {question}" in one.text for one in mara.seen(chat)) == 2)
        mara.say(chat, "/help")
        waits_for(mara, chat, "becomes a ticket. /status")
        solve(world, ticket)
        waits_for(mara, chat, "Is it fixed")
        mara.say(chat, "/resolve")
        waits_for(mara, chat, "closed as fixed")
        assert said_on(ticket) == [question]
