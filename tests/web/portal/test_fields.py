"""The desk's own fields in the form requesters ask with."""

import pytest

from steward.desk.actions.field_settings import create_field
from steward.desk.actions.settings import create_category
from steward.desk.models import Ticket
from steward.desk.queries.custom_fields import fields_of
from tests.cast import SETUP
from tests.web.portal.signing_in import HTMX, form, signed_in


def field(desk, name, kind="text", *, under=(), options=(), **values):
    asked = {"asks_requester": True, **values}
    return create_field(
        values={"name": name, "kind": kind, **asked}, category_ids=[one.pk for one in under], options=options, by=SETUP, at=desk.at
    )


def filled(ticket):
    return {one.definition.name: one.words for one in fields_of(ticket) if one.value is not None}


@pytest.mark.parametrize("htmx", [True, False])
def test_the_form_shows_the_fields_of_the_topic_and_takes_the_answers(desk, htmx):
    access = create_category(values={"name": "Access"}, by=SETUP, at=desk.at)
    build, impact = field(desk, "Build", under=(access,)), field(desk, "Who is held up", "one_of", options=("Only me", "My team"))
    field(desk, "For the desk", asks_requester=False)
    client = signed_in(desk.ravi)
    page = client.get("/portal/ask/").content.decode()
    assert "Who is held up" in page
    assert "Build" not in page
    part = client.get(
        "/portal/ask/fields/", {"category": access.pk, f"field-{impact.pk}": impact.options.first().pk}
    ).content.decode()
    assert "Build" in part
    assert "For the desk" not in part
    assert f'value="{impact.options.first().pk}" selected' in part, "what was chosen before the topic stays"
    team = impact.options.get(name="My team")
    sent = {**form("The page is empty."), "category": access.pk, f"field-{build.pk}": "KX-204", f"field-{impact.pk}": team.pk}
    assert client.post("/portal/ask/", sent, **(HTMX if htmx else {})).status_code in {200, 303}
    assert filled(Ticket.objects.latest("id")) == {"Build": "KX-204", "Who is held up": "My team"}


def test_the_same_request_twice_is_one_with_its_answers(desk):
    build, client = field(desk, "Build"), signed_in(desk.ravi)
    sent = {**form("The page is empty."), f"field-{build.pk}": "KX-204"}
    for _again in range(2):
        client.post("/portal/ask/", sent, **HTMX)
    assert Ticket.objects.filter(requester=desk.ravi).count() == 1
    assert filled(Ticket.objects.get(requester=desk.ravi)) == {"Build": "KX-204"}


def test_without_what_must_be_filled_nothing_is_sent_and_every_word_stays(desk):
    build, client = field(desk, "Build", required_at_open=True, pattern="AA-9{3}"), signed_in(desk.ravi)
    for given in ("", "nonsense"):
        answered = client.post("/portal/ask/", {**form("The page is empty."), f"field-{build.pk}": given})
        page = answered.content.decode()
        assert answered.status_code == 422
        assert "Build" in page
        assert "The page is empty." in page
        assert given in page
    refused = client.post("/portal/ask/", {**form("The page is empty."), f"field-{build.pk}": "x"}, **HTMX)
    assert f'"field": "field-{build.pk}"' in refused.headers["HX-Trigger"]
    assert not Ticket.objects.exists()


def test_a_field_that_is_not_asked_of_requesters_cannot_be_filled_by_them(desk):
    ours, client = field(desk, "Root cause", asks_requester=False), signed_in(desk.ravi)
    client.post(
        "/portal/ask/", {**form("Hello"), f"field-{ours.pk}": "smuggled", "field-x": "1", "field-999999": "2"}, headers=HTMX
    )
    assert filled(Ticket.objects.get(requester=desk.ravi)) == {}


def test_the_chat_asks_for_nothing(desk):
    field(desk, "Build", required_at_open=True)
    assert signed_in(desk.ravi).post("/chat/messages/", form("Hello"), **HTMX).status_code in {200, 204, 303}
    assert Ticket.objects.filter(requester=desk.ravi).count() == 1
