"""The desk's own fields on the ticket's page: filling them, two people at once, and what is missing before solving."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from steward.desk.actions.field_settings import create_field
from steward.desk.actions.field_values import set_field
from steward.desk.models import Message, Ticket
from steward.desk.queries.custom_fields import fields_of
from tests.cast import SETUP, Cast
from tests.web.ticket.acting import ATTACK, as_, asking_user, assert_harmless, say, send, text_of


def field(cast: Cast, name: str, kind: str = "text", *, options: tuple[str, ...] = (), **values):
    return create_field(values={"name": name, "kind": kind, **values}, options=options, by=SETUP, at=cast.at)


def value(ticket: Ticket, of) -> object:
    return next(one.value for one in fields_of(Ticket.objects.get(pk=ticket.pk)) if one.definition.id == of.pk)


def test_every_kind_of_field_is_filled_on_the_page(cast: Cast) -> None:
    ticket, ada = cast.ticket(), as_(cast.ada)
    color = field(cast, "Color", "many_of", options=("Blue", "Red"))
    blue, red = color.options.order_by("id")
    filled = {
        "text": ("KX-1", "KX-1"), "long_text": ("a\r\nb", "a\nb"), "number": ("2.5", 2.5), "date": ("2026-03-02", "2026-03-02"),
        "yes_no": ("no", False), "link": ("https://a.example/", "https://a.example/"), "person": (str(cast.ben.pk), cast.ben.pk),
    }  # fmt: skip
    made = {kind: field(cast, f"As {kind}", kind) for kind in filled}
    post = {f"field-{made[kind].pk}": raw for kind, (raw, _value) in filled.items()} | {
        f"seen-{one.pk}": "" for one in made.values()
    }
    answered = send(ada, ticket, "custom-fields", **post, **{f"seen-{color.pk}": "", f"field-{color.pk}": [blue.pk, red.pk]})
    assert answered.status_code == 200
    assert {kind: value(ticket, one) for kind, one in made.items()} == {kind: stored for kind, (_raw, stored) in filled.items()}
    assert value(ticket, color) == [blue.pk, red.pk]
    page = text_of(ada.get(f"/tickets/{ticket.pk}/"))
    for words in (
        "KX-1",
        'value="2.5"',
        "Blue, Red",
        f'value="{cast.ben.pk}" selected',
        "set Color to Blue, Red",
        "filled in As text",
    ):
        assert words in page, words


def test_a_whole_form_comes_along_and_only_what_was_touched_changes(cast: Cast) -> None:
    ticket, one, two = cast.ticket(), field(cast, "One"), field(cast, "Two")
    set_field(ticket_id=ticket.pk, field_id=two.pk, value="by Ben meanwhile", by=cast.actor(cast.ben), at=cast.at)
    post = {f"seen-{one.pk}": "", f"field-{one.pk}": "mine", f"seen-{two.pk}": "", f"field-{two.pk}": ""}
    assert send(as_(cast.ada), ticket, "custom-fields", **post).status_code == 200
    assert (value(ticket, one), value(ticket, two)) == ("mine", "by Ben meanwhile")


@pytest.mark.parametrize("htmx", [True, False])
def test_the_same_field_shows_both_values_and_lets_choose(cast: Cast, htmx: bool) -> None:
    ticket, one, ada = cast.ticket(), field(cast, "Build"), as_(cast.ada)
    set_field(ticket_id=ticket.pk, field_id=one.pk, value="theirs", by=cast.actor(cast.ben), at=cast.at)
    answered = send(ada, ticket, "custom-fields", htmx=htmx, **{f"seen-{one.pk}": "", f"field-{one.pk}": "mine"})
    assert answered.status_code == 409
    page = text_of(answered)
    assert all(words in page for words in ("Keep theirs:", "Set mine:", ">theirs<", ">mine<"))
    assert value(ticket, one) == "theirs"
    send(ada, ticket, "custom-fields", htmx=htmx, **{f"seen-{one.pk}": "theirs", f"field-{one.pk}": "mine"})
    assert value(ticket, one) == "mine"


def test_a_value_that_does_not_fit_names_its_input(cast: Cast) -> None:
    ticket, one = cast.ticket(), field(cast, "Build", pattern="AA-9{3}")
    answered = send(as_(cast.ada), ticket, "custom-fields", **{f"seen-{one.pk}": "", f"field-{one.pk}": "x"})
    assert answered.status_code == 422
    assert f'"field": "field-{one.pk}"' in answered["HX-Trigger"]
    assert value(ticket, one) is None


@pytest.mark.parametrize("htmx", [True, False])
def test_send_and_solve_opens_what_is_missing_and_keeps_the_reply(cast: Cast, htmx: bool) -> None:
    ticket, ada = cast.ticket(), as_(cast.ada)
    cause, fixed = field(cast, "Root cause", required_at_solve=True), field(cast, "Fixed in code", "yes_no", required_at_solve=True)
    typed = {"body": "Restarted the queue worker.", "then": "solved", "client_token": "t-1"}
    answered = send(ada, ticket, "replies", htmx=htmx, **typed)
    page = text_of(answered)
    assert answered.status_code == 422
    assert "Root cause, Fixed in code" in page
    assert f'name="field-{cause.pk}"' in page
    assert ("Restarted the queue worker." in page) is not htmx, (
        "with scripts the box keeps it, without them the page brings it back"
    )
    assert not Message.objects.filter(body="Restarted the queue worker.").exists()
    half = send(ada, ticket, "replies", htmx=htmx, **typed, **{f"field-{cause.pk}": "A stuck lock", f"field-{fixed.pk}": ""})
    assert half.status_code == 422
    assert "A stuck lock" in text_of(half), "what was filled in already is still there"
    assert value(ticket, cause) is None
    done = send(ada, ticket, "replies", htmx=htmx, **typed, **{f"field-{cause.pk}": "A stuck lock", f"field-{fixed.pk}": "yes"})
    assert done.status_code in {200, 303}
    assert (value(ticket, cause), value(ticket, fixed)) == ("A stuck lock", True)
    assert Ticket.objects.get(pk=ticket.pk).state == "solved"
    assert Message.objects.filter(body="Restarted the queue worker.").count() == 1


@pytest.mark.parametrize("htmx", [True, False])
def test_solving_opens_what_is_missing(cast: Cast, htmx: bool) -> None:
    ticket, ada = cast.ticket(), as_(cast.ada)
    cause = field(cast, "Root cause", required_at_solve=True)
    asked = send(ada, ticket, "status", htmx=htmx, state="solved")
    assert asked.status_code == 422
    assert "Fill in and solve" in text_of(asked)
    assert send(ada, ticket, "status", htmx=htmx, state="solved", **{f"field-{cause.pk}": "x"}).status_code in {200, 303}
    assert Ticket.objects.get(pk=ticket.pk).state == "solved"


def test_what_people_write_is_harmless(cast: Cast) -> None:
    ticket = cast.ticket()
    one = field(cast, ATTACK[:80], help=ATTACK[:200])
    set_field(ticket_id=ticket.pk, field_id=one.pk, value=ATTACK, by=cast.actor(cast.ada), at=cast.at)
    assert_harmless(text_of(as_(cast.ada).get(f"/tickets/{ticket.pk}/")))


def test_outsiders_and_requesters_find_nothing(cast: Cast) -> None:
    ticket, one = cast.ticket(), field(cast, "Build")
    post = {f"seen-{one.pk}": "", f"field-{one.pk}": "x"}
    for who in (cast.eno, asking_user()[0]):
        assert send(as_(who), ticket, "custom-fields", **post).status_code == 404
    assert value(ticket, one) is None


@pytest.mark.parametrize("count", [1, 3, 200])
def test_two_hundred_fields_cost_the_page_no_more_queries_than_one(cast: Cast, count: int) -> None:
    ticket, ada = cast.ticket(), as_(cast.ada)
    say(cast, ticket, cast.ada, "Looking.")
    set_field(ticket_id=ticket.pk, field_id=field(cast, "First").pk, value="v", by=cast.actor(cast.ada), at=cast.at)
    ada.get(f"/tickets/{ticket.pk}/")
    with CaptureQueriesContext(connection) as one:
        ada.get(f"/tickets/{ticket.pk}/")
    for number in range(count):
        set_field(ticket_id=ticket.pk, field_id=field(cast, f"Field {number}").pk, value="v", by=cast.actor(cast.ada), at=cast.at)
    with CaptureQueriesContext(connection) as many:
        ada.get(f"/tickets/{ticket.pk}/")
    assert len(many) == len(one)
