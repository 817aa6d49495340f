"""Choosing how one is told."""

from django.test import Client

from steward.people.notice_kinds import notice_kinds
from steward.people.queries import own_rules
from steward.people.rules import Told
from tests.cast import Cast


def test_each_kind_is_chosen_with_its_queues(cast: Cast, client: Client) -> None:
    client.force_login(cast.ada)
    page = client.get("/account/notices/").content.decode()
    for kind in notice_kinds().values():
        assert f'name="how-{kind.kind}"' in page
    form = {"how-reply": "loud", "queue-reply": [cast.support.pk, cast.leads.pk], "how-assigned": "off", "shift-assigned": "on"}
    assert client.post("/account/notices/", form).status_code == 303
    rules = own_rules(cast.ada.pk)
    assert (rules["reply"].how, rules["reply"].only_on_shift) == (Told.LOUD, False)
    assert rules["reply"].queue_ids == {cast.support.pk, cast.leads.pk}
    assert (rules["assigned"].how, rules["assigned"].queue_ids) == (Told.OFF, None)


def test_a_kind_that_must_reach_somebody_offers_no_off(cast: Cast, client: Client) -> None:
    client.force_login(cast.lin)
    page = client.get("/account/notices/").content.decode()
    part = page.partition('name="how-clock_unattended"')[2].partition("</select>")[0]
    assert 'value="off"' not in part
    assert client.post("/account/notices/", {"how-clock_unattended": "off"}).status_code == 422
    assert own_rules(cast.lin.pk) == {}


def test_a_queue_out_of_sight_is_neither_offered_nor_taken(cast: Cast, client: Client) -> None:
    client.force_login(cast.ada)
    assert "Child safety" not in client.get("/account/notices/").content.decode()
    for odd in (cast.restricted.pk, "x", -1):
        assert client.post("/account/notices/", {"how-reply": "plain", "queue-reply": [odd]}).status_code == 422
    assert own_rules(cast.ada.pk) == {}


def test_a_requester_has_none_to_choose(cast: Cast, client: Client) -> None:
    assert client.get("/account/notices/").status_code == 302
    from tests.cast import user

    client.force_login(user("Rita", "requester"))
    assert client.get("/account/notices/").status_code == 404
