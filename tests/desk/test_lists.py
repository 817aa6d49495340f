"""Lists: each row once whichever way one pages, as the ORM would say, by index, in a fixed number of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Coalesce
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.changing import add_tag, set_due
from steward.desk.actions.lifecycle import change_status, solve_ticket
from steward.desk.actions.timing import fold_counts
from steward.desk.models import Ticket, TicketCount
from steward.desk.models.ticket import FAR_FUTURE
from steward.desk.queries.lists import VIEWS, TicketFilter, counts, from_query, list_tickets, to_query
from steward.desk.queries.timeline import messages_of, timeline
from steward.desk.rules.states import State

SHARED = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
BY_ORM = {
    "due": (Coalesce("due_at", FAR_FUTURE), F("id")),
    "updated": (F("updated_at").desc(), F("id").desc()),
    "newest": (F("id").desc(),),
}


@pytest.fixture
def many(cast):
    """Give thirty tickets in many states, queues and hands, several of them alike in what lists sort by."""
    lin, moves = cast.actor(cast.lin), [None, State.PENDING, State.ON_HOLD, State.SOLVED, State.CLOSED]
    for number in range(30):
        if number % 3 == 0:
            cast.later(minutes=1)
        ticket = cast.ticket(queue=[cast.support, cast.restricted][number % 4 == 3], priority=number % 4 + 1)
        if number % 5:
            assign_ticket(ticket_id=ticket.pk, to=cast.lin, by=lin, at=cast.at)
        if moves[number % 5]:
            change_status(ticket_id=ticket.pk, state=moves[number % 5], reason="vendor", by=lin, at=cast.at)
        if number % 2:
            set_due(ticket_id=ticket.pk, due_at=cast.at + timedelta(hours=number % 3))
        if number % 6 == 0:
            add_tag(ticket_id=ticket.pk, name="outage", by=lin, at=cast.at)
    return cast


def walk(wanted, queue_ids, user_id, rows):
    """Page to the end and back; give both walks."""
    there, back, page = [], [], ""
    while True:
        found = list_tickets(wanted, queue_ids=queue_ids, user_id=user_id, page=page, rows=rows)
        there += [row.id for row in found.rows]
        if found.older is None:
            break
        page = found.older
    back = [row.id for row in found.rows]
    while found.newer is not None:
        found = list_tickets(wanted, queue_ids=queue_ids, user_id=user_id, page=found.newer, rows=rows)
        back = [row.id for row in found.rows] + back
    return there, back


def oracle(wanted, queue_ids, user_id):
    tickets = Ticket.objects.filter(queue_id__in=queue_ids)
    if wanted.states:
        tickets = tickets.filter(state__in=wanted.states)
    if wanted.assignee:
        tickets = tickets.filter(assignee_id={"none": None, "me": user_id}.get(wanted.assignee, wanted.assignee))
    for name in ("queue_id", "priority", "requester_id", "category_id"):
        if getattr(wanted, name) is not None:
            tickets = tickets.filter(**{name: getattr(wanted, name)})
    if wanted.tag_id is not None:
        tickets = tickets.filter(pk__in=[row.ticket_id for row in _tagged(wanted.tag_id)])
    return list(tickets.order_by(*BY_ORM[wanted.order]).values_list("id", flat=True))


def _tagged(tag_id):
    from steward.desk.models import TicketTag

    return TicketTag.objects.filter(tag_id=tag_id)


@SHARED
@given(data=st.data())
def test_paging_sees_every_row_once_in_the_order_the_orm_gives(many, data):
    from steward.desk.models import Tag

    visible = [many.support.pk, many.restricted.pk][: data.draw(st.integers(0, 2))]
    wanted = TicketFilter(
        states=data.draw(st.lists(st.sampled_from([state.value for state in State]), unique=True).map(tuple)),
        assignee=data.draw(st.sampled_from(["", "me", "none", str(many.ada.pk)])),
        queue_id=data.draw(st.sampled_from([None, None, many.support.pk, many.restricted.pk])),
        priority=data.draw(st.sampled_from([None, None, 1, 3])),
        tag_id=data.draw(st.sampled_from([None, None, Tag.objects.get().pk])),
        requester_id=data.draw(st.sampled_from([None, None, many.ravi.pk, many.oto.pk])),
        order=data.draw(st.sampled_from(list(BY_ORM))),
    )
    expected = oracle(wanted, visible, many.lin.pk)
    there, back = walk(wanted, visible, many.lin.pk, data.draw(st.integers(1, 9)))
    assert there == expected
    assert back == expected or (not expected and back == [])


def test_a_page_whose_forerunners_went_away_falls_back_on_the_first(many):
    wanted, ids = TicketFilter(states=("new", "open"), order="newest"), [many.support.pk]
    second = list_tickets(wanted, queue_ids=ids, user_id=None, rows=2)
    page = list_tickets(wanted, queue_ids=ids, user_id=None, rows=2, page=second.older)
    for row in second.rows:
        solve_ticket(ticket_id=row.id, by=many.actor(many.lin), at=many.at)
    back = list_tickets(wanted, queue_ids=ids, user_id=None, rows=2, page=page.newer)
    assert [row.id for row in back.rows] == [row.id for row in page.rows]


@pytest.mark.parametrize("who", ["lin", "ada"])
def test_the_count_beside_a_view_is_what_it_opens(many, who):
    user = getattr(many, who)
    visible = [many.support.pk, many.restricted.pk] if who == "lin" else [many.support.pk]
    for _folded in range(2):
        told = counts(queue_ids=visible, user_id=user.pk)
        for view in VIEWS:
            there, _back = walk(view.filter, visible, user.pk, 50)
            assert told.views[view.key] == len(there), view.key
        for queue_id, count in told.queues.items():
            working = TicketFilter(queue_id=queue_id, states=("new", "open", "pending", "on_hold"))
            assert count == len(walk(working, visible, user.pk, 50)[0])
        rows = TicketCount.objects.count()
        fold_counts()
        assert TicketCount.objects.count() < rows or _folded


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_a_page_a_count_and_a_timeline_cost_the_same_whatever_they_show(many, assert_queries, rows):
    with assert_queries(1):
        list_tickets(TicketFilter(), queue_ids=[many.support.pk], user_id=None, rows=rows)
    with assert_queries(1):
        counts(queue_ids=[many.support.pk], user_id=None)
    ticket = many.ticket()
    from steward.desk.actions.replies import reply

    for number in range(rows):
        reply(ticket_id=ticket.pk, body=str(number), by=many.actor(many.lin), at=many.at)
    with assert_queries(4):
        told = timeline(ticket)
    assert len([entry for entry in told if entry.message]) == rows + 1
    with assert_queries(2):
        messages_of(ticket, with_notes=False)


def plan(wanted, queue_ids, user_id=None):
    from steward.desk.queries import lists

    order = lists._Orders.BY[wanted.order]
    parts, values = lists._where(wanted, queue_ids=queue_ids, user_id=user_id)
    with connection.cursor() as cursor:
        cursor.execute(
            f"EXPLAIN {lists._SELECT} WHERE {' AND '.join(parts)} ORDER BY {order.sql(backwards=False)} LIMIT 51", values
        )
        return "\n".join(row[0] for row in cursor.fetchall())


def test_the_views_are_read_from_an_index_end_to_end(cast):
    ticket = cast.ticket()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO desk_ticket (subject, requester_id, queue_id, status_id, state, waiting_reason, priority, channel, language, source,
                                     external_id, client_token, created_at, updated_at, due_at, last_message_at, outcome, closed_at, assignee_id)
            SELECT 'x', requester_id, queue_id, s.id, s.state, '', 3, 'portal', '', '', '', '', t.created_at,
                   t.created_at + n * interval '1 second', CASE WHEN n %% 2 = 0 THEN t.created_at + n * interval '1 minute' END, t.created_at,
                   CASE WHEN s.state = 'closed' THEN 'other' ELSE '' END, CASE WHEN s.state = 'closed' THEN t.created_at END,
                   CASE WHEN n %% 3 = 0 AND s.state <> 'new' THEN %s END
              FROM desk_ticket t, generate_series(1, 20000) n
              JOIN desk_status s ON s.is_default AND s.state = CASE WHEN n %% 10 = 0 THEN 'open' WHEN n %% 10 = 1 THEN 'new' ELSE 'closed' END
             WHERE t.id = %s
            """,
            [cast.ada.pk, ticket.pk],
        )
        cursor.execute("ANALYZE")
    try:
        for view in VIEWS:
            if view.key in {"pending", "on_hold", "solved", "snoozed"}:  # nearly empty here: sorting three rows is right
                continue
            told = plan(view.filter, [cast.support.pk, cast.leads.pk], cast.ada.pk)
            assert "Seq Scan on desk_ticket" not in told, (view.key, told)
            assert "Sort" not in told.replace("Incremental Sort", "Sort") or view.key == "unassigned", (view.key, told)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM desk_ticket WHERE id <> %s", [ticket.pk])


@given(
    st.builds(
        TicketFilter,
        states=st.lists(st.sampled_from([state.value for state in State]), unique=True).map(tuple),
        assignee=st.sampled_from(["", "me", "none", "12"]),
        queue_id=st.none() | st.integers(0, 10**17 - 1),
        priority=st.none() | st.integers(1, 4),
        order=st.sampled_from(list(BY_ORM)),
    )
)
def test_a_filter_survives_its_address(wanted):
    assert from_query(to_query(wanted)) == wanted


@given(
    st.dictionaries(
        st.sampled_from(["states", "assignee", "queue_id", "category_id", "priority", "tag_id", "requester_id", "order", "x"]),
        st.text(),
    )
)
def test_a_made_up_address_is_read_as_far_as_it_makes_sense(query):
    wanted = from_query(query)
    assert wanted.order in BY_ORM
    assert from_query(to_query(wanted)) == wanted


def test_a_row_says_whether_it_waits_for_us(cast):
    from steward.desk.actions.replies import add_note, reply

    ticket = cast.ticket()

    def waits():
        return list_tickets(TicketFilter(order="newest"), queue_ids=[cast.support.pk], user_id=None).rows[0].awaits_reply

    assert waits() is True
    add_note(ticket_id=ticket.pk, body="hm", by=cast.actor(cast.ada), at=cast.later(minutes=1))
    assert waits() is True
    reply(ticket_id=ticket.pk, body="hi", by=cast.actor(cast.ada), at=cast.later(minutes=1))
    assert waits() is False
