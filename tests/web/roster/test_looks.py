"""The shifts in a real browser: they look right, fit the screen, are accessible, and a shift is entered by hand."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from steward.people.actions import change_user
from steward.roster.actions import add_shift
from steward.roster.models import Shift, ShiftKind
from tests.cast import SETUP, Cast
from tests.web.settings.browsing import faults

pytestmark = pytest.mark.browser
PICTURES = Path("test-results") / "roster"


def story(desk: Cast) -> Shift:
    """Fill a week: three people in three zones, an on-call engineer, a night, and a gap."""
    for who, zone in ((desk.ada, "Asia/Singapore"), (desk.ben, "Europe/Dublin"), (desk.eno, "America/New_York")):
        change_user(user_id=who.pk, changes={"time_zone": zone}, by=SETUP, at=desk.at)
        who.refresh_from_db()
    monday = (desk.at - timedelta(days=desk.at.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    made = []
    for day in range(7):
        start = monday + timedelta(days=day)
        for who, hour, hours in ((desk.ada, 1, 8), (desk.ben, 9, 8), (desk.lin, 22, 8)):
            if (who, day) not in {(desk.ben, 2), (desk.lin, 5)}:
                made.append(
                    add_shift(
                        user=who,
                        starts_at=start + timedelta(hours=hour),
                        ends_at=start + timedelta(hours=hour + hours),
                        by=SETUP,
                        at=desk.at,
                    )
                )
    add_shift(
        user=desk.eno,
        kind=ShiftKind.ON_CALL,
        starts_at=monday,
        ends_at=monday + timedelta(days=7),
        note="Page me",
        by=SETUP,
        at=desk.at,
    )
    return made[-1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_shifts_are_accessible_and_fit(served_desk, browse: Callable[..., Page], width: int, scheme: str) -> None:
    desk, address = served_desk
    shift = story(desk)
    found, page = [], browse(desk.lin, "/shifts/", width=width, scheme=scheme)
    paths = {
        "week": "/shifts/",
        "next": f"/shifts/?week={desk.at.date() + timedelta(days=7)}",
        "new": "/shifts/new/",
        "change": f"/shifts/{shift.pk}/",
    }
    for name, path in paths.items():
        page.goto(address + path)
        found += faults(page, name)
        height = page.evaluate("document.getElementById('main').scrollHeight")
        page.set_viewport_size({"width": width, "height": min(max(844, height + 120), 2400)})
        page.screenshot(path=PICTURES / f"{name}-{scheme}-{width}.png")
        page.set_viewport_size({"width": width, "height": 844})
    assert found == []


def test_a_shift_is_entered_and_one_that_overlaps_it_is_refused_by_name(served_desk, browse: Callable[..., Page]) -> None:
    desk, address = served_desk
    page = browse(desk.lin, f"/shifts/new/?user={desk.ada.pk}")
    page.get_by_label("And on so many more days").fill("2")
    page.get_by_role("button", name="Enter shift").click()
    expect(page.locator("#toaster")).to_contain_text("3 shifts entered")
    page.goto(f"{address}/shifts/new/?user={desk.ada.pk}")
    page.get_by_role("button", name="Enter shift").click()
    expect(page.locator("#toaster")).to_contain_text("Ada already has shift")
    page.screenshot(path=PICTURES / "overlap.png")
    assert Shift.objects.count() == 3
