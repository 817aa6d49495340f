from datetime import datetime, timedelta

import pytest

from steward.core.prepared import Prepared
from steward.desk.models import Message, Ticket
from tests.cast import Cast

MESSAGES = Prepared(
    lambda ticket_id: (
        Message.objects.filter(ticket_id=ticket_id).select_related("author_user", "requester", "question").order_by("id")
    ),
    ticket_id=int,
)
CHANGED = Prepared(
    lambda since, state: Ticket.objects.filter(updated_at__gte=since, state=state).select_related("queue__team").order_by("id")[:2],
    since=datetime,
    state=str,
)


def test_it_finds_what_the_queryset_finds_with_everything_joined(cast: Cast, assert_queries) -> None:
    first, second = cast.ticket(body="First"), cast.ticket(body="Second")
    for ticket in (first, second, first):
        plain = list(
            Message.objects.filter(ticket_id=ticket.pk).select_related("author_user", "requester", "question").order_by("id")
        )
        MESSAGES.all(ticket_id=ticket.pk)
        with assert_queries(1):
            found = MESSAGES.all(ticket_id=ticket.pk)
            assert [(one.pk, one.body, one.requester.name, one.author_user) for one in found] == [
                (one.pk, one.body, one.requester.name, one.author_user) for one in plain
            ]
            assert found[0]._state.db == "default"
            assert not found[0]._state.adding


def test_values_of_every_kind_are_bound_and_a_cut_stays(cast: Cast) -> None:
    tickets = [cast.ticket(body=f"Number {number}") for number in range(3)]
    found = CHANGED.all(since=cast.at - timedelta(days=1), state="new")
    assert [ticket.pk for ticket in found] == [ticket.pk for ticket in tickets[:2]]
    assert found[0].queue.team_id == tickets[0].queue.team_id
    assert CHANGED.all(since=cast.at + timedelta(days=400), state="new") == []
    assert CHANGED.first(since=cast.at - timedelta(days=1), state="closed") is None


def test_wrong_values_are_refused(cast: Cast) -> None:
    with pytest.raises(TypeError, match="expected"):
        MESSAGES.all(number=1)
    lost = Prepared(lambda ticket_id: Message.objects.filter(kind="note"), ticket_id=int)
    with pytest.raises(TypeError, match="does not stand"):
        lost.all(ticket_id=1)
