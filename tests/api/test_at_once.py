"""Programs at the same moment: nothing twice, nothing lost."""

import threading

from django.db import connection, transaction

from steward.desk.models import Message, Ticket
from tests.api.conftest import program_of
from tests.desk.conftest import at_once


def test_the_same_request_sent_four_times_at_once_is_done_once(fresh_cast):
    ada, ticket = program_of(fresh_cast.ada), fresh_cast.ticket()
    send = lambda: ada.post(f"/tickets/{ticket.pk}/notes", {"body": "once"}, Idempotency_Key="k")
    answers = at_once(send, send, send, send)
    assert Message.objects.filter(body="once").count() == 1
    told = {(one.status_code, one.json().get("code", "")) for one in answers}
    assert told <= {(201, ""), (409, "under_way")}
    assert (201, "") in told


def test_while_the_first_is_under_way_the_second_is_told_so(fresh_cast):
    ada, ticket = program_of(fresh_cast.ada), fresh_cast.ticket()
    answers = []

    def first():
        # It waits for the ticket, which somebody holds.
        answers.append(ada.post(f"/tickets/{ticket.pk}/notes", {"body": "slow"}, Idempotency_Key="k"))
        connection.close()

    with transaction.atomic():
        Ticket.objects.select_for_update().get(pk=ticket.pk)
        waits = threading.Thread(target=first)
        waits.start()
        waits_for_the_ticket()
        second = ada.post(f"/tickets/{ticket.pk}/notes", {"body": "slow"}, Idempotency_Key="k")
        assert (second.status_code, second.json()["code"]) == (409, "under_way")
        assert second["Retry-After"] == "1"
    waits.join(timeout=20)
    assert [one.status_code for one in answers] == [201]
    again = ada.post(f"/tickets/{ticket.pk}/notes", {"body": "slow"}, Idempotency_Key="k")
    assert (again.status_code, again.content) == (201, answers[0].content)


def waits_for_the_ticket():
    """Wait until another connection stands still before a row."""
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.01)")
    raise AssertionError("nobody waits")


def test_of_two_changes_from_one_version_one_is_refused(fresh_cast):
    ada, ticket = program_of(fresh_cast.ada), fresh_cast.ticket()
    version = ada.get(f"/tickets/{ticket.pk}")["ETag"]
    change = lambda priority: lambda: ada("PATCH", f"/tickets/{ticket.pk}", {"priority": priority}, If_Match=version)
    statuses = sorted(one.status_code for one in at_once(change(1), change(2), change(4)))
    assert statuses == [200, 412, 412]
