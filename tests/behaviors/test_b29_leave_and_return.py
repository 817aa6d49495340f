"""B29: leave and return: same tab, same scroll, same half-filled form, also after a session time-out."""

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from steward.core import clock
from steward.desk.models import Queue
from steward.people.actions.passwords import set_password
from tests.browser.conftest import _at_the_desk, browser, cast, desk, open_as, visitors
from tests.cast import Cast
from tests.chromium import Visitors

__all__ = ["_at_the_desk", "browser", "cast", "desk", "open_as", "visitors"]
pytestmark = pytest.mark.browser
Open = Callable[..., Page]
NOTE = ".kept-form"


def test_a_half_filled_settings_form_survives_a_reload_and_can_be_dropped(cast: Cast, open_as: Open) -> None:
    name = Queue.objects.get(pk=cast.leads.pk).name
    page = open_as(cast.ana, f"/settings/queues/{cast.leads.pk}/")
    page.fill("#field-name", "Leads and elders")
    page.reload()
    expect(page.locator("#field-name")).to_have_value("Leads and elders")
    expect(page.locator(NOTE)).to_contain_text("is back")
    page.locator(NOTE).get_by_role("button").click()
    expect(page.locator("#field-name")).to_have_value(name)
    page.reload()
    expect(page.locator("#field-name")).to_have_value(name)
    expect(page.locator(NOTE)).to_have_count(0)


def test_what_was_sent_does_not_come_back(cast: Cast, open_as: Open) -> None:
    page = open_as(cast.ana, f"/settings/queues/{cast.engineering.pk}/")
    page.fill("#field-name", "Console builders")
    page.locator("form:has(#field-name) [type=submit]").first.click()
    expect(page.locator(".toast, .banner").first).to_be_visible()
    page.goto(page.url)
    expect(page.locator("#field-name")).to_have_value("Console builders")
    expect(page.locator(NOTE)).to_have_count(0)
    assert Queue.objects.get(pk=cast.engineering.pk).name == "Console builders"


def with_a_password(cast: Cast) -> None:
    set_password(user_id=cast.ana.pk, password="a long enough secret", how="self", by=cast.actor(cast.ana), at=clock.now())
    # A session is bound to the password it was made under: who signs in by the tests has to know the new one.
    cast.ana.refresh_from_db()


def save(page: Page) -> None:
    page.locator("form:has(#field-name) [type=submit]").first.click()


def sign_in_again(page: Page, email: str) -> None:
    page.fill("#field-login", email)
    page.fill("#field-password", "a long enough secret")
    page.locator("form:has(#field-password) [type=submit]").click()


def test_a_session_that_ran_out_costs_neither_place_nor_words(cast: Cast, visitors: Visitors, open_as: Open) -> None:
    with_a_password(cast)
    path = f"/settings/queues/{cast.leads.pk}/"
    page = open_as(cast.ana, path)
    page.fill("#field-name", "Leads of the night")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    save(page)
    # The page stays as it is, and shows the way: a redirect would have put the sign-in into the form.
    page.get_by_role("link", name="Sign in again").click()
    sign_in_again(page, cast.ana.email)
    page.wait_for_url(f"**{path}")
    expect(page.locator("#field-name")).to_have_value("Leads of the night")
    expect(page.locator(NOTE)).to_contain_text("is back")
    save(page)
    expect(page.locator(".toast")).to_contain_text("Saved")
    expect(page.locator(NOTE)).to_have_count(0)
    assert Queue.objects.get(pk=cast.leads.pk).name == "Leads of the night"


def test_signing_in_again_elsewhere_makes_no_form_of_this_tab_stale(cast: Cast, visitors: Visitors) -> None:
    with_a_password(cast)
    context = visitors.context(cast.ana)
    page = visitors.page(context, f"/settings/queues/{cast.support.pk}/")
    page.fill("#field-name", "Support of all")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    other = visitors.page(context, "/sign-in/login/")
    sign_in_again(other, cast.ana.email)
    other.wait_for_url(lambda url: "sign-in" not in url)
    save(page)
    expect(page.locator(".toast")).to_contain_text("Saved")
    assert Queue.objects.get(pk=cast.support.pk).name == "Support of all"


def test_nobody_else_finds_what_somebody_left_in_a_form(cast: Cast, visitors: Visitors) -> None:
    context = visitors.context(cast.ana)
    page = visitors.page(context, "/account/")
    page.fill("#field-name", "Anastasia")
    page.locator(".user-button").click()
    page.locator("[form=sign-out]").click()
    page.wait_for_url("**/sign-in/**")
    assert page.evaluate("Object.keys(sessionStorage).filter(name => name.startsWith('form:'))") == []


def test_a_ticket_comes_back_at_its_tab_and_where_one_was_reading(cast: Cast, open_as: Open) -> None:
    cast.at = clock.now()
    ticket = cast.ticket("\n".join(f"Line {number} of a long story" for number in range(45)))
    page = open_as(cast.ada, f"/tickets/{ticket.pk}/", height=600)
    page.keyboard.press("n")
    page.locator(".composer:visible textarea").fill("half a note")
    page.evaluate("document.querySelector('.pane-body[data-stick]').scrollTop = 40")
    page.wait_for_timeout(300)
    page.reload()
    expect(page.locator("[data-composers]")).to_have_attribute("data-shown", "note")
    expect(page.locator(".composer:visible textarea")).to_have_value("half a note")
    assert abs(page.evaluate("document.querySelector('.pane-body[data-stick]').scrollTop") - 40) < 5
