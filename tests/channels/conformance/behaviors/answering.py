"""Answering: what the desk says arrives, whole, where it was asked, and nothing else does."""

import secrets

from steward.core import clock
from steward.desk.actions.filing import bytes_upload, store_file
from steward.desk.actions.replies import add_note
from tests.channels.conformance.behaviors.steps import answer, asked, waits_for, words
from tests.channels.worlds import World, texts


class Answering:
    """What goes out."""

    def test_a_note_is_never_carried(self, world: World) -> None:
        mara, question = world.person("Mara"), words()
        chat, ticket, _message = asked(mara, question)
        add_note(ticket_id=ticket.pk, body="Do not tell them", by=world.cast.actor(world.cast.ada), at=clock.now())
        answer(world, ticket, "We look at it")
        waits_for(mara, chat, "We look at it")
        assert not any("Do not tell" in text for text in texts(mara, chat))

    def test_a_file_goes_out_as_it_is(self, world: World) -> None:
        mara, question, content = world.person("Mara"), words(), secrets.token_bytes(3000)
        chat, ticket, _message = asked(mara, question)
        answer(world, ticket, "Try this one", files=[store_file(bytes_upload("patch.bin", content))])
        assert mara.download(waits_for(mara, chat, "patch.bin")) == content

    def test_a_long_answer_arrives_whole(self, world: World) -> None:
        mara, question = world.person("Mara"), words()
        chat, ticket, _message = asked(mara, question)
        answer(world, ticket, "Step. " * 4_000 + "End.")
        waits_for(mara, chat, "End.")
        assert sum(text.count("Step.") for text in texts(mara, chat)) == 4_000
