import threading

import pytest
from django.db import connections
from procrastinate.contrib.django.models import ProcrastinateJob

from steward.channels.actions.delivering import deliver, mark_seen, send_off
from steward.channels.models import Channel, Delivery
from steward.channels.queries import delivery_states, seen_upto
from steward.channels.queries.verification import problems
from steward.core import clock
from steward.core.errors import NotAllowed, NotFound
from steward.desk.actions.replies import add_note, reply
from steward.desk.models import Message
from steward.ledger.actions.following import settle
from steward.ledger.models import Event
from tests.channels.people import asker


def said(cast, ticket, body: str = "Which browser?") -> Message:
    return reply(ticket_id=ticket.pk, body=body, by=cast.actor(cast.ada), at=cast.later(seconds=1))


def kinds(ticket) -> list[str]:
    events = Event.objects.filter(stream=f"ticket:{ticket.pk}", kind__startswith="channels.")
    return list(events.order_by("seq").values_list("kind", flat=True))


def jobs(name: str = "channels.deliver") -> list[dict[str, int]]:
    return list(ProcrastinateJob.objects.filter(task_name=name).values_list("args", flat=True))


def test_what_the_desk_says_is_put_on_its_way_and_a_note_is_not(fresh_cast):
    fresh_cast.at = clock.now()
    ticket = fresh_cast.ticket()
    message = said(fresh_cast, ticket)
    add_note(ticket_id=ticket.pk, body="Internal", by=fresh_cast.actor(fresh_cast.ada), at=fresh_cast.at)
    settle()
    settle()
    delivery = Delivery.objects.get()
    assert (delivery.message, delivery.state, delivery.channel.kind) == (message, "queued", "portal")
    assert jobs() == [{"delivery_id": delivery.pk}]


def test_what_was_said_long_ago_and_recorded_now_is_not_delivered_again(fresh_cast):
    said(fresh_cast, fresh_cast.ticket())
    settle()
    assert not Delivery.objects.exists()


def test_a_message_is_delivered_once_however_often_its_job_runs(cast):
    ticket = cast.ticket()
    message = said(cast, ticket)
    delivery = send_off(message_id=message.pk, at=cast.at)
    assert send_off(message_id=message.pk, at=cast.at) is None
    assert deliver(delivery_id=delivery.pk, at=cast.later(seconds=1)) is True
    assert deliver(delivery_id=delivery.pk, at=cast.later(seconds=1)) is False
    assert kinds(ticket) == ["channels.message_delivered"]
    assert delivery_states(ticket.pk) == {message.pk: "sent"}
    assert list(problems()) == []


def test_two_workers_deliver_a_message_once(fresh_cast):
    ticket = fresh_cast.ticket()
    delivery = send_off(message_id=said(fresh_cast, ticket).pk, at=fresh_cast.at)
    results, gate = [], threading.Barrier(4)

    def work() -> None:
        gate.wait()
        try:
            results.append(deliver(delivery_id=delivery.pk, at=fresh_cast.at))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, False, False, True]
    assert kinds(ticket) == ["channels.message_delivered"]


def test_the_agents_side_knows_up_to_where_the_requester_has_seen(cast):
    ticket, ravi = cast.ticket(), asker(cast.ravi)
    first, second = said(cast, ticket), said(cast, ticket, "And which version?")
    assert seen_upto(ticket.pk) == 0
    assert mark_seen(ticket_id=ticket.pk, message_id=first.pk, by=ravi, at=cast.later(seconds=1)) == 1
    assert seen_upto(ticket.pk) == first.pk
    assert mark_seen(ticket_id=ticket.pk, message_id=second.pk, by=ravi, at=cast.at) == 1
    assert mark_seen(ticket_id=ticket.pk, message_id=second.pk, by=ravi, at=cast.at) == 0
    assert kinds(ticket) == ["channels.message_seen", "channels.message_seen"]
    assert list(problems()) == []


def test_what_was_seen_before_it_was_on_its_way_is_not_delivered_afterwards(cast):
    ticket = cast.ticket()
    message = said(cast, ticket)
    mark_seen(ticket_id=ticket.pk, message_id=message.pk, by=asker(cast.ravi), at=cast.at)
    assert send_off(message_id=message.pk, at=cast.at) is None
    assert not jobs()


def test_what_is_seen_while_its_job_waits_stays_seen(cast):
    ticket = cast.ticket()
    delivery = send_off(message_id=said(cast, ticket).pk, at=cast.at)
    mark_seen(ticket_id=ticket.pk, message_id=delivery.message_id, by=asker(cast.ravi), at=cast.at)
    assert deliver(delivery_id=delivery.pk, at=cast.at) is False
    delivery.refresh_from_db()
    assert delivery.state == "seen"


def test_a_requesters_own_words_and_notes_are_never_marked(cast):
    ticket = cast.ticket()
    note = add_note(ticket_id=ticket.pk, body="Internal", by=cast.actor(cast.ada), at=cast.at)
    assert mark_seen(ticket_id=ticket.pk, message_id=note.pk, by=asker(cast.ravi), at=cast.at) == 0
    assert not Delivery.objects.exists()


def test_only_the_requester_marks_as_seen(cast):
    ticket = cast.ticket()
    message = said(cast, ticket)
    for who in (asker(cast.oto), cast.actor(cast.ada)):
        with pytest.raises((NotFound, NotAllowed)):
            mark_seen(ticket_id=ticket.pk, message_id=message.pk, by=who, at=cast.at)


def test_the_check_finds_what_the_ledger_does_not_know(cast):
    ticket = cast.ticket()
    message = said(cast, ticket)
    channel = Channel.objects.create(kind="portal", name="Portal")
    row = {"ticket": ticket, "channel": channel, "created_at": cast.at, "sent_at": cast.at}
    Delivery.objects.create(message=message, state="sent", **row)
    Delivery.objects.create(message=said(cast, ticket), state="seen", seen_at=cast.at, **row)
    found = list(problems())
    assert len(found) == 2
    assert f"message {message.pk} is sent" in found[0]
    assert f"ticket #{ticket.pk}" in found[1]


def test_seeing_sending_and_delivering_at_once_end_alike(fresh_cast):
    ticket, ravi = fresh_cast.ticket(), asker(fresh_cast.ravi)
    messages = [said(fresh_cast, ticket, f"Answer {number}") for number in range(6)]
    failures, gate, at = [], threading.Barrier(6), fresh_cast.at

    def see() -> None:
        mark_seen(ticket_id=ticket.pk, message_id=messages[-1].pk, by=ravi, at=at)

    def carry() -> None:
        for message in messages:
            delivery = send_off(message_id=message.pk, at=at)
            if delivery is not None:
                deliver(delivery_id=delivery.pk, at=at)

    def work(step) -> None:
        gate.wait()
        try:
            step()
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=[step]) for step in (see, carry) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Delivery.objects.count() == len(messages)
    assert seen_upto(ticket.pk) == messages[-1].pk
    assert list(problems()) == []
