"""Saved views: for whom, in whose rail, what they ask for; and that the ledger can say so."""

import pytest
from django.db import connection

from steward.core.errors import Conflict, Invalid, NotAllowed, NotFound
from steward.desk.actions.replies import add_note
from steward.desk.actions.settings import change_queue
from steward.desk.actions.sharing import About
from steward.desk.actions.views import (
    Layout,
    change_view,
    create_view,
    lay_out_list,
    move_view,
    pin_view,
    put_away_view,
)
from steward.desk.models import SavedView, Ticket
from steward.desk.queries.counting import MOST, count_up_to
from steward.desk.queries.verification import problems
from steward.desk.queries.views import views_of
from steward.desk.rules.filters.reading import read_filter
from steward.desk.rules.filters.tree import Query, Word
from steward.desk.rules.views import DEFAULT_COLUMNS
from steward.ledger.models import Event
from tests.cast import SETUP
from tests.desk.conftest import at_once, planned


@pytest.fixture
def save(cast):
    def save(who=None, name="Urgent ones", text="priority:urgent is:working", order="due", **about):
        query = read_filter(text).query
        return create_view(
            about=About(name, **about), query=query, layout=Layout(order), by=cast.actor(who or cast.ada), at=cast.at
        )

    return save


def rail(cast, who):
    return [view.name for view in views_of(cast.actor(who)).rail]


def test_a_view_is_ones_own_until_it_is_shared(cast, save):
    save()
    save(cast.lin, "Team's", scope="team", team=cast.team)
    save(cast.lin, "All of us", scope="all")
    assert rail(cast, cast.ada) == ["Urgent ones", "All of us", "Team's"]
    assert rail(cast, cast.ben) == ["All of us", "Team's"]
    assert rail(cast, cast.eno) == ["All of us"]


def test_agents_share_nothing_and_leads_only_with_their_own_team(cast, save):
    from steward.people.actions import create_team

    other = create_team(name="Other", by=SETUP, at=cast.at)
    for who, about in (
        (cast.ada, {"scope": "all"}),
        (cast.ada, {"scope": "team", "team": cast.team}),
        (cast.lin, {"scope": "team", "team": other}),
    ):
        with pytest.raises(NotAllowed):
            save(who, **about)


def test_it_is_renamed_shared_put_away_and_used_again(cast, save):
    view, ada = save(), cast.actor(cast.ada)
    change_view(view_id=view.pk, about=About("Calm ones"), query=read_filter("priority:low").query, by=ada, at=cast.at)
    view.refresh_from_db()
    assert (view.name, view.text, view.order) == ("Calm ones", "priority:low", "due")
    put_away_view(view_id=view.pk, is_active=False, by=ada, at=cast.at)
    assert rail(cast, cast.ada) == []
    put_away_view(view_id=view.pk, is_active=True, by=ada, at=cast.at)
    assert rail(cast, cast.ada) == ["Calm ones"]
    kinds = list(Event.objects.filter(stream=f"view:{view.pk}").order_by("seq").values_list("kind", flat=True))
    assert kinds == ["desk.view_created", "desk.view_pinned", "desk.view_changed", "desk.view_changed", "desk.view_changed"]


def test_the_ledger_holds_no_words_of_a_private_view(cast, save):
    view = save(name="Secret name", text='from:"Ravi" grooming')
    change_view(
        view_id=view.pk, about=About("Other secret"), query=read_filter("hidden").query, by=cast.actor(cast.ada), at=cast.at
    )
    told = " ".join(str(event.payload) for event in Event.objects.filter(stream=f"view:{view.pk}"))
    for word in ("secret", "Secret", "Ravi", "grooming", "hidden"):
        assert word not in told
    assert "filter" in told


def test_somebody_elses_private_view_is_as_unknown_as_none(cast, save):
    view, ben = save(), cast.actor(cast.ben)
    values = {"view_id": view.pk, "by": ben, "at": cast.at}
    for act in (
        lambda: change_view(about=About("Mine now"), **values),
        lambda: put_away_view(is_active=False, **values),
        lambda: pin_view(is_pinned=True, **values),
        lambda: move_view(up=True, **values),
        lambda: lay_out_list(key=f"v{view.pk}", layout=Layout("due"), by=ben, at=cast.at),
    ):
        with pytest.raises(NotFound):
            act()
    shared = save(cast.lin, scope="all", name="All of us")
    with pytest.raises(NotAllowed):
        change_view(view_id=shared.pk, about=About("Mine now"), by=ben, at=cast.at)


def test_two_views_of_one_name_and_layouts_that_no_list_has_are_refused(cast, save):
    save()
    with pytest.raises(Conflict):
        save()
    save(cast.ben)
    for layout in (Layout("nonsense"), Layout("due", ("subject", "bogus")), Layout("due", ("state",)), Layout("due", (), "color")):
        with pytest.raises(Invalid):
            lay_out_list(key="mine", layout=layout, by=cast.actor(cast.ada), at=cast.at)
    with pytest.raises(NotFound):
        lay_out_list(key="nowhere", layout=Layout("due"), by=cast.actor(cast.ada), at=cast.at)
    long = Query(tuple(Word(f"word{number}" * 8) for number in range(39)))
    with pytest.raises(Invalid, match="too long"):
        create_view(about=About("Long"), query=long, layout=Layout(), by=cast.actor(cast.ada), at=cast.at)


def test_each_person_has_the_rail_in_an_order_of_their_own(cast, save):
    first, second = save(name="First"), save(name="Second")
    shared = save(cast.lin, "Shared", scope="all")
    ada = cast.actor(cast.ada)
    assert rail(cast, cast.ada) == ["First", "Second", "Shared"]
    move_view(view_id=shared.pk, up=True, by=ada, at=cast.at)
    move_view(view_id=first.pk, up=False, by=ada, at=cast.at)
    assert rail(cast, cast.ada) == ["Shared", "First", "Second"]
    move_view(view_id=second.pk, up=False, by=ada, at=cast.at)
    pin_view(view_id=shared.pk, is_pinned=False, by=ada, at=cast.at)
    pin_view(view_id=shared.pk, is_pinned=False, by=ada, at=cast.at)
    assert rail(cast, cast.ada) == ["First", "Second"]
    assert rail(cast, cast.lin) == ["Shared"]
    pin_view(view_id=shared.pk, is_pinned=True, by=ada, at=cast.at)
    assert rail(cast, cast.ada) == ["Shared", "First", "Second"]


def test_a_list_is_laid_out_for_oneself_without_touching_the_view(cast, save):
    shared = save(cast.lin, "Shared", scope="all")
    ada = cast.actor(cast.ada)
    for key in ("mine", f"v{shared.pk}"):
        lay_out_list(key=key, layout=Layout("priority", ("subject", "due"), "waiting"), by=ada, at=cast.at)
        own, others = views_of(ada).get(key), views_of(cast.actor(cast.lin)).get(key)
        assert (own.order, tuple(own.columns), own.grouping) == ("priority", ("subject", "due"), "waiting")
        assert (others.order, tuple(others.columns), others.grouping) == ("due", (), "")
    assert rail(cast, cast.ada) == ["Shared"]
    assert set(DEFAULT_COLUMNS) >= {"subject"}


def test_the_views_cost_one_query_however_many(cast, save, assert_queries):
    for number in range(5):
        save(name=f"View {number}")
    ada = cast.actor(cast.ada)
    with assert_queries(1):
        assert len(views_of(ada).rail) == 5


def test_a_view_on_what_is_gone_says_so_and_shows_what_is_left(cast, save):
    ticket = cast.ticket(priority=1)
    view = save(text=f"in:#{cast.restricted.pk} priority:urgent")
    SavedView.objects.filter(pk=view.pk).update(text=f"in:#{cast.restricted.pk} flavor:sweet priority:urgent")
    found = views_of(cast.actor(cast.ada)).get(f"v{view.pk}")
    made = planned(found.text, queues=[cast.support])
    assert found.query.texts == ()
    assert [term.operator for term in found.query.terms] == ["in", "flavor", "priority"]
    from steward.desk.queries.filtering.plan import plan
    from steward.desk.queries.lists import list_tickets

    told = plan(found.query, made.reader)
    assert [term.operator for term in told.left_out] == ["in", "flavor"]
    assert len(told.problems) == 2
    assert [row.id for row in list_tickets(told, order="newest").rows] == [ticket.pk]


def test_a_closed_queue_is_said_by_name(cast, save):
    from steward.desk.queries.filtering.naming import named

    change_queue(queue_id=cast.leads.pk, values={"is_active": False}, by=SETUP, at=cast.at)
    cast.leads.refresh_from_db()
    made = planned(f"in:#{cast.leads.pk}", queues=[cast.support, cast.leads])
    ((shown, said),) = named([made.query], made.reader)
    assert shown.terms[0].values[0].text == "Leads"
    assert "no longer in use" in said[0].message


def test_counting_stops_at_a_hundred_and_gives_up_in_time(cast, monkeypatch):
    from steward.desk.queries import counting

    for _number in range(3):
        cast.ticket("quagga here", priority=1)
    cast.ticket("quagga there")
    asked = {
        "words": planned("quagga", queues=[cast.support]),
        "urgent": planned("quagga priority:urgent", queues=[cast.support]),
        "all": planned("", queues=[cast.support]),
    }
    assert count_up_to(asked) == {"words": 4, "urgent": 3, "all": 4}
    add_note(ticket_id=Ticket.objects.latest("id").pk, body="Once", by=cast.actor(cast.ada), at=cast.at)
    for text, count in (("has:note", 1), ("-has:note", 3), ("has:note,due", 1), ("has:note -has:note", 0), ("has:attachment", 0)):
        assert count_up_to({"it": planned(text, queues=[cast.support])}) == {"it": count}, text
    assert count_up_to(asked, most=2) == {"words": 2, "urgent": 2, "all": 2}
    assert count_up_to({}) == {}
    assert MOST == 100
    monkeypatch.setattr(counting, "MILLISECONDS", 1)
    monkeypatch.setattr(
        counting, "_ONE", "SELECT %s, (SELECT count(*) FROM (SELECT pg_sleep(0.1) FROM {source} WHERE {asked} LIMIT %s) found)"
    )
    assert count_up_to(asked) == {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize(
    ("bend", "said"),
    [
        ("UPDATE desk_savedview SET is_active = false", "view {id}: is_active: row False, events True"),
        ("UPDATE desk_savedview SET columns = '{{subject}}'", "view {id}: columns: row subject"),
        ("UPDATE desk_viewchoice SET is_pinned = false", "view {id}: pinned by []"),
    ],
)
def test_a_view_bent_behind_the_ledgers_back_is_named(cast, save, bend, said):
    view = save()
    with connection.cursor() as cursor:
        cursor.execute(bend.replace("{{", "{").replace("}}", "}"))
    told = list(problems())
    assert any(line.startswith(said.format(id=view.pk)) for line in told), told
    with connection.cursor() as cursor:
        cursor.execute("UPDATE desk_savedview SET is_active = true, columns = '{}'")
        cursor.execute("UPDATE desk_viewchoice SET is_pinned = true")


def test_two_who_pin_and_move_at_once_end_with_one_order(fresh_cast):
    cast, ada = fresh_cast, fresh_cast.actor(fresh_cast.ada)
    made = [
        create_view(about=About(f"View {number}"), query=read_filter("is:open").query, layout=Layout(), by=ada, at=cast.at)
        for number in range(4)
    ]
    results = at_once(*[lambda pk=view.pk: move_view(view_id=pk, up=True, by=ada, at=cast.at) for view in made])
    assert [one for one in results if isinstance(one, Exception)] == []
    shown = views_of(ada).rail
    assert sorted(view.saved_id for view in shown) == sorted(view.pk for view in made)
    assert [view.position for view in shown] == [1, 2, 3, 4]
