"""Distrusting: what is forged, repeated, meaningless, unreadable or a machine's."""

import secrets
import time

from steward.channels.actions.hearing import retry_envelope
from steward.channels.models import InboundEnvelope
from steward.core import clock
from tests.channels.conformance.behaviors.steps import asked, kept_with, said_on, soon, waits_for, words
from tests.channels.conformance.lacking import unless_lacking
from tests.channels.worlds import World, texts


class Distrusting:
    """What is not to be believed."""

    def test_what_is_brought_twice_is_said_once(self, world: World) -> None:
        mara, question = world.person("Mara"), words()
        chat, ticket, _message = asked(mara, question)
        event = world.message(chat, mara, "only once")
        for _time in range(3):
            assert world.bring(event) == 200
        assert soon(lambda: said_on(ticket) == [question, "only once"])
        time.sleep(0.5)
        assert said_on(ticket) == [question, "only once"]

    def test_what_is_forged_is_refused_and_not_kept(self, world: World) -> None:
        name = secrets.token_hex(12)
        assert set(world.forged(name)) == {403}
        assert not kept_with(name).exists()

    def test_what_means_nothing_is_parked_with_its_reason_and_can_be_tried_again(self, world: World) -> None:
        name = world.meaningless()
        assert soon(lambda: kept_with(name).exclude(problem="").exists())
        parked = kept_with(name).get()
        assert parked.problem
        retry_envelope(envelope_id=parked.pk, by=world.cast.actor(world.cast.ana), at=clock.now())
        assert soon(lambda: InboundEnvelope.objects.get(pk=parked.pk).problem != "")

    def test_machines_are_not_answered(self, world: World) -> None:
        mara, question = world.person("Mara"), words()
        chat, ticket, _message = asked(mara, question)
        said = mara.say_as_machine(chat, "I am a robot")
        assert soon(lambda: world.taken(said))
        assert said_on(ticket) == [question]
        # What the desk itself says comes back to it, and is nothing new.
        assert soon(lambda: not kept_with(f"#{ticket.pk}").filter(done_at=None).exists())
        assert not kept_with(f"#{ticket.pk}").exclude(message=None).exists()
        # What became nothing is not kept either.
        assert not kept_with("I am a robot").exists()

    @unless_lacking("unreadable")
    def test_what_cannot_be_read_is_refused_in_words_once(self, world: World) -> None:
        mara = world.person("Mara")
        chat = mara.direct()
        for _time in range(2):
            world.speaks_unreadably(mara, chat)
        waits_for(mara, chat, "cannot read")
        assert sum("cannot read" in text for text in texts(mara, chat)) == 1
