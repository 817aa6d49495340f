"""Short ways to act in the stories of the desk, each ending with the ledger agreeing with the rows."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from steward.desk.models import Message, Question, Timer
from steward.desk.queries.access import QueueInSight
from steward.desk.queries.filtering.plan import plan
from steward.desk.queries.filtering.reader import reader
from steward.desk.queries.lists import counts, list_tickets
from steward.desk.queries.verification import problems
from steward.desk.rules.filters.reading import read_filter
from steward.desk.rules.views import BUILT_IN
from steward.ledger.actions.following import settle
from steward.ledger.models import Event
from tests.cast import NOW


@pytest.fixture(autouse=True)
def rows_are_as_the_ledger_says(request):
    used = {"cast", "fresh_cast"} & set(request.fixturenames)
    for name in used:
        request.getfixturevalue(name)
    yield
    if used:
        assert list(problems()) == []


def kinds(ticket):
    """Give the kinds of a ticket's facts in order, without the package."""
    return [event.kind.removeprefix("desk.") for event in Event.objects.filter(stream=f"ticket:{ticket.pk}").order_by("seq")]


def facts(ticket, fact):
    events = Event.objects.filter(stream=f"ticket:{ticket.pk}", kind=fact.kind).order_by("seq")
    return [event.fact for event in events]


def listing(text="", *, queues=(), user_id=None, at=NOW, order="newest", typing=False, **values):
    """Give a page of a filter, as somebody sees it who sees these queues."""
    return list_tickets(planned(text, queues=queues, user_id=user_id, at=at, typing=typing), order=order, **values)


def planned(text="", *, queues=(), user_id=None, at=NOW, zone="UTC", typing=False):
    sight = [QueueInSight(one.pk, one.name, str(one.purpose), one.restricted, one.is_active) for one in queues]
    return plan(read_filter(text, typing=typing).query, reader(sight, user_id=user_id, zone=zone, at=at))


def view_counts(*, queues, user_id=None):
    """Count the desk's own views."""
    plans = [(view.key, planned(view.text, queues=queues, user_id=user_id)) for view in BUILT_IN]
    return counts(plans, queue_ids=[queue.pk for queue in queues])


def question_of(ticket, kind="confirmation"):
    return Question.objects.filter(ticket=ticket, kind=kind).order_by("-id").first()


def waiting_timers(ticket):
    return sorted(Timer.objects.filter(ticket=ticket, done_at=None, cancelled_at=None).values_list("kind", flat=True))


def bodies(ticket):
    return list(Message.objects.filter(ticket=ticket).order_by("id").values_list("body", flat=True))


def at_once(*calls):
    """Run calls in threads that start together; give what each returned or raised."""
    barrier, results = Barrier(len(calls)), [None] * len(calls)

    def run(index, call):
        try:
            barrier.wait(10)
            results[index] = call()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


__all__ = ["at_once", "bodies", "facts", "kinds", "listing", "planned", "question_of", "settle", "view_counts", "waiting_timers"]
