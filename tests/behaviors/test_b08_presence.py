"""B8. Who is at a ticket: in memory only, the same in every process, and silent for whom it is none of their business."""

import asyncio
import json
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from steward.desk.actions.changing import transfer_ticket
from steward.desk.actions.drafts import Typed, save_draft
from steward.desk.actions.settings import revoke_queue_access
from steward.desk.models import Draft
from steward.people.queries import requester_of
from steward.web.live import stream, whispers
from steward.web.live.hub import Hub
from steward.web.live.listening import Listener
from steward.web.live.presence import FORGET_AFTER, TYPING_FOR, Presence, Seen
from steward.web.live.topics import Sight
from tests.cast import SETUP, Cast, user
from tests.web.live.test_stream import Browser, in_thread, opened, run, session_of
from tests.web.ticket.acting import as_


def seen(person: int, mode: str = "view", *, tab: str = "a", ticket: int = 12, queue: int = 3, name: str = "") -> Seen:
    return Seen(ticket, queue, person, name or f"P{person}", mode, tab)


def doing(presence: Presence, **but: int) -> list[tuple[object, object]]:
    return [(one["id"], one["does"]) for one in presence.people_at(12, **but)]


def test_the_loudest_of_a_persons_tabs_counts_and_the_loudest_person_stands_first() -> None:
    presence = Presence()
    assert presence.hear(seen(5), now=0)
    assert not presence.hear(seen(5), now=1), "still looking is no news"
    assert presence.hear(seen(5, "reply", tab="b"), now=2)
    presence.hear(seen(6, "note"), now=2)
    presence.hear(seen(7), now=2)
    presence.hear(seen(0, "reply"), now=2)
    assert doing(presence) == [(0, "requester"), (5, "reply"), (6, "note"), (7, "view")]
    assert doing(presence, but=5) == [(0, "requester"), (6, "note"), (7, "view")]
    assert presence.hear(seen(5, "left", tab="b"), now=3)
    assert (5, "view") in doing(presence)


def test_whoever_is_not_heard_of_stops_writing_then_looking_and_a_requester_is_gone_at_once() -> None:
    presence = Presence()
    presence.hear(seen(5, "reply"), now=0)
    presence.hear(seen(0, "reply"), now=0)
    assert presence.expire(now=TYPING_FOR - 1) == []
    assert presence.expire(now=TYPING_FOR) == [12]
    assert doing(presence) == [(5, "view")]
    assert presence.expire(now=FORGET_AFTER - 1) == []
    assert presence.expire(now=FORGET_AFTER) == [12]
    assert doing(presence) == []
    assert presence.queue_of(12) == 0


def test_a_process_that_starts_learns_from_the_others_who_is_where_and_for_how_long() -> None:
    old, new = Presence(), Presence()
    for person in range(1, 40):
        old.hear(seen(person, "note" if person % 2 else "view", ticket=person % 3, name="名" * 60), now=0)
    payloads = list(whispers.tell(old.everybody(now=5), answers="q"))
    assert all(len(payload.encode()) < 8_000 for payload in payloads)
    for payload in payloads:
        told = whispers.read(payload)
        assert isinstance(told, whispers.Told)
        for one in told.seen:
            new.hear(one, now=100)
    assert [new.people_at(ticket) for ticket in range(3)] == [old.people_at(ticket) for ticket in range(3)]
    assert new.expire(now=100 + FORGET_AFTER - 5) != []


@pytest.mark.parametrize(
    "payload", ["", "nonsense", "[]", "{}", '{"here": [[1]]}', '{"here": 7}', '{"stir": 3, "queue": 1}', "null"]
)
def test_what_nobody_meant_is_passed_over(payload: str) -> None:
    assert whispers.read(payload) is None


def say(who: Client, ticket: int, mode: str, **more: str) -> int:
    return who.post("/here/", {"ticket": ticket, "mode": mode, "tab": "t", **more}).status_code


def rooms(browser: Browser) -> list[tuple[int, list[tuple[str, str]]]]:
    told = [json.loads(line[6:]) for line in browser.text.splitlines() if line.startswith('data: {"ticket"')]
    return [(one["ticket"], [(person["name"], person["does"]) for person in one["people"]]) for one in told]


def last(browser: Browser, wanted: list[tuple[str, str]]) -> Callable[[], bool]:
    return lambda: bool(rooms(browser)) and rooms(browser)[-1][1] == wanted


def test_a_colleague_on_the_same_ticket_is_seen_looking_and_writing_and_nothing_is_stored(fresh_cast: Cast) -> None:
    ticket, session, ben = fresh_cast.ticket(), session_of(fresh_cast.ada), as_(fresh_cast.ben)

    def rows() -> list[tuple[str, int]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT relname, n_tup_ins + n_tup_upd FROM pg_stat_xact_user_tables WHERE relname <> 'django_session'")
            return sorted((name, count) for name, count in cursor.fetchall() if count)

    async def story() -> None:
        async with opened(session, f"ticket:{ticket.pk},here:{ticket.pk}") as browser:
            for mode in ("view", "reply", "note", "view"):
                assert await in_thread(lambda mode=mode: say(ben, ticket.pk, mode))() == 204
                await browser.until(last(browser, [("Ben", mode)]))
            await in_thread(lambda: say(ben, ticket.pk, "left"))()
            await browser.until(last(browser, []))
            assert await in_thread(rows)() == []

    run(story)


def test_one_sees_nobody_in_oneself_and_a_page_opened_later_is_told_at_once(fresh_cast: Cast) -> None:
    ticket, topics = fresh_cast.ticket(), f"here:{fresh_cast.ticket().pk - 1}"
    ada, ben = session_of(fresh_cast.ada), as_(fresh_cast.ben)

    async def story() -> None:
        async with opened(ada, topics) as first:
            await in_thread(lambda: say(as_(fresh_cast.ada), ticket.pk, "reply"))()
            await in_thread(lambda: say(ben, ticket.pk, "note"))()
            await first.until(last(first, [("Ben", "note")]))
            assert all(name != "Ada" for _ticket, people in rooms(first) for name, _does in people)
            async with opened(session_of_ben, topics) as second:
                await second.until(last(second, [("Ada", "reply")]))

    session_of_ben = session_of(fresh_cast.ben)
    run(story)


def test_requesters_and_people_out_of_sight_hear_and_tell_nothing(fresh_cast: Cast) -> None:
    asks = user("Rita", "requester")
    ticket = fresh_cast.ticket(requester=requester_of(asks.pk))
    grave = fresh_cast.ticket("Grave", queue=fresh_cast.restricted)
    topics = f"here:{ticket.pk},here:{grave.pk},writing:{ticket.pk}"
    theirs, adas, lins = session_of(asks), session_of(fresh_cast.ada), session_of(fresh_cast.lin)

    async def story() -> None:
        async with opened(theirs, topics) as rita, opened(adas, topics) as ada, opened(lins, topics) as lin:
            await in_thread(lambda: say(as_(fresh_cast.lin), grave.pk, "reply"))()
            await in_thread(lambda: say(as_(fresh_cast.ada), grave.pk, "reply"))()
            await in_thread(lambda: say(as_(asks), ticket.pk, "view"))()
            await in_thread(lambda: say(as_(asks), ticket.pk, "view", **{"as": "requester"}))()
            await in_thread(lambda: say(as_(fresh_cast.ben), ticket.pk, "view"))()
            await in_thread(
                lambda: save_draft(
                    ticket_id=ticket.pk,
                    kind=Draft.Kind.REPLY,
                    typed=Typed("Hello"),
                    by=fresh_cast.actor(fresh_cast.ben),
                    at=fresh_cast.at,
                )
            )()
            await lin.until(last(lin, [("Ben", "view")]))
            await asyncio.sleep(0.3)
            assert rooms(rita) == []
            assert rita.topics() == set()
            assert ada.topics() == {f"writing:{ticket.pk}"}
            assert [people for number, people in rooms(ada) if number == grave.pk] == []
            assert [people for number, people in rooms(lin) if number == grave.pk] == []

    run(story)


def test_agents_see_a_requester_type_in_the_chat_and_nobody_types_for_them(fresh_cast: Cast) -> None:
    asks, other = user("Rita", "requester"), user("Otto", "requester")
    ticket = fresh_cast.ticket(requester=requester_of(asks.pk))
    session = session_of(fresh_cast.ada)

    async def story() -> None:
        async with opened(session, f"here:{ticket.pk}") as ada:
            for who in (other, fresh_cast.ben):
                await in_thread(lambda who=who: say(as_(who), ticket.pk, "reply", **{"as": "requester"}))()
            await in_thread(lambda: say(as_(asks), ticket.pk, "reply", **{"as": "requester"}))()
            await ada.until(last(ada, [("Rita", "requester")]))
            await in_thread(lambda: say(as_(asks), ticket.pk, "left", **{"as": "requester"}))()
            await ada.until(last(ada, []))
            assert {name for _ticket, people in rooms(ada) for name, _does in people} == {"Rita"}

    run(story)


def test_a_ticket_that_moves_out_of_sight_takes_its_people_along(fresh_cast: Cast) -> None:
    ticket, session, lins = fresh_cast.ticket(), session_of(fresh_cast.ada), session_of(fresh_cast.lin)

    async def story() -> None:
        async with opened(session, f"here:{ticket.pk}") as ada, opened(lins, f"here:{ticket.pk}") as lin:
            await in_thread(lambda: say(as_(fresh_cast.ben), ticket.pk, "reply"))()
            await ada.until(last(ada, [("Ben", "reply")]))
            await in_thread(
                lambda: transfer_ticket(
                    ticket_id=ticket.pk,
                    queue_id=fresh_cast.restricted.pk,
                    reason="Grave",
                    by=fresh_cast.actor(fresh_cast.lin),
                    at=fresh_cast.at,
                )
            )()
            await ada.until(last(ada, []))
            assert rooms(lin)[-1][1] == [("Ben", "reply")]

    run(story)


def test_who_loses_sight_of_a_queue_sees_the_people_go(fresh_cast: Cast) -> None:
    grave, lins = fresh_cast.ticket("Grave", queue=fresh_cast.restricted), session_of(fresh_cast.lin)
    queue = fresh_cast.restricted.pk

    async def story() -> None:
        async with opened(lins, f"here:{grave.pk}") as lin:
            await in_thread(lambda: connection_notify(next(whispers.tell([Seen(grave.pk, queue, 99, "Zed", "reply", "t")]))))()
            await lin.until(last(lin, [("Zed", "reply")]))
            await in_thread(lambda: revoke_queue_access(queue_id=queue, user_id=fresh_cast.lin.pk, by=SETUP, at=fresh_cast.at))()
            await lin.until(last(lin, []))

    run(story)


def connection_notify(payload: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [whispers.CHANNEL, payload])


def test_two_processes_agree_also_when_the_second_starts_later(fresh_cast: Cast) -> None:
    ticket = fresh_cast.ticket()
    sight = Sight(user_id=fresh_cast.ada.pk, requester_id=None, queue_ids=frozenset({ticket.queue_id}))
    topics = frozenset({f"here:{ticket.pk}"})

    async def until(hub: Hub, listener: Listener, wanted: list[str]) -> None:
        async with asyncio.timeout(5):
            while True:
                for _ticket, people in hub.people_at(listener):
                    if [person["does"] for person in people] == wanted:
                        return
                await asyncio.sleep(0.02)

    async def story() -> None:
        first, second = stream.hub(), Hub(stream.hub()._parameters)
        one, two = Listener(topics, sight, ""), Listener(topics, sight, "")
        await first.join(one, after=None)
        try:
            # Asked before it listens, a process would miss it: the page says so again soon.
            while not first.people_at(one):
                await in_thread(lambda: say(as_(fresh_cast.ben), ticket.pk, "reply"))()
                await asyncio.sleep(0.05)
            await second.join(two, after=None)
            await until(second, two, ["reply"])
            await in_thread(lambda: say(as_(fresh_cast.ben), ticket.pk, "left"))()
            await asyncio.gather(until(first, one, []), until(second, two, []))
        finally:
            second.stop()

    run(story)


def test_the_address_takes_only_what_makes_sense(cast: Cast) -> None:
    ticket = cast.ticket()
    assert say(Client(), ticket.pk, "view") == 401
    for bad in ("", "shout", "view; DROP TABLE"):
        assert say(as_(cast.ada), ticket.pk, bad) == 204
    assert as_(cast.ada).post("/here/", {"ticket": "9" * 40, "mode": "view"}).status_code == 204
    assert as_(cast.ada).get("/here/").status_code == 405
