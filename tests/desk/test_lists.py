"""Lists: each row once whichever way one pages, as the ORM would say, in bounded steps, in a fixed number of queries."""

from datetime import timedelta
from itertools import combinations

import pytest
from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.changing import add_tag, change_ticket, remove_tag, set_due
from steward.desk.actions.following_up import add_follow_up
from steward.desk.actions.lifecycle import change_status, solve_ticket
from steward.desk.actions.replies import add_note, reply
from steward.desk.actions.settings import create_category
from steward.desk.actions.timing import fold_counts
from steward.desk.models import Tag, Ticket, TicketCount, TicketTag
from steward.desk.models.ticket import FAR_FUTURE
from steward.desk.queries import walking
from steward.desk.queries.orders import ORDERS
from steward.desk.queries.timeline import messages_of, timeline
from steward.desk.queries.walking import find
from steward.desk.rules.states import WORKING, State
from steward.desk.rules.views import BUILT_IN
from tests.cast import SETUP
from tests.desk.conftest import listing, planned, view_counts

SHARED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
DUE = Coalesce("due_at", FAR_FUTURE)
BY_ORM = {
    "due": (DUE, F("id")),
    "priority": (F("priority"), DUE, F("id")),
    "waiting": (F("last_message_at"), F("id")),
    "updated": (F("updated_at").desc(), F("id").desc()),
    "newest": (F("created_at").desc(), F("id").desc()),
}
WORKED = Q(state__in=[state.value for state in WORKING])


@pytest.fixture
def many(cast):
    """Give thirty tickets in many states, queues and hands, several of them alike in what lists sort by."""
    lin, moves = cast.actor(cast.lin), [None, State.PENDING, State.ON_HOLD, State.SOLVED, State.CLOSED]
    parent = create_category(values={"name": "Access"}, by=SETUP, at=cast.at)
    child = create_category(values={"name": "Sign-in", "parent": parent}, by=SETUP, at=cast.at)
    for number in range(30):
        if number % 3 == 0:
            cast.later(minutes=1)
        ticket = cast.ticket(
            f"Report {'alpha' if number % 4 else 'beta'} number {number}",
            queue=[cast.support, cast.restricted][number % 4 == 3],
            priority=number % 4 + 1,
            category=[None, parent, child][number % 3],
            requester=[cast.ravi, cast.oto][number % 7 == 0],
        )
        if number % 5:
            assign_ticket(ticket_id=ticket.pk, to=cast.lin, by=lin, at=cast.at)
        if moves[number % 5]:
            change_status(ticket_id=ticket.pk, state=moves[number % 5], reason="vendor", by=lin, at=cast.at)
        if number % 2:
            set_due(ticket_id=ticket.pk, due_at=cast.at + timedelta(hours=number % 3))
        if number % 6 == 0:
            add_tag(ticket_id=ticket.pk, name="outage", by=lin, at=cast.at)
        if number % 8 == 0:
            add_note(ticket_id=ticket.pk, body="gamma", by=lin, at=cast.at)
        if number % 9 == 0:
            add_follow_up(ticket_id=ticket.pk, owner=cast.lin, what="x", due_at=cast.at + timedelta(days=1), by=lin, at=cast.at)
    return cast


def asked(cast):
    """Give what can be typed, with the same as the ORM says it."""
    tagged, noted = TicketTag.objects.filter(tag__name="outage").values("ticket"), Q(message__kind="note")
    unanswered = Q(last_requester_message_at__gte=F("last_message_at"))
    return {
        "is:open": Q(state="open"),
        "is:new,pending": Q(state__in=["new", "pending"]),
        "-is:closed": ~Q(state="closed"),
        "is:working": WORKED,
        "is:waiting": Q(state__in=["pending", "on_hold"]),
        "is:mine": Q(assignee=cast.lin),
        "assignee:lin": Q(assignee=cast.lin),
        "-assignee:me": Q(assignee=None) | ~Q(assignee=cast.lin),
        "is:unassigned": Q(assignee=None),
        "is:restricted": Q(queue=cast.restricted),
        "in:support": Q(queue=cast.support),
        f"in:#{cast.restricted.pk}": Q(queue=cast.restricted),
        "from:oto": Q(requester=cast.oto),
        f"from:{cast.ravi.email}": Q(requester=cast.ravi),
        "from:oto,ravi": Q(requester__in=[cast.oto, cast.ravi]),
        "priority:urgent,low": Q(priority__in=[1, 4]),
        "tag:OUTAGE": Q(pk__in=tagged),
        "-tag:outage": ~Q(pk__in=tagged),
        "tag:none": ~Q(pk__in=TicketTag.objects.values("ticket")),
        "category:access": Q(category__name__in=["Access", "Sign-in"]),
        'category:"access / sign-in"': Q(category__name="Sign-in"),
        "category:none": Q(category=None),
        "waiting:vendor": Q(waiting_reason="vendor", state="on_hold"),
        "waiting:us": Q(state__in=["new", "open"]),
        "waiting:me": Q(state__in=["new", "open"], assignee=cast.lin) & unanswered,
        "is:unanswered": WORKED & unanswered,
        "is:overdue": WORKED & Q(due_at__lt=cast.at),
        "is:breached-soon": WORKED & Q(due_at__gte=cast.at, due_at__lt=cast.at + timedelta(hours=1)),
        "has:note": Q(pk__in=Ticket.objects.filter(noted).values("pk")),
        "has:follow-up": Q(pk__in=Ticket.objects.filter(followup__done_at=None, followup__isnull=False).values("pk")),
        "-has:due": Q(due_at=None),
        "market:in": Q(requester__market="IN"),
        "lang:en": Q(language="en"),
        "channel:portal": Q(channel="portal"),
        "channel:chat": Q(pk__in=[]),
        "after:today": Q(created_at__gte=cast.at.replace(hour=0, minute=0)),
        "before:5min": Q(created_at__lt=cast.at - timedelta(minutes=5)),
        "updated-after:4min": Q(updated_at__gte=cast.at - timedelta(minutes=4)),
        "due-on:today": Q(due_at__date=cast.at.date()),
        "beta": Q(subject__contains="beta"),
        "-beta": ~Q(subject__contains="beta"),
        "gamm*": Q(pk__in=Ticket.objects.filter(message__body="gamma").values("pk")),
        '"alpha number 1"': Q(subject__regex=r"alpha number 1\y"),
        '-"report alpha"': ~Q(subject__contains="Report alpha"),
        f"#{Ticket.objects.earliest('id').pk} #{Ticket.objects.latest('id').pk}": Q(
            pk__in=[Ticket.objects.earliest("id").pk, Ticket.objects.latest("id").pk]
        ),
    }


def walk(text, queues, cast, order, rows):
    """Page to the end and back; give both walks."""
    values = {"queues": queues, "user_id": cast.lin.pk, "at": cast.at, "order": order, "most": rows}
    there, page, pages = [], "", 0
    while True:
        found = listing(text, page=page, **values)
        there += [row.id for row in found.rows]
        pages += 1
        assert pages < 100
        if found.older is None:
            break
        page = found.older
    back = [row.id for row in found.rows]
    while found.newer is not None:
        found = listing(text, page=found.newer, **values)
        if not found.rows:
            break
        back = [row.id for row in found.rows] + back
    return there, back


def oracle(wanted, queues, order):
    tickets = Ticket.objects.filter(wanted, queue__in=queues)
    if ORDERS[order].is_of_the_worked:
        tickets = tickets.filter(WORKED)
    return list(tickets.order_by(*BY_ORM[order]).values_list("id", flat=True))


@pytest.fixture(params=["all at once", "small windows", "nothing gathered"])
def steps(request, monkeypatch):
    """Find in one window, in many small ones with gathering, and in small ones without."""
    if request.param != "all at once":
        monkeypatch.setattr(walking, "FIRST_WINDOW", 4)
        monkeypatch.setattr(walking, "_FAR_ENOUGH", 0.5)
    if request.param == "nothing gathered":
        monkeypatch.setattr(walking, "MOST_GATHERED", 0)
    return request.param


def test_every_operator_finds_what_the_orm_finds_in_every_order(many, steps):
    for text, wanted in asked(many).items():
        for order in ORDERS:
            expected = oracle(wanted, [many.support, many.restricted], order)
            there, back = walk(text, [many.support, many.restricted], many, order, 7)
            assert there == expected, (text, order)
            assert back == expected, (text, order)


def test_operators_together_find_what_is_all_of_them(many, steps):
    told = asked(many)
    for (one, first), (other, second) in list(combinations(told.items(), 2))[:: 7 if steps == "all at once" else 23]:
        there, _back = walk(f"{one} {other}", [many.support, many.restricted], many, "newest", 11)
        assert there == oracle(first & second, [many.support, many.restricted], "newest"), (one, other)


@SHARED
@given(data=st.data())
def test_paging_sees_every_row_once_for_whatever_is_seen_and_asked(many, data):
    told = asked(many)
    visible = [many.support, many.restricted][: data.draw(st.integers(0, 2))]
    # A queue out of sight is no value of the language: it is said beside the box and left out, and finds what the rest finds.
    known = [text for text in sorted(told) if many.restricted in visible or not text.startswith(("in:", "-in:"))]
    texts = data.draw(st.lists(st.sampled_from(known), max_size=2, unique=True))
    order = data.draw(st.sampled_from(sorted(ORDERS)))
    wanted = Q()
    for text in texts:
        # A queue that is out of sight is as unknown as one that nobody made: left out, and said.
        wanted &= Q() if text == f"in:#{many.restricted.pk}" and many.restricted not in visible else told[text]
    there, back = walk(" ".join(texts), visible, many, order, data.draw(st.integers(1, 9)))
    assert there == back == oracle(wanted, visible, order)


def test_a_page_whose_forerunners_went_away_falls_back_on_the_first(many):
    values = {"queues": [many.support], "most": 2}
    second = listing("is:new,open", **values)
    page = listing("is:new,open", page=second.older, **values)
    for row in second.rows:
        solve_ticket(ticket_id=row.id, by=many.actor(many.lin), at=many.at)
    back = listing("is:new,open", page=page.newer, **values)
    assert [row.id for row in back.rows] == [row.id for row in page.rows]


@pytest.mark.parametrize("who", ["lin", "ada"])
def test_the_count_beside_a_view_is_what_it_opens(many, who):
    user = getattr(many, who)
    visible = [many.support, many.restricted] if who == "lin" else [many.support]
    for _folded in range(2):
        told = view_counts(queues=visible, user_id=user.pk)
        for view in BUILT_IN:
            found = listing(view.text, queues=visible, user_id=user.pk, order="newest")
            assert told.views[view.key] == len(found.rows) == found.counted, view.key
            assert found.is_counted_out
        for queue in visible:
            assert told.queues[queue.pk] == len(listing("is:working", queues=[queue]).rows)
        rows = TicketCount.objects.count()
        fold_counts()
        assert TicketCount.objects.count() < rows or _folded


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_a_page_a_count_and_a_timeline_cost_the_same_whatever_they_show(many, assert_queries, rows):
    with assert_queries(2):
        listing("", queues=[many.support], most=rows)
    with assert_queries(1):
        view_counts(queues=[many.support])
    ticket = many.ticket()
    for number in range(rows):
        reply(ticket_id=ticket.pk, body=str(number), by=many.actor(many.lin), at=many.at)
    with assert_queries(4):
        told = timeline(ticket)
    assert len([entry for entry in told if entry.message]) == rows + 1
    with assert_queries(2):
        messages_of(ticket, with_notes=False)


def test_what_no_index_serves_stops_and_goes_on_where_it_stopped(many, monkeypatch):
    monkeypatch.setattr(walking, "FIRST_WINDOW", 4)
    monkeypatch.setattr(walking, "_sources", lambda _walk: [])
    seen, page, looked = [], "", []
    for _page in range(40):
        found = find(
            planned("market:in has:note", queues=[many.support, many.restricted], at=many.at),
            "newest",
            page=page,
            most=50,
            seconds=0,
        )
        seen += found.ids
        if found.older is None:
            break
        looked.append(found.looked_at)
        page = found.older
    assert looked
    assert all(number == 4 for number in looked)
    expected = oracle(asked(many)["market:in"] & asked(many)["has:note"], [many.support, many.restricted], "newest")
    assert seen == expected
    assert len(expected) > 1


def test_rare_hits_are_gathered_from_the_index_without_walking_the_list(many, monkeypatch, assert_queries):
    monkeypatch.setattr(walking, "FIRST_WINDOW", 4)
    made = planned("tag:outage is:closed", queues=[many.support, many.restricted])
    with assert_queries(2):  # one window, one gathering; no rows of tickets yet
        found = find(made, "newest", most=50)
    assert found.is_counted_out
    assert (
        found.counted
        == len(found.ids)
        == len(oracle(asked(many)["tag:OUTAGE"] & Q(state="closed"), [many.support, many.restricted], "newest"))
    )


def fill(cast, count=20_000):
    ticket = cast.ticket()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO desk_ticket (subject, requester_id, queue_id, status_id, state, waiting_reason, priority, channel, language, source,
                                     external_id, client_token, created_at, updated_at, due_at, last_message_at, outcome, closed_at, assignee_id, harm)
            SELECT 'x', requester_id, queue_id, s.id, s.state, '', 3, 'portal', '', '', '', '', t.created_at + n * interval '1 second',
                   t.created_at + n * interval '1 second', CASE WHEN n %% 2 = 0 THEN t.created_at + n * interval '1 minute' END, t.created_at,
                   CASE WHEN s.state = 'closed' THEN 'other' ELSE '' END, CASE WHEN s.state = 'closed' THEN t.created_at END,
                   CASE WHEN n %% 3 = 0 AND s.state <> 'new' THEN %s END, ''
              FROM desk_ticket t, generate_series(1, %s) n
              JOIN desk_status s ON s.is_default AND s.state = CASE WHEN n %% 10 = 0 THEN 'open' WHEN n %% 10 = 1 THEN 'new' ELSE 'closed' END
             WHERE t.id = %s
            """,
            [cast.ada.pk, count, ticket.pk],
        )
        cursor.execute("ANALYZE")
    return ticket


def plans(monkeypatch):
    """Gather how the database goes about each statement of a list."""
    told = []
    plain = walking.rows

    def explained(sql, values=()):
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {sql}", values)
            told.append("\n".join(row[0] for row in cursor.fetchall()))
        return plain(sql, values)

    monkeypatch.setattr(walking, "rows", explained)
    return told


def test_every_order_of_the_views_is_read_from_an_index_end_to_end(fresh_cast, monkeypatch):
    # In a database of its own: twenty thousand rows, taken back or not, would lie in the way of all tests after it.
    cast, told = fresh_cast, plans(monkeypatch)
    with transaction.atomic():
        fill(cast)
        for view in BUILT_IN:
            if view.key in {"pending", "on_hold", "solved", "snoozed"}:  # nearly empty here: sorting three rows is right
                continue
            for order in (
                ORDERS if planned(view.text, queues=[cast.support], user_id=cast.ada.pk).is_worked else ["updated", "newest"]
            ):
                told.clear()
                found = listing(view.text, queues=[cast.support, cast.leads], user_id=cast.ada.pk, order=order)
                assert len(found.rows) == 50
                window = told[0]
                assert "Seq Scan on desk_ticket" not in window, (view.key, order, window)
                assert window.count("Sort Key") <= 2, (view.key, order, window)  # of the hits and of the last row, not of the table
        transaction.set_rollback(True)


def test_a_row_says_whether_it_waits_for_us(cast):
    ticket = cast.ticket()

    def waits():
        return listing(queues=[cast.support]).rows[0].awaits_reply

    assert waits() is True
    add_note(ticket_id=ticket.pk, body="hm", by=cast.actor(cast.ada), at=cast.later(minutes=1))
    assert waits() is True
    reply(ticket_id=ticket.pk, body="hi", by=cast.actor(cast.ada), at=cast.later(minutes=1))
    assert waits() is False


def test_what_a_filter_names_and_nobody_knows_is_left_out_and_said(cast):
    ticket = cast.ticket()
    for text in (
        "in:Nowhere",
        "in:#99999",
        "tag:unheard",
        "category:none-such",
        "from:nobody@x.example",
        "assignee:Zed",
        'in:"Child safety"',
    ):
        made = planned(text, queues=[cast.support])
        assert len(made.problems) == len(made.left_out) == 1, text
        assert "left out" in made.problems[0].message
        assert [row.id for row in listing(text, queues=[cast.support]).rows] == [ticket.pk]
    mixed = planned("in:Nowhere,Support", queues=[cast.support, cast.leads])
    assert len(mixed.problems) == 1
    assert mixed.left_out == ()


def test_the_index_follows_every_change_in_the_same_transaction(cast):
    ticket, ada = cast.ticket(), cast.actor(cast.ada)
    values = {"ticket_id": ticket.pk, "by": ada, "at": cast.at}

    def marks():
        with connection.cursor() as cursor:
            cursor.execute("SELECT marks, tsvector_to_array(document) FROM desk_ticketsearch WHERE ticket_id = %s", [ticket.pk])
            kept, document = cursor.fetchone()
        assert set(kept) == {word for word in document if "/" in word}
        return set(kept)

    assert {f"q/{cast.support.pk}", "s/new", "a/0", "p/3", "c/0", f"r/{cast.ravi.pk}", "v/portal", "l/en"} <= marks()
    tag = add_tag(name="Outage", **values)
    assert f"t/{tag.pk}" in marks()
    change_ticket(changes={"priority": (3, 1)}, **values)
    assign_ticket(to=cast.ada, **values)
    change_status(state=State.ON_HOLD, reason="vendor", **values)
    assert {"p/1", f"a/{cast.ada.pk}", "s/on_hold", "w/vendor", f"t/{tag.pk}"} <= marks()
    remove_tag(tag_id=tag.pk, **values)
    assert f"t/{tag.pk}" not in marks()
    assert Tag.objects.count() == 1
