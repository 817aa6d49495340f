"""Custom fields on tickets: where they apply, who fills them, what the ledger keeps, and what must be filled before solving."""

from itertools import count

import pytest
from django.db import connection

from steward.core.errors import Conflict, Invalid, NotAllowed, NotFound
from steward.desk.actions.changing import transfer_ticket
from steward.desk.actions.field_settings import add_options, change_field, change_option, create_field
from steward.desk.actions.field_values import FieldsMissing, fill_fields, set_field
from steward.desk.actions.importing import ImportedRow, import_tickets
from steward.desk.actions.intake import receive_message
from steward.desk.actions.lifecycle import change_status, solve_ticket
from steward.desk.actions.replies import reply
from steward.desk.actions.settings import create_category
from steward.desk.facts.ticket import FieldChanged
from steward.desk.models import Category, CustomField, Message, Ticket, TicketFields
from steward.desk.queries.access import queues_in_sight
from steward.desk.queries.custom_fields import fields_of, form_of
from steward.desk.queries.filtering.plan import plan
from steward.desk.queries.filtering.reader import reader
from steward.desk.queries.lists import list_tickets
from steward.desk.queries.search import search_tickets
from steward.desk.queries.verification import problems
from steward.desk.rules.filters.reading import read_filter
from steward.desk.rules.states import State
from steward.ledger.models import Event
from tests.cast import SETUP, Cast
from tests.desk.conftest import at_once, facts, listing

_numbers = count(1)


def field(
    cast: Cast, kind: str = "text", *, under: tuple[Category, ...] = (), options: tuple[str, ...] = (), **values
) -> CustomField:
    return create_field(
        values={"name": f"Field {next(_numbers)}", "kind": kind, **values}, category_ids=[one.pk for one in under], options=options, by=SETUP, at=cast.at
    )  # fmt: skip


def category(cast: Cast, name: str, parent: Category | None = None) -> Category:
    return create_category(values={"name": name, "parent": parent}, by=SETUP, at=cast.at)


def fill(cast: Cast, ticket: Ticket, of: CustomField, value, *, seen=None, by=None):
    fill_fields(ticket_id=ticket.pk, changes={of.pk: (seen, value)}, by=by or cast.actor(cast.ada), at=cast.later(minutes=1))


def values(ticket: Ticket):
    return {one.definition.id: one.value for one in fields_of(ticket)}


def test_a_field_is_asked_under_its_category_and_all_below(cast: Cast) -> None:
    access = category(cast, "Access")
    sign_in = category(cast, "Sign-in", access)
    queues = category(cast, "Queues")
    everywhere, below = field(cast), field(cast, under=(access,))
    asked = {one.pk: {form.id for form in form_of(one.pk)} for one in (access, sign_in, queues)}
    assert asked == {access.pk: {everywhere.pk, below.pk}, sign_in.pk: {everywhere.pk, below.pk}, queues.pk: {everywhere.pk}}
    assert {form.id for form in form_of(None)} == {everywhere.pk}
    change_field(field_id=below.pk, values={"is_active": False}, by=SETUP, at=cast.at)
    assert {form.id for form in form_of(sign_in.pk)} == {everywhere.pk}


def test_filling_leaves_old_and_new_and_no_words_in_the_ledger(cast: Cast) -> None:
    ticket = cast.ticket()
    name, color = field(cast), field(cast, "one_of", options=("Blue", "Red"))
    blue, red = color.options.order_by("id")
    fill(cast, ticket, name, "Ravi's laptop")
    fill(cast, ticket, color, blue.pk)
    fill(cast, ticket, color, red.pk, seen=blue.pk)
    fill(cast, ticket, name, None, seen="Ravi's laptop")
    told = [(fact.field_id, fact.old, fact.new) for fact in facts(ticket, FieldChanged)]
    assert told == [(name.pk, None, "given"), (color.pk, None, blue.pk), (color.pk, blue.pk, red.pk), (name.pk, "given", None)]
    assert not Event.objects.filter(payload__icontains="laptop").exists()
    assert values(ticket) == {name.pk: None, color.pk: red.pk}
    assert TicketFields.objects.get(pk=ticket.pk).values == {str(color.pk): red.pk}


def test_what_is_written_is_found(cast: Cast) -> None:
    ticket, name = cast.ticket(), field(cast)
    fill(cast, ticket, name, "KX-20471")
    assert [row.id for row in search_tickets("20471", queue_ids=[cast.support.pk], at=cast.at)] == [ticket.pk]


def test_two_people_fill_different_fields_and_both_land(fresh_cast: Cast) -> None:
    ticket, one, two = fresh_cast.ticket(), field(fresh_cast), field(fresh_cast, "number")
    results = at_once(
        lambda: fill(fresh_cast, ticket, one, "a"),
        lambda: fill(fresh_cast, ticket, two, 2, by=fresh_cast.actor(fresh_cast.ben)),
    )
    assert results == [None, None]
    assert values(ticket) == {one.pk: "a", two.pk: 2}


def test_two_people_fill_the_same_field_and_the_later_sees_both_values(fresh_cast: Cast) -> None:
    ticket, one = fresh_cast.ticket(), field(fresh_cast, "one_of", options=("Blue", "Red"))
    blue, red = one.options.order_by("id")
    results = at_once(lambda: fill(fresh_cast, ticket, one, blue.pk), lambda: fill(fresh_cast, ticket, one, red.pk))
    (refused,) = [result for result in results if result is not None]
    assert isinstance(refused, Conflict)
    assert {refused.theirs, refused.yours} == {"Blue", "Red"}
    assert len(facts(ticket, FieldChanged)) == 1


def test_the_same_value_again_changes_nothing(cast: Cast) -> None:
    ticket, one = cast.ticket(), field(cast)
    fill(cast, ticket, one, "a")
    fill(cast, ticket, one, "a", seen="b")
    set_field(ticket_id=ticket.pk, field_id=one.pk, value="a", by=cast.actor(cast.ada), at=cast.at)
    assert len(facts(ticket, FieldChanged)) == 1
    set_field(ticket_id=ticket.pk, field_id=one.pk, value="c", by=cast.actor(cast.ada), at=cast.at)
    assert values(ticket) == {one.pk: "c"}


def test_a_field_of_another_category_is_refused_and_what_it_held_can_only_go(cast: Cast) -> None:
    access, other = category(cast, "Access"), category(cast, "Other")
    one, ticket = field(cast, under=(access,)), cast.ticket(category=access)
    fill(cast, ticket, one, "kept")
    Ticket.objects.filter(pk=ticket.pk).update(category=other)
    ticket.category_id = other.pk
    (shown,) = fields_of(ticket)
    assert (shown.value, shown.applies) == ("kept", False)
    with pytest.raises(Invalid):
        fill(cast, ticket, one, "new", seen="kept")
    fill(cast, ticket, one, None, seen="kept")
    assert fields_of(ticket) == []
    Ticket.objects.filter(pk=ticket.pk).update(category=access)


@pytest.mark.parametrize("who", ["eno", "ravi", "oto"])
def test_outsiders_fill_nothing(cast: Cast, who: str) -> None:
    ticket, one = cast.ticket(), field(cast)
    with pytest.raises((NotFound, NotAllowed)):
        fill(cast, ticket, one, "x", by=cast.actor(getattr(cast, who)))
    with pytest.raises(NotFound):
        fill(cast, restricted(cast), one, "x")


def restricted(cast: Cast) -> Ticket:
    ticket = cast.ticket()
    return transfer_ticket(ticket_id=ticket.pk, queue_id=cast.restricted.pk, reason="", by=SETUP, at=cast.at)


def test_a_ticket_is_not_solved_before_its_fields_are_filled_on_any_path(cast: Cast) -> None:
    ticket, ada = cast.ticket(), cast.actor(cast.ada)
    cause, fixed = (
        field(cast, name="Root cause", required_at_solve=True),
        field(cast, "yes_no", name="Fixed in code", required_at_solve=True),
    )
    for solve in (
        lambda: solve_ticket(ticket_id=ticket.pk, by=ada, at=cast.at),
        lambda: change_status(ticket_id=ticket.pk, state=State.SOLVED, by=SETUP, at=cast.at),
        lambda: reply(ticket_id=ticket.pk, body="Done.", then=State.SOLVED, by=ada, at=cast.at),
    ):
        with pytest.raises(FieldsMissing) as refused:
            solve()
        assert refused.value.missing == [(cause.pk, "Root cause"), (fixed.pk, "Fixed in code")]
        assert "Root cause, Fixed in code" in refused.value.message
    assert not Message.objects.filter(ticket=ticket, body="Done.").exists()
    fill(cast, ticket, cause, "a flag")
    fill(cast, ticket, fixed, False)
    solve_ticket(ticket_id=ticket.pk, by=ada, at=cast.at)
    assert Ticket.objects.get(pk=ticket.pk).state == State.SOLVED


def test_closing_spam_asks_for_nothing_and_a_solved_ticket_can_be_confirmed(cast: Cast) -> None:
    spam, thanked = cast.ticket(), cast.ticket()
    ada = cast.actor(cast.ada)
    solve_ticket(ticket_id=thanked.pk, by=ada, at=cast.later(minutes=1))
    field(cast, required_at_solve=True)
    change_status(ticket_id=spam.pk, state=State.CLOSED, reason="spam", by=ada, at=cast.at)
    receive_message(ticket_id=thanked.pk, body="Thanks!", by=cast.actor(cast.ravi), at=cast.later(minutes=1))
    assert Ticket.objects.get(pk=thanked.pk).outcome == "confirmed"


def test_a_form_fills_a_new_ticket_and_defaults_do_the_rest(cast: Cast) -> None:
    theirs, ours = field(cast, asks_requester=True), field(cast)
    color = field(cast, "one_of", options=("Blue",))
    change_field(field_id=color.pk, values={"default": color.options.get().pk}, by=SETUP, at=cast.at)
    ticket = cast.ticket(fields={theirs.pk: "by the requester", ours.pk: "smuggled in"})
    assert values(ticket) == {theirs.pk: "by the requester", ours.pk: None, color.pk: color.options.get().pk}
    assert len(facts(ticket, FieldChanged)) == 2


def test_what_must_be_filled_at_opening_is_asked_where_there_is_a_form(cast: Cast) -> None:
    theirs = field(cast, asks_requester=True, required_at_open=True)
    ours = field(cast, required_at_open=True)
    before = Ticket.objects.count()
    with pytest.raises(FieldsMissing) as refused:
        cast.ticket(fields={})
    assert refused.value.missing == [(theirs.pk, theirs.name)]
    assert Ticket.objects.count() == before
    assert values(cast.ticket(fields={theirs.pk: "here"}))[ours.pk] is None
    assert values(cast.ticket())[theirs.pk] is None


def test_verify_finds_a_value_that_no_event_tells_of(cast: Cast) -> None:
    ticket, one = cast.ticket(), field(cast, "number")
    fill(cast, ticket, one, 5)
    TicketFields.objects.filter(pk=ticket.pk).update(values={str(one.pk): 6})
    (said,) = problems()
    assert "fields" in said
    TicketFields.objects.filter(pk=ticket.pk).update(values={str(one.pk): 5})


@pytest.mark.parametrize("count", [1, 3, 200])
def test_two_hundred_fields_cost_a_ticket_one_query_and_a_list_none(cast: Cast, assert_queries, count: int) -> None:
    ticket, color = cast.ticket(), field(cast, "one_of", options=("Blue", "Red"))
    made = [field(cast) for _ in range(count)]
    fill_fields(ticket_id=ticket.pk, changes={one.pk: (None, "v") for one in made}, by=cast.actor(cast.ada), at=cast.at)
    with assert_queries(1):
        assert len(fields_of(ticket)) == count + 1
    with assert_queries(2):
        listing(queues=[cast.support])
    assert color.options.count() == 2


def test_filling_many_fields_at_once_costs_as_much_as_one(cast: Cast, django_assert_max_num_queries) -> None:
    made, ada, ticket = [field(cast) for _ in range(30)], cast.actor(cast.ada), cast.ticket()
    for several in (made[:1], made[1:]):
        with django_assert_max_num_queries(12):
            fill_fields(ticket_id=ticket.pk, changes={one.pk: (None, "v") for one in several}, by=ada, at=cast.at)


def test_a_field_is_defined_with_care(cast: Cast) -> None:
    for values_, field_name in (
        ({"kind": "no such"}, "kind"), ({"kind": "number", "pattern": "9"}, "pattern"), ({"pattern": "{"}, "pattern"),
        ({"kind": "number", "lowest": "9", "highest": "1"}, "lowest"), ({"kind": "person", "asks_requester": True}, "asks_requester"),
        ({"default": "ab", "pattern": "99"}, "default"), ({"name": " "}, "name"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            field(cast, **{"kind": "text", **values_})
        assert refused.value.field == field_name
    one = field(cast, name="Build")
    with pytest.raises(Conflict):
        field(cast, name="build")
    with pytest.raises(Invalid):
        change_field(field_id=one.pk, values={"kind": "number"}, by=SETUP, at=cast.at)
    with pytest.raises(NotAllowed):
        create_field(values={"name": "X", "kind": "text"}, by=cast.actor(cast.lin), at=cast.at)
    with pytest.raises(Invalid):
        create_field(values={"name": "Nowhere", "kind": "text"}, category_ids=[987_654], by=SETUP, at=cast.at)


def test_choices_are_renamed_and_retired_but_never_gone(cast: Cast) -> None:
    color, ticket = field(cast, "one_of", options=("Blue", "Red")), cast.ticket()
    blue, _red = color.options.order_by("id")
    fill(cast, ticket, color, blue.pk)
    change_option(field_id=color.pk, option_id=blue.pk, values={"name": "Navy", "is_active": False}, by=SETUP, at=cast.at)
    (shown,) = fields_of(ticket)
    assert shown.words == "Navy"
    with pytest.raises(Invalid):
        fill(cast, cast.ticket(), color, blue.pk)
    with pytest.raises(Conflict):
        add_options(field_id=color.pk, names=["navy"], by=SETUP, at=cast.at)
    with pytest.raises(Invalid):
        add_options(field_id=field(cast).pk, names=["x"], by=SETUP, at=cast.at)


def test_the_index_over_values_is_there(db) -> None:
    with connection.cursor() as cursor:
        assert "desk_ticketfields_values" in connection.introspection.get_constraints(cursor, "desk_ticketfields")


def test_a_filter_asks_for_a_field_with_a_value_or_any(cast: Cast) -> None:
    color, build = field(cast, "many_of", name="Color of it", options=("Blue", "Dark red")), field(cast, name="Build")
    number, fixed = field(cast, "number", name="Hosts"), field(cast, "yes_no", name="Fixed")
    blue, red = color.options.order_by("id")
    one, two, none = cast.ticket(), cast.ticket(), cast.ticket()
    for ticket, values_ in ((one, {color: [blue.pk, red.pk], build: "KX-204", fixed: False}), (two, {color: [red.pk], number: 3})):
        for which, value in values_.items():
            set_field(ticket_id=ticket.pk, field_id=which.pk, value=value, by=cast.actor(cast.ada), at=cast.at)
    for typed, found in (
        ("field:Build", {one}), ("field:build=kx-204", {one}), ('field:"Color of it=dark red"', {one, two}), ('field:"color=blue"', {one}),
        ("field:Hosts=3", {two}), ("field:Fixed=no", {one}), ("-field:Build", {two, none}), ('field:"Hosts="', {one, none}), ("field:Hosts=4", set()),
    ):  # fmt: skip
        asked = plan(read_filter(typed).query, reader_of(cast))
        assert asked.problems == (), typed
        assert {row.id for row in list_tickets(asked, order="newest").rows} == {ticket.pk for ticket in found}, typed
    for typed in ("field:Nothing", "field:Hosts=many", 'field:"color=green"'):
        assert len(plan(read_filter(typed).query, reader_of(cast)).problems) == 1, typed


def reader_of(cast: Cast):
    return reader(queues_in_sight(cast.actor(cast.ada)), user_id=cast.ada.pk, at=cast.at)


def test_an_import_fills_fields_by_name_and_rejects_what_does_not_fit(cast: Cast) -> None:
    color, build = field(cast, "one_of", name="Color", options=("Blue",)), field(cast, name="Build", pattern="AA-9{3}")
    rejected: list[str] = []
    rows = [
        ImportedRow(1, "a", body="One", fields={"color": "blue", "Build": "KX-204"}),
        ImportedRow(2, "b", body="Two", fields={"Color": "", "Build": ""}),
        ImportedRow(3, "c", body="Three", fields={"Color": "Green"}),
        ImportedRow(4, "d", body="Four", fields={"Build": "nonsense"}),
        ImportedRow(5, "e", body="Five", fields={"Shoe size": "44"}),
    ]
    outcome = import_tickets(rows=rows, source="old", reject=lambda _row, why: rejected.append(why), by=SETUP, at=cast.at)
    assert (outcome.created, outcome.rejected, len(rejected)) == (2, 3, 3)
    assert values(Ticket.objects.get(external_id="a")) == {color.pk: color.options.get().pk, build.pk: "KX-204"}
    assert not Ticket.objects.filter(external_id__in="cde").exists()
