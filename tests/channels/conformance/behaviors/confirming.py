"""Confirming: the requester says where they were asked whether it is fixed, by a tap, a sign or a word."""

import pytest

from steward.desk.models import Ticket
from steward.ledger.models import Event
from tests.channels.conformance.behaviors.steps import answer, asked, asked_in_a_room, solve, soon, waits_for, words
from tests.channels.conformance.lacking import unless_lacking
from tests.channels.worlds import World


class Confirming:
    """Fixed, or not fixed."""

    @unless_lacking("signs")
    def test_a_sign_on_an_answer_is_seen(self, world: World) -> None:
        mara, question = world.person("Mara"), words()
        chat, ticket, _message = asked(mara, question)
        answer(world, ticket, "We look at it")
        mara.react(chat, waits_for(mara, chat, "We look at it").id, "🎉")
        seen = Event.objects.filter(stream=f"ticket:{ticket.pk}", kind="channels.message_reacted")
        assert soon(seen.exists)

    @pytest.mark.parametrize("by", ["tap", "sign", "word"])
    @pytest.mark.parametrize(("said", "state"), [("yes", "closed"), ("no", "open")])
    def test_the_fix_is_confirmed_or_denied_where_it_is_asked(self, world: World, said: str, state: str, by: str) -> None:
        lacking = {"tap": "taps", "sign": "signs"}.get(by, "")
        if lacking in world.lacks:
            pytest.skip(f"{world.kind} has no {lacking}: {world.lacks[lacking]}")
        mara, question = world.person("Mara"), words()
        chat, ticket, _message = asked(mara, question)
        solve(world, ticket)
        question_asked = waits_for(mara, chat, "Is it fixed")
        if by == "tap":
            mara.tap(chat, question_asked, said)
        elif by == "sign":
            mara.react(chat, question_asked.id, "✅" if said == "yes" else "❌")
        else:
            mara.say(chat, said)
        assert soon(lambda: Ticket.objects.get(pk=ticket.pk).state == state)
        assert (Ticket.objects.get(pk=ticket.pk).confirmed_at is not None) == (said == "yes")

    @unless_lacking("signs")
    def test_only_the_requesters_own_sign_confirms(self, world: World) -> None:
        mara, iris, question = world.person("Mara"), world.person("Iris"), words()
        room, ticket, root = asked_in_a_room(mara, question, iris)
        solve(world, ticket)
        asked_there = waits_for(mara, room, "Is it fixed", thread=root)
        sign = iris.react(room, asked_there.id, "✅")
        assert soon(lambda: world.taken(sign))
        assert Ticket.objects.get(pk=ticket.pk).state == "solved"
