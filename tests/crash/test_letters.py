"""A process that fetches letters is killed half-way: each letter is taken in, and none twice."""

import pytest
from pytest_django import DjangoDbBlocker

from steward.channels.models import ChannelMessage, InboundEnvelope
from steward.channels.queries.verification import problems
from steward.core import clock
from steward.desk.models import Message, Ticket
from tests.cast import SETUP
from tests.channels.email.desk import mailbox
from tests.mail_servers import imap_server, letter
from tests.site import running, wait_for

pytestmark = pytest.mark.crash

LETTERS = 200


def test_whoever_fetches_is_killed_half_way_and_every_letter_is_there_once(
    django_db_setup: None, template_database: str, django_db_blocker: DjangoDbBlocker
) -> None:
    from steward.desk.actions.settings import set_hold_time

    with (
        django_db_blocker.unblock(),
        running("steward_letters", template=template_database) as (site, cast),
        imap_server() as imap,
    ):
        set_hold_time(channel="email", seconds=0, by=SETUP, at=clock.now())
        # Of different senders, so that none is taken for a flood; one weighs so much that it fills a batch.
        letters = [
            letter(
                f"Letter {number}",
                sender=f"Mara <mara{number % 40}@people.example>",
                subject=f"Letter {number}",
                id=f"{number}@people.example",
                files=[("log.txt", b"0123456789abcdef" * 8_000, "text/plain")] if number % 2 else (),
            )
            for number in range(LETTERS)
        ]
        mailbox(cast, imap=imap)
        imap.append(*letters[: LETTERS // 2])
        site.start("listen email")
        for few in (10, 40, 90):
            assert wait_for(lambda few=few: InboundEnvelope.objects.count() >= few, 60, pause=0.005)
            site.kill("listen email")
            imap.append(*letters[LETTERS // 2 :][few - 10 : few])
            site.start("listen email")
        site.kill("worker")
        site.start("worker")
        imap.append(
            *(one for place, one in enumerate(letters[LETTERS // 2 :]) if not (place < 10 or 30 <= place < 40 or 80 <= place < 90))
        )
        assert wait_for(lambda: Ticket.objects.filter(subject__startswith="Letter ").count() == LETTERS, 180)
        assert wait_for(lambda: all(imap.seen().values()), 60)
        assert wait_for(lambda: not InboundEnvelope.objects.filter(done_at=None).exists(), 60)
        said = Message.objects.filter(kind="message", automatic=False, body__startswith="Letter ")
        assert sorted(said.values_list("body", flat=True)) == sorted(f"Letter {number}" for number in range(LETTERS))
        assert InboundEnvelope.objects.count() == LETTERS
        assert not InboundEnvelope.objects.exclude(problem="").exists()
        assert ChannelMessage.objects.exclude(envelope=None).count() == LETTERS
        assert site.caught_up()
        assert list(problems()) == []
