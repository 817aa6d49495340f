"""Automations in the settings: made, tried, switched on; who may look, and what is not shown."""

import pytest

from steward.desk.actions.automations.occasions import happenings, spans
from steward.desk.models import Automation, AutomationRun, AutomationVersion
from steward.desk.queries.conditions import condition_fields
from tests.cast import user

FORM = {
    "name": "VIP first",
    "seen_version": "0",
    "when": ["opened", "tagged"],
    "span": ["t1"],
    "t1.name": "in_state",
    "t1.state": "new",
    "t1.hours": "2",
    "condition": ["c1", "c2"],
    "c1.field": "market",
    "c1.operator": "is",
    "c1.value": "IN",
    "c1.group": "all",
    "c2.field": "priority",
    "c2.operator": "at_most",
    "c2.value": "3",
    "c2.group": "any",
    "step": ["s1"],
    "s1.verb": "priority",
    "s1.priority": "1",
}
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def lead(cast, client):
    client.force_login(cast.lin)
    return client


def made(client, **change):
    response = client.post("/settings/automations/new/", {**FORM, **change})
    assert response.status_code == 303, response.content.decode()[:500]
    return Automation.objects.latest("id"), response["Location"]


def test_it_is_made_tried_switched_on_and_off(cast, lead):
    ticket = cast.ticket()
    Automation.objects.all()
    row, path = made(lead)
    version = AutomationVersion.objects.get()
    assert version.whens == [
        {"when": "opened", "args": {}},
        {"when": "tagged", "args": {}},
        {"when": "in_state", "args": {"state": "new", "hours": 2}},
    ]
    assert (len(version.conditions), len(version.any_conditions)) == (1, 1)
    page = lead.get(path).content.decode()
    assert "Try it on last week" in page
    assert "It can be switched on once it was tried." in page
    refused = lead.post(f"{path}switch/", {"on": "1", "version": "1"}, **HTMX)
    assert refused.status_code == 422
    assert "not tried" in refused["HX-Trigger"]
    assert lead.post(f"{path}try/").status_code == 303
    page = lead.get(path).content.decode()
    assert "Switch version 1 on" in page
    assert lead.post(f"{path}switch/", {"on": "1", "version": "1"}).status_code == 303
    page = lead.get(path).content.decode()
    assert "Switch off" in page
    assert "It acts where Lin may see." in page
    assert "Requester&#39;s market is IN" in lead.get("/settings/automations/").content.decode()
    assert lead.post(f"{path}switch/").status_code == 303
    row.refresh_from_db()
    assert row.running_version is None
    assert ticket.priority == 3


def test_the_form_offers_all_that_is_registered_by_the_desk_and_above(cast, lead):
    page = lead.get("/settings/automations/new/").content.decode()
    for one in happenings():
        assert f'value="{one.name}"' in page
    assert {"clock_warned", "clock_breached"} <= {one.name for one in happenings()}
    for one in spans():
        drawn = lead.get("/settings/automations/span/", {"name": one.name}).content.decode()
        assert f'value="{one.name}"' in drawn
        for argument in one.arguments:
            assert str(argument.label) in drawn
    for one in condition_fields():
        drawn = lead.get("/settings/automations/condition/", {"field": one.name}).content.decode()
        for operator in one.operators:
            assert f'value="{operator.value}"' in drawn


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"when": [], "span": []}, "when"),
        ({"when": ["doomsday"]}, "when"),
        ({"t1.hours": "0"}, "hours"),
        ({"t1.state": "gone"}, "state"),
        ({"t1.name": "never"}, "when"),
        ({"c1.field": "moon"}, "condition"),
        ({"c1.operator": "at_least"}, "operator"),
        ({"c1.value": ""}, "value"),
        ({"c2.value": "9"}, "value"),
        ({"c1.field": "filter", "c1.operator": "finds", "c1.value": "foo:bar"}, "value"),
        ({"c1.field": "filter", "c1.operator": "finds", "c1.value": '"open'}, "value"),
        ({"step": []}, "steps"),
        ({"s1.priority": "9"}, "priority"),
    ],
)
def test_a_bad_part_is_refused_at_its_field_and_nothing_is_made(cast, lead, change, field):
    response = lead.post("/settings/automations/new/", {**FORM, **change}, **HTMX)
    assert response.status_code == 422
    assert f'"field": "{field}"' in response["HX-Trigger"]
    assert not Automation.objects.exists()


def test_a_stale_form_is_told_of_the_other_version(cast, lead):
    _row, path = made(lead)
    assert lead.post(f"{path}about/", {**FORM, "seen_version": "1", "s1.priority": "2"}).status_code == 303
    stale = lead.post(f"{path}about/", {**FORM, "seen_version": "1"}, **HTMX)
    assert stale.status_code == 409
    page = lead.get(path).content.decode()
    assert "Version 2" in page
    assert "Written anew" in page


def test_the_dry_run_and_the_runs_show_no_ticket_out_of_sight(cast, client, lead):
    hidden = cast.ticket(queue=cast.restricted, subject="Secret matter")
    row, path = made(lead, condition=[])
    lead.post(f"{path}try/")
    AutomationRun.objects.create(automation=row, version=1, ticket=hidden, occasion="x", outcome="done", ran_at=cast.at)
    page = lead.get(path).content.decode()
    assert page.count(f"/tickets/{hidden.pk}/") >= 1
    client.force_login(cast.ana)
    page = client.get(path).content.decode()
    assert f"/tickets/{hidden.pk}/" not in page
    assert "Secret" not in page


def test_a_parked_one_says_why_wherever_it_is_shown(cast, lead):
    row, path = made(lead)
    Automation.objects.filter(pk=row.pk).update(parked_at=cast.at, parked_why="loop", parked_detail="by way of Pong")
    for page in (lead.get(path).content.decode(), lead.get("/settings/automations/").content.decode()):
        assert "Stopped by itself" in page
    assert "by way of Pong" in lead.get(path).content.decode()


def test_agents_engineers_and_requesters_have_no_part_in_it(cast, client, lead):
    _row, path = made(lead)
    client.logout()
    assert client.get(path)["Location"].startswith("/sign-in/")
    for who in (cast.ada, cast.eno):
        client.force_login(who)
        for url in ("/settings/automations/", "/settings/automations/new/", path, "/settings/automations/condition/?field=tag"):
            assert client.get(url).status_code == 403, url
        for url in (f"{path}about/", f"{path}try/", f"{path}switch/", f"{path}move/", f"{path}active/"):
            assert client.post(url).status_code == 403, url
    client.force_login(user("Rosa", "requester"))
    assert client.get(path)["Location"] == "/portal/"
    assert client.post(f"{path}switch/", {"on": "1", "version": "1"}).status_code == 404


def test_the_timeline_names_the_rule_and_its_version(cast, lead):
    from tests.desk.automations.conftest import heard, mark

    _row, path = made(lead, span=[], condition=[])
    lead.post(f"{path}try/")
    lead.post(f"{path}switch/", {"on": "1", "version": "1"})
    Automation.objects.update(on_since=cast.at)
    at = mark()
    ticket = cast.ticket()
    heard(at)
    page = lead.get(f"/tickets/{ticket.pk}/").content.decode()
    assert "by rule ‘VIP first’ v1" in page
