"""What the list of tickets weighs the first time somebody opens it: over the wire, with nothing in the cache."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from steward.core import clock
from tests.cast import Cast
from tests.chromium import Visitors
from tests.figures import show

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
KILOBYTES = 60
REQUESTS = 5


def fifty_rows(cast: Cast) -> None:
    cast.at = clock.now()
    for number in range(50):
        cast.ticket(
            f"Round {number}: which items of the {('video', 'audio', 'live')[number % 3]} queue count as borderline, and who decides?",
            priority=1 + number % 4,
            requester=(cast.ravi, cast.oto)[number % 2],
        )


def weigh(context: BrowserContext, address: str, path: str) -> list[tuple[str, float]]:
    """Open a page with the browser's own scales on; give each address with what came for it, headers included."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": False})
    asked: dict[str, str] = {}
    came: dict[str, float] = {}
    session.on("Network.requestWillBeSent", lambda event: asked.setdefault(event["requestId"], event["request"]["url"]))
    session.on(
        "Network.dataReceived",
        lambda event: came.update({event["requestId"]: came.get(event["requestId"], 0) + event["encodedDataLength"]}),
    )
    session.on("Network.loadingFinished", lambda event: came.update({event["requestId"]: event["encodedDataLength"]}))
    page.goto(f"{address}{path}")
    page.wait_for_load_state("load")
    page.wait_for_timeout(1500)
    return sorted(
        ((url.removeprefix(address), came.get(name, 0)) for name, url in asked.items() if not url.startswith("data:")),
        key=lambda one: -one[1],
    )


def test_the_list_of_fifty_tickets_is_light(cast: Cast, visitors: Visitors) -> None:
    fifty_rows(cast)
    context = visitors.context(cast.ada)
    context.add_cookies([{"name": "device", "value": "light", "url": visitors.address}])
    weighed = weigh(context, visitors.address, "/tickets/?view=unassigned")
    total = sum(size for _url, size in weighed) / 1000
    show(
        "weight",
        [
            f"The list with 50 rows: {total:.1f} KB in {len(weighed)} requests",
            *(f"  {size / 1000:6.1f} KB {url[:70]}" for url, size in weighed),
        ],
    )
    assert total <= KILOBYTES, weighed
    assert len(weighed) <= REQUESTS, weighed
    # Whoever comes back brings everything but the page itself along.
    again = weigh(context, visitors.address, "/tickets/?view=unassigned")
    assert sum(size for _url, size in again) / 1000 <= KILOBYTES / 3, again
