"""Under concurrent writers no event is lost, repeated or heard out of order."""

import random
import threading
import time
from collections import defaultdict

import pytest
from django.db import DatabaseError, InterfaceError, connection, transaction

from steward.ledger.actions.following import Horizon, enroll, follow, settle
from steward.ledger.actions.recording import record
from steward.ledger.models import Event
from steward.ledger.queries import order_problems
from tests.ledger.conftest import AT, BY, Ticked, listen

NAMES = ("one", "two", "three")


class Deliberate(Exception):
    pass


def write(seed, count):
    chance = random.Random(seed)
    for n in range(count):
        try:
            with transaction.atomic():
                # Streams are locked in one order, as the actions lock tickets.
                for stream in sorted(chance.sample(range(12), chance.randint(1, 3))):
                    record(Ticked(tick_id=stream, n=n), by=BY, at=AT)
                    time.sleep(chance.choice([0, 0, 0.001, 0.01]))
                if chance.random() < 0.1:
                    raise Deliberate
        except Deliberate:
            pass
        except (DatabaseError, InterfaceError):
            connection.close()
    connection.close()


def run_followers(stop, seed):
    chance = random.Random(seed)
    horizon = Horizon()
    while not stop.is_set():
        try:
            upto = horizon.advance()
            for name in chance.sample(NAMES, len(NAMES)):
                follow(name, upto=upto, batch=chance.choice([1, 7, 50]))
        except (DatabaseError, InterfaceError):
            connection.close()
        time.sleep(0.002)
    connection.close()


def kill_somebody(stop, seed):
    chance = random.Random(seed)
    while not stop.wait(0.2):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
            pids = [pid for (pid,) in cursor.fetchall()]
            if pids:
                cursor.execute("SELECT pg_terminate_backend(%s)", [chance.choice(pids)])
    connection.close()


def run(*, writers, count, kills):
    for name in NAMES:
        listen(name)
    enroll()
    connection.close()
    stop = threading.Event()
    hands = [threading.Thread(target=write, args=(seed, count)) for seed in range(writers)]
    ears = [threading.Thread(target=run_followers, args=(stop, seed)) for seed in (100, 200)]
    ears += [threading.Thread(target=kill_somebody, args=(stop, 7))] * kills
    for thread in (*hands, *ears):
        thread.start()
    for thread in hands:
        thread.join()
    stop.set()
    for thread in ears:
        thread.join()
    settle()


def check(heard):
    written = {(event.stream, event.seq) for event in Event.objects.all()}
    assert written
    assert list(order_problems()) == []
    for name in NAMES:
        found = [(stream, seq) for _name, stream, seq in heard(name)]
        assert len(found) == len(set(found)), "repeated"
        assert set(found) == written, "lost"
        by_stream = defaultdict(list)
        for stream, seq in found:
            by_stream[stream].append(seq)
        assert all(seqs == sorted(seqs) for seqs in by_stream.values()), "inverted"


def test_concurrent_writers_and_followers_lose_repeat_and_invert_nothing(heard):
    run(writers=4, count=40, kills=0)
    check(heard)


@pytest.mark.long
def test_nor_do_they_while_connections_are_killed(heard):
    run(writers=8, count=400, kills=1)
    check(heard)
