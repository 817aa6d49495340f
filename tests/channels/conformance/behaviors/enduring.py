"""Enduring: outages on either side, a burst, and the ledger afterwards."""

import secrets
import threading

import pytest

from steward.channels.actions.catching_up import catch_up
from steward.channels.models import ChannelHealth, ChannelMessage, Delivery, Outgoing
from steward.core import clock
from steward.desk.queries.verification import problems
from tests.channels.conformance.behaviors.steps import answer, asked, received, said_on, soon, waits_for, words
from tests.channels.worlds import World, texts


def _is_well(world: World) -> bool:
    return ChannelHealth.objects.get(channel=world.channel).failures == 0


class Enduring:
    """What goes wrong for a while."""

    @pytest.mark.parametrize("fails", ["limited", "broken", "garbage", "silent"])
    def test_a_vendor_that_does_not_take_it_gets_it_later_once_and_in_order(self, world: World, fails: str) -> None:
        mara, question = world.person("Mara"), words()
        chat, ticket, _message = asked(mara, question)
        received(mara, chat, ticket)
        world.fail(fails)
        answers = [f"Answer {number} {secrets.token_hex(3)}" for number in range(3)]
        for one in answers:
            answer(world, ticket, one)
        # What stands first in line is tried, which may be a line for the triage room, and the whole channel then waits.
        tried = Outgoing.objects.filter(channel=world.channel, state__in=["queued", "sending"], attempts__gt=0)
        assert soon(tried.exists)
        if fails != "limited":
            assert soon(lambda: ChannelHealth.objects.get(channel=world.channel).failing_since is not None)
        world.fail("")
        waits_for(mara, chat, answers[-1], seconds=150)
        assert [text.removeprefix("Ada: ") for text in texts(mara, chat) if "Answer " in text] == answers
        assert soon(lambda: not Delivery.objects.filter(ticket=ticket).exclude(state="sent").exists(), 120)
        # A sign of life that failed meanwhile is made good by the next one, which the desk asks for every minute.
        assert soon(lambda: catch_up(channel_id=world.channel.pk, at=clock.now()) == 0 and _is_well(world), 150)

    def test_what_is_asked_while_the_desk_is_down_is_not_lost(self, world: World) -> None:
        mara, question = world.person("Mara"), words()
        chat, ticket, _message = asked(mara, question)
        roles = [role for role in world.site.roles if role != "database"]
        for role in roles:
            world.site.kill(role)
        for number in range(3):
            mara.say(chat, f"Still there? {number}")
        world.site.start(*roles)
        world.site.wait()
        assert soon(lambda: said_on(ticket) == [question, *(f"Still there? {number}" for number in range(3))], 150)
        # What was at work when it was killed is known to be dead after a while, and its channel goes on.
        answer(world, ticket, "Yes, again")
        waits_for(mara, chat, "Yes, again", seconds=180)

    def test_a_burst_arrives_whole_once_and_in_the_order_of_each_thread(self, world: World) -> None:
        people = [world.person("Mara") for _one in range(4)]
        chats = [asked(one, words()) for one in people]

        def talk(place: int) -> None:
            who, (chat, _ticket, _message) = people[place], chats[place]
            for number in range(10):
                who.say(chat, f"Word {number}")

        threads = [threading.Thread(target=talk, args=(place,)) for place in range(len(people))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for _chat, ticket, _message in chats:
            assert soon(lambda ticket=ticket: said_on(ticket)[1:] == [f"Word {number}" for number in range(10)], 120), said_on(
                ticket
            )
        assert ChannelMessage.objects.filter(message__ticket__in=[ticket for _chat, ticket, _message in chats]).count() >= 44

    def test_the_desk_is_as_the_ledger_says_afterwards(self, world: World) -> None:
        assert world.site.caught_up()
        assert list(problems()) == []
