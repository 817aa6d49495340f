"""Every screen in light and dark, wide and narrow: it fits, it is accessible, and the browser has nothing to complain of."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from steward.desk.models import Category, Status, Ticket
from steward.people.models import Requester, User
from steward.roster.models import BusinessCalendar, Shift
from steward.sla.models import Policy
from tests.browser.story import fill
from tests.cast import Cast
from tests.chromium import PICTURES, Visitors, scrolls_sideways, settle, violations

pytestmark = pytest.mark.browser
LOOKS = (("light", 1280), ("dark", 1280), ("dark", 390), ("light", 390))
# Colors differ by scheme and places by width: two looks show both.
EXAMINED = {("light", 1280), ("dark", 390)}


@pytest.fixture(scope="module")
def tickets(desk) -> dict[str, Ticket]:
    return fill(desk[1])


Screens = dict[str, str]


def nobodys(_cast: Cast, _tickets: dict[str, Ticket]) -> Screens:
    return {
        "sign-in": "/sign-in/login/",
        "forgotten": "/sign-in/password/reset/",
        "dead-link": "/account/join/there-is-no-such-link/",
    }


def ravis(_cast: Cast, tickets: dict[str, Ticket]) -> Screens:
    requests = {f"request-{name}": f"/portal/requests/{tickets[name].pk}/" for name in ("labels", "solved", "over")}
    return {
        "home": "/portal/",
        "past": "/portal/?show=past",
        "ask": "/portal/ask/",
        **requests,
        "new-chat": "/chat/new/",
        "account": "/account/",
        "not-found": "/portal/requests/99999/",
    }


def otos(_cast: Cast, tickets: dict[str, Ticket]) -> Screens:
    return {"request-in-line": f"/portal/requests/{tickets['rtl'].pk}/"}


def adas(_cast: Cast, tickets: dict[str, Ticket]) -> Screens:
    return {
        "inbox": "/tickets/?view=open",
        "mine": "/tickets/?view=mine",
        "empty": "/tickets/?view=unassigned&priority=4",
        "search": "/tickets/?q=labels",
        "follow-ups": "/follow-ups/",
        **{f"ticket-{name}": f"/tickets/{tickets[name].pk}/?view=open" for name in ("labels", "rtl", "solved", "over", "held")},
        "shifts": "/shifts/",
        "notices": "/notices/",
        "account": "/account/",
        "forbidden": "/settings/people/",
        "not-found": "/tickets/99999/",
    }


def lins(cast: Cast, _tickets: dict[str, Ticket]) -> Screens:
    shift = Shift.objects.filter(user=cast.ben).latest("starts_at")
    return {
        "report": "/report/daily/",
        "report-rows": f"/report/daily/{cast.at:%Y-%m-%d}/backlog/?zone=UTC",
        "shifts": "/shifts/",
        "new-shift": "/shifts/new/",
        "shift": f"/shifts/{shift.pk}/",
    }


def anas(cast: Cast, _tickets: dict[str, Ticket]) -> Screens:
    lists = (
        "",
        "people/",
        "people/invitations/",
        "teams/",
        "requesters/",
        "queues/",
        "categories/",
        "statuses/",
        "calendars/",
        "policies/",
        "system/",
    )
    single = {
        "people": cast.ben.pk,
        "teams": cast.team.pk,
        "requesters": cast.ravi.pk,
        "queues": cast.restricted.pk,
        "categories": Category.objects.earliest("id").pk,
        "statuses": Status.objects.earliest("id").pk,
        "calendars": BusinessCalendar.objects.earliest("id").pk,
        "policies": Policy.objects.earliest("id").pk,
    }
    return {f"settings-{name.replace('/', '-').rstrip('-')}": f"/settings/{name}" for name in lists} | {
        f"settings-{name}-one": f"/settings/{name}/{pk}/" for name, pk in single.items()
    }


def enos(_cast: Cast, _tickets: dict[str, Ticket]) -> Screens:
    return {"inbox": "/tickets/", "shifts": "/shifts/"}


def examined(page: Page, name: str) -> Iterator[str]:
    for scheme, width in LOOKS:
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        settle(page)
        page.screenshot(path=PICTURES / "screens" / f"{name}-{scheme}-{width}.png")
        if scrolls_sideways(page):
            yield f"{name} {width}: the page scrolls sideways"
        if (scheme, width) in EXAMINED:
            yield from (f"{name} {scheme} {width}: {one}" for one in violations(page))


def look(visitors: Visitors, who: User | Requester | None, whose: str, screens: Screens) -> list[str]:
    found: list[str] = []
    context = visitors.context(who)
    page = visitors.page(context, "/healthz")
    for name, path in screens.items():
        answer = page.goto(f"{visitors.address}{path}")
        expected = {"not-found": 404, "forbidden": 403, "dead-link": 404}.get(name, 200)
        if answer is None or answer.status != expected:
            found.append(f"{name}: answered with {answer and answer.status}")
            continue
        if not page.title() or not page.locator("h1").count():
            found.append(f"{name}: has no title or heading")
        found += examined(page, f"{whose}-{name}")
    return found


@pytest.mark.parametrize(
    ("whose", "screens"),
    [("nobody", nobodys), ("ravi", ravis), ("oto", otos), ("ada", adas), ("lin", lins), ("ana", anas), ("eno", enos)],
)
def test_every_screen_fits_and_is_accessible_in_every_look(
    cast: Cast, tickets: dict[str, Ticket], visitors: Visitors, whose: str, screens: Callable[[Cast, dict[str, Ticket]], Screens]
) -> None:
    found = look(visitors, getattr(cast, whose, None), whose, screens(cast, tickets))
    assert not found, "\n".join(found)


def test_a_phone_shows_the_chat_from_its_first_word_to_the_rating(
    cast: Cast, tickets: dict[str, Ticket], visitors: Visitors
) -> None:
    mara = Requester.objects.get(pk=tickets["access"].requester_id)
    assert look(visitors, mara, "mara", {"chat": f"/chat/{tickets['access'].pk}/", "home": "/portal/"}) == []
