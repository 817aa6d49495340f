"""From a question in Matrix to the confirmed fix, with everybody in Matrix alone: a real homeserver, web and worker."""

import json
import threading
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from steward.channels.actions.accounts import change_channel, link_person
from steward.channels.actions.writing import plan_typing
from steward.channels.models import ChannelPerson
from steward.core import clock
from steward.desk.models import FollowUp, Message, Ticket
from steward.desk.queries.verification import problems
from tests.channels.matrix_world import World, _world, world
from tests.homeserver import BOT
from tests.server import SERVER
from tests.site import wait_for

__all__ = ["_world", "world"]
pytestmark = pytest.mark.synapse


def ticket_with(words: str) -> Ticket:
    assert wait_for(lambda: Ticket.objects.filter(subject__contains=words).exists(), 30)
    return Ticket.objects.select_related("queue", "assignee").get(subject__contains=words)


def test_a_query_is_asked_answered_handed_on_followed_up_and_confirmed_from_matrix(world: World) -> None:
    cast = world.cast
    ada, mara = world.server.person("Ada"), world.server.person("Mara")
    triage = ada.room("Triage", BOT)
    ada.waits_for(triage, "Hello!")
    change_channel(channel_id=world.channel.pk, settings={"triage_chat_id": triage}, by=cast.actor(cast.ana), at=clock.now())
    person, _made = ChannelPerson.objects.get_or_create(
        channel=world.channel, vendor_id=ada.user_id, defaults={"created_at": clock.now()}
    )
    link_person(person_id=person.pk, user_id=cast.ada.pk, by=cast.actor(cast.ana), at=clock.now())

    chat = mara.direct()
    mara.waits_for(chat, "Hello!")
    mara.say(chat, "The appeal queue stays empty")
    second = mara.say(chat, "since the update this morning")
    ticket = ticket_with("The appeal queue stays empty")
    mara.waits_for(chat, f"Received as #{ticket.pk}.")
    first = Message.objects.filter(ticket=ticket).order_by("id").earliest("id")
    assert first.body == "The appeal queue stays empty\nsince the update this morning"
    assert (ticket.channel, ticket.requester.name) == ("matrix", "Mara")

    root = ada.waits_for(triage, f"#{ticket.pk} · Mara")["event_id"]
    ada.say(triage, "Looks like the index job again", thread=root)
    ada.say(triage, "/take", thread=root)
    ada.waits_for(triage, f"#{ticket.pk} is yours.", thread=root)
    ada.say(triage, "/reply We are on it: the index is being rebuilt.", thread=root)
    mara.waits_for(chat, "Ada: We are on it")
    assert not any("index job" in words for words in mara.texts(chat))
    assert Message.objects.filter(ticket=ticket, kind="note", body="Looks like the index job again").count() == 1

    mara.edit(chat, second, "since the update of last night")
    assert wait_for(lambda: "last night" in Message.objects.get(pk=first.pk).body, 30)
    assert Message.objects.get(pk=first.pk).body == "The appeal queue stays empty\nsince the update of last night"

    ada.say(triage, "/queue Console engineering: the index job fails", thread=root)
    ada.waits_for(triage, "was handed to Console engineering", thread=root)
    ada.say(triage, "/follow-up 2h ask whether the rebuild is through", thread=root)
    ada.waits_for(triage, "follow up on", thread=root)
    assert FollowUp.objects.get(ticket=ticket).what == "ask whether the rebuild is through"
    ada.say(triage, "/solve The index is rebuilt.", thread=root)
    asked = mara.waits_for(chat, "Is it fixed for you?")
    mara.react(chat, asked["event_id"], "❌")
    assert wait_for(lambda: Ticket.objects.get(pk=ticket.pk).state == "open", 30)
    mara.say(chat, "Still empty for the second market.")
    ada.waits_for(triage, "Still empty for the second market.", thread=root)
    ada.say(triage, "/solve Now the second one too.", thread=root)
    mara.waits_for(chat, "Now the second one too.")
    assert wait_for(lambda: sum("Is it fixed for you?" in words for words in mara.texts(chat)) == 2, 30)
    mara.say(chat, "/status")
    mara.waits_for(chat, "Solved")
    again = [one for one in mara.events(chat) if "Is it fixed" in one["content"].get("body", "")][-1]
    mara.react(chat, again["event_id"], "✅")
    assert wait_for(lambda: Ticket.objects.get(pk=ticket.pk).confirmed_at is not None, 30)
    done = Ticket.objects.get(pk=ticket.pk)
    assert (done.state, done.outcome) == ("closed", "confirmed")
    stars = mara.waits_for(chat, "How did we do?")
    mara.react(chat, stars["event_id"], "5️⃣")
    assert wait_for(lambda: done.question_set.filter(kind="rating", answer="5").exists(), 30)
    assert world.site.caught_up()
    assert list(problems()) == []


def test_two_hundred_messages_eight_at_once_arrive_once_and_in_the_order_of_each_chat(world: World) -> None:
    askers = [world.server.person("Mara") for _one in range(8)]
    chats = [asker.direct() for asker in askers]
    for number, (asker, chat) in enumerate(zip(askers, chats, strict=True)):
        asker.waits_for(chat, "Hello!")
        asker.say(chat, f"The queue of market {number} is empty")
    tickets = [ticket_with(f"The queue of market {number} is empty") for number in range(8)]

    def talk(place: int) -> None:
        for number in range(25):
            askers[place].say(chats[place], f"Word {number}")

    threads = [threading.Thread(target=talk, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    def said_on(ticket: Ticket) -> list[str]:
        said = Message.objects.filter(ticket=ticket, author_kind="requester").order_by("id")
        return list(said.values_list("body", flat=True))[1:]

    expected = [f"Word {number}" for number in range(25)]
    assert wait_for(lambda: all(said_on(ticket) == expected for ticket in tickets), 120)
    assert world.site.caught_up()
    assert all(said_on(ticket) == expected for ticket in tickets)


def test_typing_is_shown_both_ways_in_a_private_chat(world: World) -> None:
    mara = world.server.person("Mara")
    chat = mara.direct()
    mara.waits_for(chat, "Hello!")
    mara.say(chat, "The map of cases stays white")
    ticket = ticket_with("The map of cases stays white")
    mara.waits_for(chat, "Received as")
    heard: list[dict[str, Any]] = []
    with psycopg.connect(SERVER.dsn(world.site.database), autocommit=True) as listening:
        listening.execute("LISTEN steward_stir")
        mara.ask("PUT", f"/rooms/{quote(chat)}/typing/{quote(mara.user_id)}", json={"typing": True, "timeout": 20_000})

        def told() -> bool:
            heard.extend(json.loads(one.payload) for one in listening.notifies(timeout=0.5))
            return any(row[0] == ticket.pk and row[2:5] == [0, "Mara", "reply"] for one in heard for row in one.get("here", ()))

        assert wait_for(told, 30), heard

    def shown() -> bool:
        # As a page does, again and again for as long as somebody writes.
        plan_typing(ticket_id=ticket.pk)
        rooms = mara.ask("GET", "/sync", params={"timeout": 0})["rooms"]["join"]
        passing = rooms.get(chat, {}).get("ephemeral", {}).get("events", [])
        return any(BOT in one["content"]["user_ids"] for one in passing if one["type"] == "m.typing")

    assert wait_for(shown, 60)
