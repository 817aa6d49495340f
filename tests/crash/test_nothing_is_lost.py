"""Processes and the database server are killed in the middle of the work: nothing is lost, and nothing happens twice."""

import logging
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker

from steward.channels.models import Delivery, InboundEnvelope
from steward.desk.models import Message, Ticket
from steward.ledger.models import Event, ParkedStream
from steward.ledger.queries import order_problems
from steward.sla.actions import create_default_policy
from steward.sla.models import Clock
from tests.cast import SETUP, Cast, requester
from tests.crash.load import Crowd
from tests.server import SERVER
from tests.site import ROLES, Site, running, wait_for
from tests.web.portal.signing_in import signed_in

pytestmark = pytest.mark.crash
log = logging.getLogger(__name__)
VICTIMS = ("web", "worker", "postgres", "sessions")


@pytest.fixture
def desk(django_db_setup: None, template_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Site, Cast]]:
    name = "steward_crash"
    with django_db_blocker.unblock(), running(name, template=template_database) as (site, cast):
        # The server of the tests forgets the last moments of a crash for speed; a commit here is one that lasts.
        with SERVER.admin() as admin:
            admin.execute(f"ALTER DATABASE {name} SET synchronous_commit = on")
        end_sessions(name)
        connection.close()
        create_default_policy(time_zone="UTC", by=SETUP, at=cast.at)
        cast.on_shift(cast.ada, cast.ben, cast.lin)
        with site.kept_running():
            yield site, cast


def session(who) -> str:
    return signed_in(who).cookies[settings.SESSION_COOKIE_NAME].value


def end_sessions(database: str, chance: random.Random | None = None) -> None:
    """Cut the connections to a database, all of them or some."""
    with SERVER.admin() as admin:
        found = admin.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", [database]).fetchall()
        for (pid,) in found:
            if chance is None or chance.random() < 0.5:
                admin.execute("SELECT pg_terminate_backend(%s)", [pid])


def hurt(site: Site, victim: str, chance: random.Random) -> None:
    if victim in ROLES:
        site.kill(victim)
    elif victim == "sessions":
        end_sessions(site.database, chance)
    else:
        pid = SERVER.status().pid
        assert pid
        os.kill(pid, signal.SIGKILL)
        time.sleep(chance.uniform(0, 1))
        SERVER.ensure_running()


def torment(site: Site, cast: Cast, *, rounds: int) -> Crowd:
    """Let four people of each side work while one part after the other is killed."""
    seed = int(os.environ.get("CRASH_SEED") or random.SystemRandom().randrange(10**6))
    log.warning("CRASH_SEED=%s", seed)
    chance = random.Random(seed)
    asking = [cast.ravi, cast.oto, requester("Mara"), requester("Tomo")]
    crowd = Crowd(site.port)
    answering = (cast.ada, cast.ben, cast.lin, cast.ada)
    crowd.start(seed=seed, requesters=[session(one) for one in asking], agents=[session(one) for one in answering])
    connection.close()
    for _round in range(rounds):
        for victim in chance.sample(VICTIMS, len(VICTIMS)):
            had = len(crowd.sent)
            assert crowd.goes_on(had + 4), f"nobody can send, before {victim}: {site.said()}"
            time.sleep(chance.uniform(0, 0.7))
            log.warning("%s sent, %s retries; now %s", len(crowd.sent), crowd.retries, victim)
            hurt(site, victim, chance)
    had = len(crowd.sent)
    assert crowd.goes_on(had + 4), site.said()
    crowd.stop()
    log.warning("%s sent, %s retries", len(crowd.sent), crowd.retries)
    return crowd


def has_settled(site: Site) -> bool:
    # A job of a killed worker is run again once its silence has been noticed.
    queued = Delivery.objects.filter(state="queued")
    return site.caught_up() and wait_for(lambda: not queued.exists(), 120, pause=0.5) and site.caught_up()


def check(site: Site, crowd: Crowd) -> None:
    assert crowd.refused == []
    assert has_settled(site), site.said()
    # What was acknowledged is there, once, in its words; and nothing else is.
    written = Counter(Message.objects.filter(automatic=False).values_list("ticket_id", "body"))
    said = {(sent.ticket_id, sent.body) for sent in crowd.sent}
    assert said - set(written) == set(), "lost"
    assert {key for key, times in written.items() if times > 1} == set(), "twice"
    assert set(written) - said == set(), "written and never acknowledged, though everybody asked until they were"
    asked = {sent.token: sent.ticket_id for sent in crowd.sent if sent.kind == "ask"}
    assert dict(Ticket.objects.values_list("client_token", "id")) == asked
    assert not InboundEnvelope.objects.filter(message=None).exists()
    # Every fact in order, and heard once by everybody.
    assert list(order_problems()) == []
    assert list(ParkedStream.objects.values()) == []
    check_deliveries()
    check_clocks()
    told = site.verify()
    assert told["ok"], told


def check_deliveries() -> None:
    replies = Counter(event.payload["message_id"] for event in Event.objects.filter(kind="desk.reply_sent"))
    delivered = Counter(event.payload["message_id"] for event in Event.objects.filter(kind="channels.message_delivered"))
    assert set(replies.values()) == {1}
    assert Counter(Delivery.objects.values_list("message_id", flat=True)) == replies
    assert delivered == replies
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'delivery_id', count(*) FROM procrastinate_jobs WHERE task_name = 'channels.deliver' GROUP BY 1"
        )
        jobs = {int(delivery): times for delivery, times in cursor.fetchall()}
    assert jobs == dict.fromkeys(Delivery.objects.values_list("id", flat=True), 1)


def check_clocks() -> None:
    started = Counter(
        (event.payload["ticket_id"], event.payload["clock_kind"]) for event in Event.objects.filter(kind="sla.clock_started")
    )
    assert started == Counter(Clock.objects.values_list("ticket_id", "kind"))
    for ticket_id in Ticket.objects.values_list("id", flat=True):
        assert started[ticket_id, "first_response"] == 1
        assert started[ticket_id, "resolution"] == 1


def test_a_killed_process_or_server_loses_nothing_and_doubles_nothing(desk: tuple[Site, Cast]) -> None:
    site, cast = desk
    check(site, torment(site, cast, rounds=1))


@pytest.mark.long
def test_nor_do_many_of_them(desk: tuple[Site, Cast]) -> None:
    site, cast = desk
    check(site, torment(site, cast, rounds=8))
