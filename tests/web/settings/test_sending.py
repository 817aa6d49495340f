"""For how long replies are held, set by an admin and kept in the ledger."""

import pytest
from django.test import Client

from steward.desk.actions.sending import hold_seconds
from steward.ledger.models import Event
from tests.cast import Cast

EVERY = {"chat": 0, "widget": 0, "portal": 7, "email": 30, "import": 5, "agent": 5}


def test_an_admin_sets_the_seconds_and_the_history_tells(cast: Cast, client: Client) -> None:
    client.force_login(cast.ana)
    assert client.post("/settings/sending/", EVERY).status_code == 303
    assert [hold_seconds(channel) for channel in EVERY] == list(EVERY.values())
    page = client.get("/settings/sending/").content.decode()
    assert "Portal: Changed" in page
    assert 'value="30"' in page
    before = Event.objects.count()
    client.post("/settings/sending/", EVERY)
    assert Event.objects.count() == before, "nothing changed, so nothing is told"


@pytest.mark.parametrize("bad", ["121", "-1", "soon", ""])
def test_what_cannot_be_is_refused_in_words_and_nothing_of_it_is_kept(cast: Cast, client: Client, bad: str) -> None:
    client.force_login(cast.ana)
    response = client.post("/settings/sending/", {**EVERY, "email": bad})
    assert response.status_code == 422
    assert hold_seconds("portal") == 0


def test_others_may_not(cast: Cast, client: Client) -> None:
    assert client.get("/settings/sending/").status_code == 302
    for who in (cast.ada, cast.lin):
        client.force_login(who)
        assert client.get("/settings/sending/").status_code == 403
        assert client.post("/settings/sending/", EVERY).status_code == 403
    assert hold_seconds("portal") == 0
