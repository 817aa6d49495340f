"""The requesters' screens in a real browser: they look right, fit the screen and are accessible."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from steward.desk.actions.answering import answer_question
from steward.desk.actions.filing import bytes_upload, store_file
from steward.desk.actions.intake import Origin, receive_message
from steward.desk.actions.replies import reply
from steward.desk.actions.settings import create_category
from steward.desk.models import Question
from steward.desk.rules.states import State
from tests.cast import SETUP, Cast
from tests.web.shared.conftest import violations

pytestmark = pytest.mark.browser
PICTURES = Path("test-results") / "requester"


@pytest.fixture(autouse=True)
def beside_an_event_loop(monkeypatch):
    # The browser is driven by an event loop in this thread, beside which Django would refuse its database.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


def story(desk: Cast) -> dict[str, int]:
    """Fill a requester's pages: one request in each state that matters to them."""
    desk.at -= timedelta(minutes=50)
    for name in ("Review console", "Access and sign-in", "Policy question"):
        create_category(values={"name": name}, by=SETUP, at=desk.at)
    desk.on_shift(desk.ada, desk.ben)
    waiting = desk.ticket(
        "Label changes on the review console do not save for video queue EU-West.\nSince 9:10 every change is gone after a reload."
    )
    talk = desk.ticket("Please add me to the appeals queue", origin=Origin(channel="chat"))
    solved = desk.ticket(
        "Hotkeys are missing in the new player", files=[store_file(bytes_upload("console.log", b"E1 hotkeys off\n"))]
    )
    over = desk.ticket("Where do I find the strike policy for live streams?")
    for one, body, then in (
        (talk, "Hello Ravi, which market is it for, and who is your lead?", State.PENDING),
        (solved, "The new player had them switched off for your role. It is on again; please reload.", State.SOLVED),
        (over, "It moved: https://wiki.example.com/policies/live#strikes", State.SOLVED),
    ):
        desk.later(minutes=4)
        reply(ticket_id=one.pk, body=body, then=then, by=desk.actor(desk.ada), at=desk.at)
    question = Question.objects.get(ticket=over, kind="confirmation")
    answer_question(question_id=question.pk, answer="yes", by=desk.actor(desk.ravi), at=desk.later(minutes=5))
    receive_message(ticket_id=talk.pk, body="EU-West, my lead is Lin.", by=desk.actor(desk.ravi), at=desk.later(minutes=1))
    reply(ticket_id=talk.pk, body="Thank you, done in a minute.", by=desk.actor(desk.ada), at=desk.later(minutes=1))
    return {"waiting": waiting.pk, "chat": talk.pk, "solved": solved.pk, "over": over.pk}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_of_a_requester_is_accessible_and_fits(
    served_desk, browse: Callable[..., Page], width: int, scheme: str
) -> None:
    desk, _address = served_desk
    made = story(desk)
    pages = {
        "home": "/portal/",
        "past": "/portal/?show=past",
        "waiting": f"/portal/requests/{made['waiting']}/",
        "solved": f"/portal/requests/{made['solved']}/",
        "over": f"/portal/requests/{made['over']}/",
        "chat": f"/chat/{made['chat']}/",
        "new-chat": "/chat/new/",
    }
    found = []
    for name, path in pages.items():
        page = browse(desk.ravi, path, width=width, scheme=scheme)
        page.wait_for_timeout(250)
        page.screenshot(path=PICTURES / f"{name}-{scheme}-{width}.png")
        found += [f"{name}: {one}" for one in violations(page)]
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found.append(f"{name} scrolls sideways")
        page.close()
    assert found == []
