"""A burst over several accounts at once: nothing is lost, nothing twice, each chat in order, and a quiet account does not wait for a loud one."""

import logging
import os
import random
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from pytest_django import DjangoDbBlocker

from steward.channels.actions.accounts import create_channel
from steward.channels.actions.arriving import keep
from steward.channels.contract import Arrival
from steward.channels.lark.reading import arrival_of as of_lark
from steward.channels.models import Channel, InboundEnvelope
from steward.channels.queries.accounts import WAITING
from steward.channels.slack.reading import arrival_of as of_slack
from steward.core import clock
from steward.desk.actions.settings import set_hold_time
from steward.desk.models import Message
from steward.desk.queries.verification import problems
from tests import lark_company, slack_company
from tests.cast import SETUP, Cast
from tests.channels.conformance.behaviors.steps import soon
from tests.lark_server import APP, BOT, SECRET
from tests.site import Site, running
from tests.slack_server import BOT as SLACK_BOT
from tests.slack_server import BOT_TOKEN, TEAM
from tests.slack_server import SECRET as SIGNING_SECRET

pytestmark = pytest.mark.crash
AT_ONCE = 100
log = logging.getLogger(__name__)


@dataclass
class Loud:
    """An account and its chats; what was said in each, in order."""

    channel: Channel
    company: lark_company.Company | slack_company.Company
    said: dict[str, list[str]] = field(default_factory=dict)
    who: dict[str, str] = field(default_factory=dict)

    def open_chats(self, count: int) -> None:
        for number in range(count):
            person = self.company.register(f"Mara{number}")
            if isinstance(self.company, lark_company.Company):
                chat = self.company.chat("p2p", person).id
            else:
                chat = self.company.channel(direct=True)
            self.said[chat], self.who[chat] = [], person

    def says(self, chat: str) -> Arrival:
        """Somebody says something new there; give it as the vendor would bring it."""
        words = f"word {len(self.said[chat])} {secrets.token_hex(4)}"
        self.said[chat].append(words)
        if isinstance(self.company, lark_company.Company):
            record = {
                "message_id": f"om_{secrets.token_hex(8)}",
                "chat_id": chat,
                "msg_type": "text",
                "sender": {"id": self.who[chat], "sender_type": "user"},
                "body": {"content": f'{{"text": "{words}"}}'},
            }
            return of_lark(self.company.received(record, []))
        message = {"type": "message", "user": self.who[chat], "text": words, "ts": self.company.instant(), "team": TEAM}
        return of_slack(slack_company.wrapped(self.company.event(chat, message)))


@pytest.fixture
def desk(template_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Site, Cast, list[Loud]]]:
    with django_db_blocker.unblock(), running("steward_burst", template=template_database) as (site, cast):
        lark, slack = lark_company.Company(), slack_company.Company()
        for kind in ("lark", "slack"):
            set_hold_time(channel=kind, seconds=0, by=SETUP, at=clock.now())
        by = cast.actor(cast.ana)
        accounts = []
        for number in range(2):
            settings = {"app_id": APP, "domain": lark.address, "mode": "webhook", "bot_open_id": BOT, "quiet_seconds": 0}
            made = create_channel(
                kind="lark", name=f"Lark {number}", settings=settings, secrets={"app_secret": SECRET}, by=by, at=clock.now()
            )
            accounts.append(Loud(made, lark))
            settings = {"mode": "http", "api_url": slack.api, "team_id": TEAM, "bot_user_id": SLACK_BOT, "quiet_seconds": 0}
            told = {"bot_token": BOT_TOKEN, "signing_secret": SIGNING_SECRET}
            made = create_channel(kind="slack", name=f"Slack {number}", settings=settings, secrets=told, by=by, at=clock.now())
            accounts.append(Loud(made, slack))
        yield site, cast, accounts
        lark.stop()
        slack.stop()


def bring(loud: Loud, arrivals: list[Arrival], draw: random.Random) -> None:
    """Keep what arrived, a tenth of it twice."""
    for start in range(0, len(arrivals), AT_ONCE):
        some = arrivals[start : start + AT_ONCE]
        keep(channel_id=loud.channel.pk, arrivals=some, at=clock.now())
        keep(channel_id=loud.channel.pk, arrivals=draw.sample(some, len(some) // 10), at=clock.now())


def stands(loud: Loud) -> bool:
    """Say whether all that was said there stands here, once and in the order of each chat."""
    bodies: dict[int, list[str]] = {}
    rows = Message.objects.filter(ticket__channel=loud.channel.kind, author_kind="requester").order_by("id")
    for ticket, body in rows.values_list("ticket_id", "body"):
        bodies.setdefault(ticket, []).append(body)
    there = {tuple("\n".join(one).split("\n")) for one in bodies.values()}
    return {tuple(one) for one in loud.said.values()} <= there


@pytest.mark.parametrize("count", [400, pytest.param(10_000, marks=pytest.mark.long)])
def test_a_burst_loses_nothing_and_starves_nobody(desk: tuple[Site, Cast, list[Loud]], count: int) -> None:
    site, _cast, accounts = desk
    seed = int(os.environ.get("STEWARD_TEST_SEED") or secrets.randbelow(1_000_000))
    log.warning("STEWARD_TEST_SEED=%s", seed)
    draw = random.Random(seed)
    *loud, quiet = accounts
    for one in loud:
        one.open_chats(5 if count < 1_000 else 25)
    quiet.open_chats(1)
    for one in accounts:
        keep(channel_id=one.channel.pk, arrivals=[one.says(chat) for chat in one.said], at=clock.now())
    assert soon(lambda: all(stands(one) for one in accounts), 120)
    share = count // len(loud)
    for one in loud:
        arrivals = [one.says(draw.choice(list(one.said))) for _number in range(share)]
        bring(one, arrivals, draw)
    keep(channel_id=quiet.channel.pk, arrivals=[quiet.says(chat) for chat in quiet.said for _time in range(3)], at=clock.now())
    assert soon(lambda: not InboundEnvelope.objects.filter(WAITING, channel=quiet.channel).exists(), 120)
    waiting = {one.channel.name: InboundEnvelope.objects.filter(WAITING, channel=one.channel).count() for one in loud}
    # When the quiet one is through, those that were loud before it still have most of theirs in front of them.
    assert sum(waiting.values()) > count // 3, waiting
    taken = [share - number for number in waiting.values()]
    # And none of these ran away from the others.
    assert min(taken) * 5 + 100 >= max(taken), waiting
    assert soon(lambda: not InboundEnvelope.objects.filter(WAITING).exists(), 60 + count / 10)
    assert not InboundEnvelope.objects.exclude(problem="").exists()
    assert all(stands(one) for one in accounts)
    assert site.caught_up()
    assert list(problems()) == []
