"""The settings in a real browser: they look right, fit the screen, are accessible, and their livelier parts work."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from steward.desk.actions.settings import change_queue, create_category
from steward.ledger.models import ParkedStream
from steward.people.actions import change_requester, change_user, invite_user, set_roles
from steward.roster.actions import publish_calendar_version
from tests.cast import Cast
from tests.web.settings.browsing import faults
from tests.web.settings.story import SCREENS, address, calendar, policy

pytestmark = pytest.mark.browser
PICTURES = Path("test-results") / "settings"


def story(desk: Cast) -> None:
    """Fill the settings: some people, a tree, versions and a history."""
    by, at = desk.actor(desk.ana), desk.at
    access = create_category(values={"name": "Access and sign-in"}, by=by, at=at)
    for name in ("Password", "Two-step sign-in"):
        create_category(values={"name": name, "parent": access}, by=by, at=at)
    create_category(values={"name": "Review console"}, by=by, at=at)
    policy()
    hours = [
        {"weekday": day, "start": start, "end": end} for day in range(5) for start, end in (("09:00", "12:30"), ("13:30", "18:00"))
    ]
    night = [{"weekday": 4, "start": "22:00", "end": "06:00"}]
    holidays = [{"date": "2026-12-25", "name": "Christmas", "slots": []}]
    publish_calendar_version(
        calendar_id=calendar().pk, time_zone="Asia/Shanghai", slots=hours + night, holidays=holidays, by=by, at=at
    )
    change_queue(queue_id=desk.restricted.pk, values={"capacity": 4, "close_after": timedelta(days=5)}, by=by, at=at)
    change_user(user_id=desk.ada.pk, changes={"time_zone": "Asia/Singapore", "name": "Ada Lindqvist-Oyelaran"}, by=by, at=at)
    set_roles(user_id=desk.ada.pk, roles=["agent", "lead"], by=by, at=at)
    change_requester(requester_id=desk.ravi.pk, changes={"market": "EU-West", "client_version": "4.12.0"}, by=by, at=at)
    invite_user(email="new.colleague@desk.example", roles=["agent"], team_ids=[desk.team.pk], by=by, at=at)
    ParkedStream.objects.create(
        subscriber="sla.clocks",
        stream="ticket:12",
        event_id=1,
        error="DataError: value out of range\nDETAIL: row (…)",
        parked_at=at,
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_setting_is_accessible_and_fits(served_desk, browse: Callable[..., Page], width: int, scheme: str) -> None:
    desk, _address = served_desk
    story(desk)
    found, page = [], browse(desk.ana, "/settings/", width=width, scheme=scheme)
    for screen in SCREENS:
        if screen == "settings:policy_match":
            continue
        name = screen.partition(":")[2]
        page.goto(_address + address(screen, desk))
        found += faults(page, name)
        height = page.evaluate("document.getElementById('main').scrollHeight")
        page.set_viewport_size({"width": width, "height": min(max(844, height + 160), 2400)})
        page.screenshot(path=PICTURES / f"{name}-{scheme}-{width}.png")
        page.set_viewport_size({"width": width, "height": 844})
    assert found == []


def test_an_invitations_link_is_shown_once_and_joins_the_open_ones(served_desk, browse: Callable[..., Page]) -> None:
    desk, _address = served_desk
    page = browse(desk.ana, "/settings/people/invitations/")
    page.get_by_label("E-mail").fill("mara@desk.example")
    page.get_by_role("button", name="Make the invitation").click()
    link = page.get_by_label("One-time link")
    expect(link).to_be_visible()
    assert "/account/join/" in link.input_value()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    expect(page.locator("#invitations")).to_contain_text("mara@desk.example")
    page.screenshot(path=PICTURES / "invited.png")
    page.reload()
    expect(page.get_by_label("One-time link")).to_have_count(0)
    page.get_by_role("button", name="Withdraw").click()
    page.get_by_role("button", name="Yes, go on").click()
    expect(page.locator("#toaster")).to_contain_text("withdrawn")


def test_hours_are_drawn_while_they_are_typed_and_a_mistake_is_told_at_its_day(served_desk, browse: Callable[..., Page]) -> None:
    desk, _address = served_desk
    page = browse(desk.ana, address("settings:calendar", desk))
    preview = page.locator("#hours-preview")
    page.locator("[name=slots_0]").fill("22:00-06:00")
    expect(preview).to_contain_text("22:00–24:00")
    page.locator("[name=slots_1]").fill("nine to five")
    expect(preview).to_contain_text("is not a span of hours")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("[name=slots_1]")).to_have_attribute("aria-invalid", "true")
    page.locator("[name=slots_1]").fill("9-17")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("#toaster")).to_contain_text("Version 2 counts from now on")
    page.screenshot(path=PICTURES / "published.png")


def test_policies_are_tried_out_as_the_sample_is_changed(served_desk, browse: Callable[..., Page]) -> None:
    desk, _address = served_desk
    policy()
    page = browse(desk.ana, "/settings/policies/")
    answer = page.locator("#match-answer")
    expect(answer).to_contain_text("Standard")
    page.get_by_label("Priority").select_option("1")
    expect(answer).to_contain_text("Urgent and high")
    page.screenshot(path=PICTURES / "matched.png")


def test_people_are_found_while_the_name_is_typed(served_desk, browse: Callable[..., Page]) -> None:
    desk, _address = served_desk
    page = browse(desk.ana, "/settings/people/")
    page.get_by_role("searchbox").fill("be")
    expect(page.locator("#people tbody tr")).to_have_count(1)
    expect(page.locator("#people")).to_contain_text("Ben")
    assert "q=be" in page.url


def test_the_last_admin_stays_and_the_page_says_why(served_desk, browse: Callable[..., Page]) -> None:
    desk, _address = served_desk
    page = browse(desk.ana, f"/settings/people/{desk.ana.pk}/")
    page.get_by_role("button", name="Deactivate").click()
    page.get_by_role("button", name="Yes, go on").click()
    expect(page.locator("#toaster")).to_contain_text("This is the last admin")
