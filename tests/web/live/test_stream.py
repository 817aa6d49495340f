"""The event stream as a browser gets it, on a database that really commits."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections

from steward.channels.actions.widget_sites import change_widget_site
from steward.core import clock
from steward.desk.actions.intake import receive_message
from steward.desk.actions.merging import merge_tickets
from steward.desk.actions.participants import add_participant, remove_participant
from steward.desk.actions.replies import add_note, reply
from steward.desk.models import Ticket
from steward.people.models import User
from steward.people.queries import requester_of
from steward.web.live import stream, widget
from tests.cast import SETUP, Cast, user
from tests.channels.widget.signing import site_of
from tests.server import SERVER
from tests.web.widget.pages import Page


class Browser:
    """One open stream, driven as the server drives it."""

    def __init__(self) -> None:
        self.status = 0
        self.text = ""
        self.news = asyncio.Condition()
        self.gone = asyncio.Event()
        self.ended = False

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        async with self.news:
            if message["type"] == "http.response.start":
                self.status = message["status"]
            else:
                self.text += message.get("body", b"").decode()
                self.ended = not message.get("more_body", False)
            self.news.notify_all()

    async def until(self, ready: Callable[[], bool], *, seconds: float = 5) -> None:
        async with self.news:
            await asyncio.wait_for(self.news.wait_for(ready), seconds)

    def topics(self) -> set[str]:
        lines = [line[6:] for line in self.text.splitlines() if line.startswith('data: {"topics"')]
        return {topic for line in lines for topic in json.loads(line)["topics"]}


def session_of(who: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(who.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = who.get_session_auth_hash()
    session.create()
    assert session.session_key
    return session.session_key


@asynccontextmanager
async def opened(session: str, topics: str, *, after: str = "") -> AsyncIterator[Browser]:
    browser = Browser()
    scope = {
        "type": "http",
        "query_string": f"topics={topics}&after={after}".encode(),
        "headers": [(b"cookie", f"sessionid={session}".encode())],
    }
    task = asyncio.create_task(stream.app(scope, browser.receive, browser.send))
    try:
        await browser.until(lambda: browser.status != 0 and browser.text != "")
        yield browser
    finally:
        browser.gone.set()
        await asyncio.wait_for(task, 5)


def run(story: Callable[[], Awaitable[None]]) -> None:
    """Run a story on a hub and an event loop of its own."""

    async def whole() -> None:
        stream._hub = None
        try:
            await story()
        finally:
            if stream._hub is not None:
                stream._hub.stop()
            stream._hub = None
            await sync_to_async(connections.close_all, thread_sensitive=False)()

    asyncio.run(whole())


in_thread = sync_to_async(thread_sensitive=False)


def test_an_agent_is_told_which_ticket_changed_and_nothing_of_what_was_said(fresh_cast: Cast):
    ticket, session = fresh_cast.ticket(), session_of(fresh_cast.ada)
    ravi = fresh_cast.actor(fresh_cast.ravi)

    async def story() -> None:
        async with opened(session, f"ticket:{ticket.pk},queue:{ticket.queue_id}") as browser:
            await in_thread(lambda: receive_message(ticket_id=ticket.pk, body="secret words", by=ravi, at=fresh_cast.at))()
            await browser.until(lambda: bool(browser.topics()))
            assert browser.topics() == {f"ticket:{ticket.pk}", f"queue:{ticket.queue_id}"}
            assert "secret" not in browser.text

    run(story)


def test_a_note_does_not_stir_the_requesters_page_but_a_reply_does(fresh_cast: Cast):
    ravi_signs_in = user("Ravi", "requester")
    ticket, session = fresh_cast.ticket(requester=requester_of(ravi_signs_in.pk)), session_of(ravi_signs_in)
    ada = fresh_cast.actor(fresh_cast.ada)

    async def story() -> None:
        async with opened(session, f"ticket:{ticket.pk}") as browser:
            await in_thread(lambda: add_note(ticket_id=ticket.pk, body="among us", by=ada, at=fresh_cast.at))()
            with pytest.raises(TimeoutError):
                await browser.until(lambda: bool(browser.topics()), seconds=0.7)
            await in_thread(lambda: reply(ticket_id=ticket.pk, body="hello", by=ada, at=fresh_cast.at))()
            await browser.until(lambda: bool(browser.topics()))

    run(story)


def test_who_asked_on_a_merged_request_hears_there_how_it_goes_on(fresh_cast: Cast):
    tom = user("Tom", "requester")
    ticket, other = fresh_cast.ticket(), fresh_cast.ticket(requester=requester_of(tom.pk))
    ada = fresh_cast.actor(fresh_cast.ada)
    merge_tickets(source_ids=[other.pk], target_id=ticket.pk, by=ada, at=fresh_cast.at)
    session, talk = session_of(tom), other.conversation_set.get().pk

    async def story() -> None:
        async with opened(session, f"ticket:{other.pk}") as browser:
            await in_thread(lambda: reply(ticket_id=ticket.pk, body="hello", to=[talk], by=ada, at=fresh_cast.at))()
            await browser.until(lambda: f"ticket:{other.pk}" in browser.topics())

    run(story)


def test_who_takes_part_hears_of_it_until_they_are_taken_out(fresh_cast: Cast):
    tom, ticket, ada = user("Tom", "requester"), fresh_cast.ticket(), fresh_cast.actor(fresh_cast.ada)
    asks = requester_of(tom.pk)
    fresh_cast.ticket(requester=asks)
    add_participant(ticket_id=ticket.pk, requester_id=asks.pk, by=ada, at=fresh_cast.at)
    session = session_of(tom)

    async def story() -> None:
        async with opened(session, f"ticket:{ticket.pk}") as browser:
            await in_thread(lambda: reply(ticket_id=ticket.pk, body="hello", by=ada, at=fresh_cast.at))()
            await browser.until(lambda: f"ticket:{ticket.pk}" in browser.topics())
        await in_thread(lambda: remove_participant(ticket_id=ticket.pk, requester_id=asks.pk, by=ada, at=fresh_cast.at))()
        async with opened(session, f"ticket:{ticket.pk}") as browser:
            await in_thread(lambda: reply(ticket_id=ticket.pk, body="not to them", by=ada, at=fresh_cast.at))()
            with pytest.raises(TimeoutError):
                await browser.until(lambda: bool(browser.topics()), seconds=0.7)

    run(story)


def test_a_restricted_queue_is_silent_for_all_but_the_named(fresh_cast: Cast):
    ticket = fresh_cast.ticket(queue=fresh_cast.restricted)
    outsider, named = session_of(fresh_cast.ada), session_of(fresh_cast.lin)
    ravi, topics = fresh_cast.actor(fresh_cast.ravi), f"ticket:{ticket.pk},queue:{ticket.queue_id}"

    async def story() -> None:
        async with opened(outsider, topics) as ada, opened(named, topics) as lin:
            await in_thread(lambda: receive_message(ticket_id=ticket.pk, body="more", by=ravi, at=fresh_cast.at))()
            await lin.until(lambda: bool(lin.topics()))
            await asyncio.sleep(0.2)
            assert ada.topics() == set()

    run(story)


def test_who_comes_back_is_told_what_was_missed(fresh_cast: Cast):
    ticket, session, ravi = fresh_cast.ticket(), session_of(fresh_cast.ada), fresh_cast.actor(fresh_cast.ravi)

    async def story() -> None:
        async with opened(session, f"ticket:{ticket.pk}") as browser:
            seen = browser.text.split("id: ")[1].split("\n")[0]
        await in_thread(lambda: receive_message(ticket_id=ticket.pk, body="missed", by=ravi, at=fresh_cast.at))()
        async with opened(session, "ticket:999") as other:
            await asyncio.sleep(0.3)
            assert other.topics() == set()
            async with opened(session, f"ticket:{ticket.pk}", after=seen) as again:
                await again.until(lambda: bool(again.topics()))

    run(story)


def test_a_change_that_commits_late_with_a_lower_id_is_still_told(fresh_cast: Cast):
    first, second = fresh_cast.ticket(), fresh_cast.ticket("Another one")
    session = session_of(fresh_cast.ada)
    insert = "INSERT INTO ledger_event (stream, kind, payload, actor_kind, occurred_at) VALUES (%s, 'desk.note_added', '{}', 'agent', now())"

    async def story() -> None:
        dsn = SERVER.dsn(str(connections["default"].settings_dict["NAME"]))
        async with opened(session, f"ticket:{first.pk},ticket:{second.pk}") as browser:
            slow = await psycopg.AsyncConnection.connect(dsn)
            async with slow:
                await slow.execute(insert, [f"ticket:{first.pk}"])
                quick = await psycopg.AsyncConnection.connect(dsn, autocommit=True)
                async with quick:
                    await quick.execute(insert, [f"ticket:{second.pk}"])
                await browser.until(lambda: f"ticket:{second.pk}" in browser.topics())
                assert f"ticket:{first.pk}" not in browser.topics()
                await slow.commit()
            await browser.until(lambda: f"ticket:{first.pk}" in browser.topics())

    run(story)


def test_a_deactivated_user_is_cut_off_and_a_stranger_never_let_in(fresh_cast: Cast):
    session = session_of(fresh_cast.ada)
    User.objects.filter(pk=fresh_cast.ben.pk).update(is_active=False)
    gone = session_of(fresh_cast.ben)

    async def story() -> None:
        for key in ("", "nonsense", gone):
            async with opened(key, "ticket:1") as refused:
                assert refused.status == 401
        async with opened(session, "ticket:1") as browser:
            await in_thread(lambda: User.objects.filter(pk=fresh_cast.ada.pk).update(is_active=False))()
            for listener in stream.hub().listeners:
                listener.stale = True
                listener.wake.set()
            await browser.until(lambda: browser.ended)
            assert "event: bye" in browser.text

    run(story)


def test_what_happened_between_the_drawing_of_a_page_and_its_stream_is_told(fresh_cast: Cast):
    ticket, session, ravi = fresh_cast.ticket(), session_of(fresh_cast.ada), fresh_cast.actor(fresh_cast.ravi)

    async def story() -> None:
        async with opened(session, "ticket:999") as earlier:
            await in_thread(lambda: receive_message(ticket_id=ticket.pk, body="just now", by=ravi, at=fresh_cast.at))()
            await asyncio.sleep(0.3)
            assert earlier.topics() == set()
            async with opened(session, f"ticket:{ticket.pk}", after="&age=5000") as young:
                await young.until(lambda: bool(young.topics()))
            async with opened(session, f"ticket:{ticket.pk}", after="&age=100") as younger:
                await asyncio.sleep(0.2)
                assert younger.topics() == set()

    run(story)


@asynccontextmanager
async def on_a_page(
    session: str, ticket: str = "", *, origin: str = "https://console.example", method: str = "GET", after: str = ""
) -> AsyncIterator[Browser]:
    browser = Browser()
    scope = {
        "type": "http",
        "method": method,
        "query_string": f"ticket={ticket}".encode(),
        "headers": [
            (b"authorization", f"Bearer {session}".encode()),
            (b"origin", origin.encode()),
            (b"last-event-id", after.encode()),
        ],
    }
    task = asyncio.create_task(widget.app(scope, browser.receive, browser.send))
    try:
        await browser.until(lambda: browser.status != 0 and (browser.text != "" or method == "OPTIONS"))
        yield browser
    finally:
        browser.gone.set()
        await asyncio.wait_for(task, 5)


def test_the_widget_hears_of_its_person_s_requests_and_of_nobody_else_s(fresh_cast: Cast) -> None:
    site = site_of(clock.now())
    page, other = Page(site), Page(site, sub="u-9", email="noor@console.example")
    assert (page.open().status_code, other.open().status_code) == (200, 200)
    ticket = Ticket.objects.get(pk=page.say("Hello", "t1").json()["ticket"]["id"])

    async def story() -> None:
        async with on_a_page(page.session, str(ticket.pk)) as mine, on_a_page(other.session) as theirs:
            await in_thread(lambda: reply(ticket_id=ticket.pk, body="Yes?", by=fresh_cast.actor(fresh_cast.ada), at=clock.now()))()
            await mine.until(lambda: f"ticket:{ticket.pk}" in mine.topics())
            assert theirs.topics() == set()
        # Whoever comes back is told what happened since the event they know.
        async with on_a_page(page.session, str(ticket.pk), after="1") as again:
            await again.until(lambda: f"ticket:{ticket.pk}" in again.topics())
        for session, asked, origin, status in (
            (other.session, str(ticket.pk), "https://console.example", 401),
            (page.session, "", "https://evil.example", 401),
            ("made up", "", "https://console.example", 401),
        ):
            async with on_a_page(session, asked, origin=origin) as refused:
                assert refused.status == status
        async with on_a_page("", method="OPTIONS") as asking:
            assert asking.status == 204

    run(story)


def test_the_widget_s_stream_ends_with_its_site(fresh_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "RECHECK_SECONDS", 0.0)
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.1)
    site = site_of(clock.now())
    page = Page(site)
    page.open()

    async def story() -> None:
        async with on_a_page(page.session) as mine:
            assert mine.status == 200
            await in_thread(lambda: change_widget_site(site_id=site.pk, values={"is_active": False}, by=SETUP, at=clock.now()))()
            await mine.until(lambda: mine.ended)
            assert "event: bye" in mine.text

    run(story)
