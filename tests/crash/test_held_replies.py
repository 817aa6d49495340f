"""Replies that are held go out exactly once, whoever dies at the moment they are due."""

import time
from datetime import timedelta

import pytest

from steward.core import clock
from steward.desk.actions.sending import Manner, Written, send_reply
from steward.desk.actions.settings import set_hold_time
from steward.desk.models import Draft, HeldReply, Message
from tests.cast import SETUP
from tests.site import running, wait_for

pytestmark = pytest.mark.crash
REPLIES = 12


def test_what_is_held_when_everything_dies_goes_out_once_after_the_restart(template_database, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), running("steward_held_crash", template=template_database) as (site, cast):
        set_hold_time(channel="portal", seconds=4, by=SETUP, at=clock.now())
        ada = cast.actor(cast.ada)
        held = []
        for number in range(REPLIES):
            ticket = cast.ticket(f"Ticket {number}")
            written = Written(f"Answer {number}", client_token=f"t{number}")
            held.append(send_reply(ticket_id=ticket.pk, written=written, manner=Manner(), by=ada, at=clock.now()))
        assert all(isinstance(one, HeldReply) for one in held)
        first = held[0].due_at

        wait_for(lambda: clock.now() >= first - timedelta(milliseconds=200), pause=0.02)
        for _blow in range(4):
            site.kill("worker")
            site.start("worker")
            time.sleep(1.5)
        released = HeldReply.objects.exclude(released_at=None)
        assert wait_for(lambda: released.count() == REPLIES, seconds=120), site.said()
        said = list(Message.objects.filter(author_kind="agent").values_list("body", flat=True))
        assert sorted(said) == sorted(f"Answer {number}" for number in range(REPLIES))
        assert not Draft.objects.exists()
        assert site.caught_up()
        assert site.verify()["ok"]
