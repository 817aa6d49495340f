import json

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from steward.web.shared import htmx

pytestmark = pytest.mark.usefixtures("gallery_settings")


def asked(**headers: str):
    return RequestFactory().get("/x", headers=headers)


def test_who_asks_is_told_apart() -> None:
    assert htmx.is_htmx(asked(**{"HX-Request": "true"}))
    assert not htmx.is_htmx(asked())
    assert htmx.wants_json(asked(Accept="application/json"))
    assert not htmx.wants_json(asked(Accept="text/html, */*"))
    assert not htmx.wants_json(asked(**{"Accept": "application/json", "HX-Request": "true"}))


def test_going_elsewhere_is_a_redirect_or_a_header() -> None:
    plain = htmx.go(asked(), "/tickets/12")
    assert (plain.status_code, plain["Location"]) == (303, "/tickets/12")
    live = htmx.go(asked(**{"HX-Request": "true"}), "/tickets/12")
    assert (live.status_code, live["HX-Redirect"]) == (200, "/tickets/12")


def test_a_toast_rides_beside_a_fragment_or_alone() -> None:
    toast = htmx.Toast("Assigned to <Ben>", hint="Until 18:00.", href="/tickets/12", link="Open")
    alone = htmx.say(asked(), toast)
    assert alone["HX-Reswap"] == "none"
    assert "Assigned to &lt;Ben&gt;" in alone.content.decode()
    assert 'href="/tickets/12"' in alone.content.decode()
    both = htmx.answer(asked(), "shared/help_sheet.html", {"shortcuts_on": True}, toast=toast).content.decode()
    assert both.index('id="shortcuts"') < both.index("<hx-partial")


def test_events_add_up_in_one_header() -> None:
    response = htmx.trigger(htmx.trigger(HttpResponse(), ticket__changed={"id": 12}), done=True)
    assert json.loads(response["HX-Trigger"]) == {"ticket:changed": {"id": 12}, "done": True}


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("/desk", "/desk"),
        ("https://evil.example/", "/home"),
        ("//evil.example", "/home"),
        ("javascript:alert(1)", "/home"),
        ("", "/home"),
    ],
)
def test_the_way_back_never_leads_to_another_site(wanted: str, given: str) -> None:
    assert htmx.safe_next(RequestFactory().get("/x", {"next": wanted}), "/home") == given
