import threading
from datetime import timedelta

import pytest
from django.db import connections

from steward.channels.actions.widget_opening import forget_spent_tokens
from steward.channels.actions.widget_sites import change_widget_site, issue_widget_secret, revoke_widget_secret
from steward.channels.models import WidgetSecret, WidgetToken
from steward.core import clock
from steward.people.actions import add_user
from steward.people.models import Requester
from tests.cast import SETUP
from tests.channels.widget.signing import HOST, minted, secret_at, site_of
from tests.web.widget.pages import Page, opened


@pytest.fixture
def site(cast):
    return site_of(clock.now())


def code_of(answer):
    return answer.status_code, answer.json()["error"]["code"]


def test_a_token_opens_a_session_and_makes_the_person_known(site):
    page = Page(site, team="Nights", role="moderator", market="IN", language="zh-hans")
    told = page.open().json()
    mara = Requester.objects.get(email="mara@console.example")
    assert (mara.name, mara.team, mara.platform_role, mara.market) == ("Mara", "Nights", "moderator", "IN")
    assert (mara.time_zone, mara.external_id, mara.source) == ("Asia/Shanghai", "u-17", f"widget:{site.key}")
    assert (told["name"], told["language"], told["seconds"]) == ("Mara", "zh-hans", 900)


def test_the_same_person_is_one_by_address_and_without_one_by_id(site, cast):
    opened(site)
    opened(site, name="Mara S.")
    opened(site, email=None, sub="u-18")
    opened(site, email=None, sub="u-18")
    opened(site, email=cast.ravi.email, sub="u-19")
    assert Requester.objects.count() == 4  # Ravi, Oto, Mara, u-18
    assert Requester.objects.get(email="mara@console.example").name == "Mara"


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"aud": "site_other"}, "token_wrong_site"),
        ({"exp": 1}, "token_expired"),
        ({"lives": timedelta(hours=1)}, "token_lives_too_long"),
        ({"email": "no address"}, "token_claim"),
        ({"name": 7}, "token_claim"),
        ({"sub": None}, "token_claim"),
    ],
)
def test_a_token_that_is_not_believed_says_why(site, claims, code):
    page = Page(site)
    status, told = code_of(page.open(page.token(**claims)))
    assert (told, status) == (code, 401 if code == "token_expired" else 403)
    assert Requester.objects.filter(email="mara@console.example").count() == 0


def test_a_forged_token_another_site_s_and_rubbish_are_refused(site):
    page, other = Page(site), site_of(clock.now(), name="Other")
    now = clock.now()
    assert code_of(page.open(minted("whs_wrong" * 8, site.key, now))) == (403, "token_forged")
    assert code_of(page.open(minted(secret_at(other, now), site.key, now))) == (403, "token_forged")
    assert code_of(page.open(minted(secret_at(other, now), other.key, now))) == (403, "token_forged")
    assert code_of(page.open("rubbish")) == (403, "token_unreadable")
    assert code_of(page.open(site="site_none")) == (403, "site_unknown")


def test_a_token_that_names_itself_opens_one_session(site):
    page = Page(site)
    token = page.token(jti="once")
    assert page.open(token).status_code == 200
    assert code_of(page.open(token)) == (401, "token_replayed")
    assert page.open(page.token(jti="twice")).status_code == 200
    assert forget_spent_tokens(at=clock.now()) == 0
    assert forget_spent_tokens(at=clock.now() + timedelta(hours=2)) == 2
    assert not WidgetToken.objects.exists()


def test_only_pages_of_the_site_s_origins_are_answered(site):
    assert code_of(Page(site, "https://evil.example").open()) == (403, "origin")
    assert code_of(Page(site, "null").open()) == (403, "origin")
    page = opened(site)
    page.origin = "https://evil.example"
    assert code_of(page.get("state/")) == (403, "origin")
    both = opened(change_widget_site(site_id=site.pk, values={"origins": [HOST, "https://two.example"]}, by=SETUP, at=clock.now()))
    both.origin = "https://two.example"
    assert code_of(both.get("state/")) == (403, "origin"), "a session stays where it was opened"


def test_a_closed_site_lets_nobody_in_and_ends_what_is_open(site):
    page = opened(site)
    change_widget_site(site_id=site.pk, values={"is_active": False}, by=SETUP, at=clock.now())
    assert code_of(page.get("state/")) == (403, "site_closed")
    assert code_of(page.open()) == (403, "site_closed")


def test_a_new_secret_stands_beside_the_old_one_until_that_ends(site):
    old = secret_at(site, clock.now())
    before = opened(site)
    issue_widget_secret(site_id=site.pk, overlap=timedelta(hours=1), by=SETUP, at=clock.now())
    assert secret_at(site, clock.now()) != old
    page = Page(site)
    assert page.open().status_code == 200
    assert page.open(minted(old, site.key, clock.now())).status_code == 200
    assert before.get("state/").status_code == 200
    revoke_widget_secret(secret_id=WidgetSecret.objects.get(ends_at__isnull=False).pk, by=SETUP, at=clock.now())
    assert code_of(page.open(minted(old, site.key, clock.now()))) == (403, "token_forged")
    assert code_of(before.get("state/")) == (401, "session_ended"), "its session ends with the secret"


def test_a_session_is_over_after_a_quarter_of_an_hour_and_cannot_be_made_up(site, monkeypatch):
    page = opened(site)
    at = clock.now()
    assert page.get("state/").status_code == 200
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(minutes=15, seconds=1))
    assert code_of(page.get("state/")) == (401, "session_ended")
    for made_up in ("", "x", page.session[:-2], page.session + "x", "WzEsMSwxXQ:1:2"):
        page.session = made_up
        assert code_of(page.get("state/")) == (401, "session_ended")


def test_whose_account_here_is_closed_is_not_let_in(site, cast):
    gone = add_user(email="gone@console.example", name="Gone", roles=["requester"], by=SETUP, at=cast.at)
    page = Page(site, email="gone@console.example", sub="u-20")
    assert page.open().status_code == 200
    Requester.objects.filter(email="gone@console.example").update(user=gone)
    gone.is_active = False
    gone.save(update_fields=["is_active"])
    assert code_of(page.get("state/")) == (403, "person_closed")
    assert code_of(page.open()) == (403, "person_closed")


def test_any_page_may_ask_whether_it_may_ask_and_is_told_no_more(site):
    page = Page(site, "https://evil.example")
    asked = page.client.options(
        "/widget/state/", headers={"Origin": page.origin, "Access-Control-Request-Headers": "authorization"}
    )
    assert (asked.status_code, asked.content) == (204, b"")
    assert asked["Access-Control-Allow-Origin"] == page.origin
    assert "Authorization" in asked["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in asked
    assert page.get("session/").status_code == 405


def test_who_is_signed_in_at_the_desk_is_nobody_here(site, cast):
    page = Page(site)
    page.client.force_login(cast.ada)
    assert code_of(page.get("state/")) == (401, "session_ended")


def test_the_script_is_small_cached_and_for_every_page(client, db):
    answer = client.get("/widget.js")
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer["Content-Type"].startswith("text/javascript")
    assert client.get("/widget.js", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    script = answer.content.decode()
    assert "STEWARD_WIDGET_TEXTS" not in script
    assert "写" in script
    for forbidden in ("eval(", "new Function", "innerHTML", "insertAdjacentHTML", "document.write", ".cookie"):
        assert forbidden not in script


def test_two_windows_with_one_token_at_once_open_one_session(fresh_cast):
    page = Page(site_of(clock.now()))
    token, told = page.token(jti="once"), []

    def try_it():
        told.append(Page(page.site).open(token).status_code)
        connections.close_all()

    windows = [threading.Thread(target=try_it) for _each in range(4)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    assert sorted(told) == [200, 401, 401, 401]
    assert Requester.objects.filter(email="mara@console.example").count() == 1
