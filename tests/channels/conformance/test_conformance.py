"""What every channel does, whoever carries it: held against the counterpart named in the report."""

import json
import secrets
import threading
import time
from collections.abc import Callable

import httpx
import pytest

from steward.channels.actions.accounts import change_channel, link_person
from steward.channels.actions.hearing import retry_envelope
from steward.channels.actions.outbox import retry_failed
from steward.channels.models import ChannelHealth, ChannelMessage, ChannelPerson, ChannelThread, Delivery, InboundEnvelope, Outgoing
from steward.core import clock
from steward.desk.actions.changing import transfer_ticket
from steward.desk.actions.filing import bytes_upload, store_file
from steward.desk.actions.lifecycle import solve_ticket
from steward.desk.actions.replies import add_note, reply
from steward.desk.models import Attachment, Message, MessageRevision, Ticket
from steward.desk.queries.verification import problems
from tests.channels.matrix_world import World
from tests.homeserver import BOT, NAME, Person
from tests.pictures import png
from tests.site import wait_for

pytestmark = pytest.mark.synapse


def soon(condition: Callable[[], object], seconds: float = 30) -> bool:
    return wait_for(lambda: bool(condition()), seconds, pause=0.05)


def words() -> str:
    return f"The console of market {secrets.token_hex(4)} is slow"


def asked(world: World, who: Person, question: str) -> tuple[str, Ticket, str]:
    """Have somebody ask in private; give the chat, the ticket and the event."""
    chat = who.direct()
    who.waits_for(chat, "Hello!")
    event = who.say(chat, question)
    assert soon(lambda: Ticket.objects.filter(subject=question).exists())
    return chat, Ticket.objects.get(subject=question), event


def answer(world: World, ticket: Ticket, body: str, **more: object) -> Message:
    return reply(ticket_id=ticket.pk, body=body, by=world.cast.actor(world.cast.ada), at=clock.now(), **more)


def said_on(ticket: Ticket) -> list[str]:
    found = Message.objects.filter(ticket=ticket, kind="message", automatic=False).order_by("id")
    return list(found.values_list("body", flat=True))


def bring(world: World, *events: dict, token: str = "", raw: bytes | None = None) -> int:
    """Bring events as the homeserver does, or as somebody who only says so."""
    address = f"{world.site.address}/channels/matrix/{world.channel.pk}/_matrix/app/v1/transactions/{secrets.token_hex(6)}"
    body = json.dumps({"events": list(events)}).encode() if raw is None else raw
    return httpx.put(
        address, content=body, headers={"Authorization": f"Bearer {token or world.server.hs_token}"}, timeout=30
    ).status_code


def event_of(room: str, who: Person, body: str, event_id: str = "", **content: object) -> dict:
    return {
        "type": "m.room.message",
        "event_id": event_id or f"${secrets.token_hex(12)}",
        "room_id": room,
        "sender": who.user_id,
        "origin_server_ts": int(time.time() * 1000),
        "content": {"msgtype": "m.text", "body": body, **content},
    }


def test_a_private_question_becomes_a_ticket_and_is_told_so(world: World) -> None:
    mara, question = world.server.person("Mara"), words()
    chat, ticket, _event = asked(world, mara, question)
    mara.waits_for(chat, f"Received as #{ticket.pk}.")
    assert (ticket.channel, ticket.requester.name, said_on(ticket)) == ("matrix", "Mara", [question])


def test_what_is_said_in_pieces_is_one_question(world: World) -> None:
    mara, question = world.server.person("Mara"), words()
    chat = mara.direct()
    mara.waits_for(chat, "Hello!")
    for piece in (question, "since this morning", "in two markets"):
        mara.say(chat, piece)
    assert soon(lambda: Ticket.objects.filter(subject=question).exists())
    ticket = Ticket.objects.get(subject=question)
    assert said_on(ticket) == [f"{question}\nsince this morning\nin two markets"]
    assert Ticket.objects.filter(requester=ticket.requester).count() == 1


def test_whoever_writes_in_pieces_holds_up_nobody_else(world: World) -> None:
    mara, iris, slow = world.server.person("Mara"), world.server.person("Iris"), words()
    chat, ticket, _event = asked(world, iris, words())
    by = world.cast.actor(world.cast.ana)
    change_channel(channel_id=world.channel.pk, settings={"quiet_seconds": 8}, by=by, at=clock.now())
    try:
        other = mara.direct()
        mara.waits_for(other, "Hello!")
        mara.say(other, slow)
        assert soon(lambda: InboundEnvelope.objects.filter(raw__content__body=slow).exclude(due_at=None).exists(), 5)
        iris.say(chat, "And one more")
        assert soon(lambda: "And one more" in said_on(ticket), 4)
        assert not Ticket.objects.filter(subject=slow).exists()
    finally:
        change_channel(channel_id=world.channel.pk, settings={"quiet_seconds": 1}, by=by, at=clock.now())


def test_a_further_word_goes_on_the_open_ticket(world: World) -> None:
    mara, question = world.server.person("Mara"), words()
    chat, ticket, _event = asked(world, mara, question)
    mara.say(chat, "It is worse now")
    assert soon(lambda: said_on(ticket) == [question, "It is worse now"])


def test_a_reply_goes_on_the_ticket_it_replies_to(world: World) -> None:
    mara, first = world.server.person("Mara"), words()
    chat, ticket, event = asked(world, mara, first)
    mara.waits_for(chat, f"Received as #{ticket.pk}.")
    solve_ticket(ticket_id=ticket.pk, by=world.cast.actor(world.cast.ada), at=clock.now())
    mara.waits_for(chat, "Is it fixed")
    mara.say(chat, "yes")
    assert soon(lambda: Ticket.objects.get(pk=ticket.pk).state == "closed")
    second = words()
    mara.say(chat, second)
    assert soon(lambda: Ticket.objects.filter(subject=second).exists())
    mara.say(chat, "About the first one: it is back", reply_to=event)
    assert soon(lambda: "About the first one: it is back" in said_on(ticket))


def test_naming_the_desk_in_a_room_opens_a_thread(world: World) -> None:
    mara, question = world.server.person("Mara"), words()
    room = mara.room("Console", BOT)
    mara.waits_for(room, "Hello!")
    mara.say(room, "Good morning all")
    root = mara.say(room, f"{BOT}: {question}", **{"m.mentions": {"user_ids": [BOT]}})
    assert soon(lambda: Ticket.objects.filter(subject=question).exists())
    ticket = Ticket.objects.get(subject=question)
    mara.waits_for(room, f"Received as #{ticket.pk}.", thread=root)
    answer(world, ticket, "We look at it")
    mara.waits_for(room, "Ada: We look at it", thread=root)
    mara.say(room, "Thanks for looking so fast at this", thread=root)
    assert soon(lambda: len(said_on(ticket)) == 3)
    assert not Message.objects.filter(body="Good morning all").exists()


def test_somebody_else_in_the_thread_takes_part_under_their_name(world: World) -> None:
    mara, iris, question = world.server.person("Mara"), world.server.person("Iris"), words()
    room = mara.room("Console", BOT, iris.user_id)
    iris.join(room)
    mara.waits_for(room, "Hello!")
    root = mara.say(room, question, **{"m.mentions": {"user_ids": [BOT]}})
    assert soon(lambda: Ticket.objects.filter(subject=question).exists())
    iris.say(room, "Here too", thread=root)
    ticket = Ticket.objects.get(subject=question)
    assert soon(lambda: "Here too" in said_on(ticket))
    assert Message.objects.get(ticket=ticket, body="Here too").requester.name == "Iris"


def test_a_note_is_never_carried(world: World) -> None:
    mara, question = world.server.person("Mara"), words()
    chat, ticket, _event = asked(world, mara, question)
    add_note(ticket_id=ticket.pk, body="Do not tell them", by=world.cast.actor(world.cast.ada), at=clock.now())
    answer(world, ticket, "We look at it")
    mara.waits_for(chat, "We look at it")
    assert not any("Do not tell" in text for text in mara.texts(chat))


def test_an_edit_is_a_revision(world: World) -> None:
    mara, question = world.server.person("Mara"), words()
    chat, ticket, event = asked(world, mara, question)
    mara.edit(chat, event, f"{question}!")
    assert soon(lambda: said_on(ticket) == [f"{question}!"])
    assert MessageRevision.objects.get(message__ticket=ticket).body == question


def test_nobody_edits_the_words_of_somebody_else(world: World) -> None:
    mara, iris, question = world.server.person("Mara"), world.server.person("Iris"), words()
    room = mara.room("Console", BOT, iris.user_id)
    iris.join(room)
    mara.waits_for(room, "Hello!")
    root = mara.say(room, question, **{"m.mentions": {"user_ids": [BOT]}})
    assert soon(lambda: Ticket.objects.filter(subject=question).exists())
    change = iris.edit(room, root, "Never mind")
    assert soon(lambda: InboundEnvelope.objects.filter(vendor_event_id=change).exclude(done_at=None).exists())
    assert said_on(Ticket.objects.get(subject=question)) == [question]


def test_an_edit_that_comes_before_its_message_is_not_lost(world: World) -> None:
    mara, question = world.server.person("Mara"), words()
    chat, ticket, _event = asked(world, mara, question)
    late = f"${secrets.token_hex(12)}"
    new = {"m.new_content": {"body": "and now"}, "m.relates_to": {"rel_type": "m.replace", "event_id": late}}
    assert bring(world, event_of(chat, mara, "* and now", **new), event_of(chat, mara, "and nov", late)) == 200
    assert soon(lambda: said_on(ticket)[1:] == ["and now"])


def test_what_is_taken_back_is_gone_here_too(world: World) -> None:
    mara, question = world.server.person("Mara"), words()
    chat, ticket, _event = asked(world, mara, question)
    secret = mara.say(chat, "my password is swordfish")
    assert soon(lambda: len(said_on(ticket)) == 2)
    mara.take_back(chat, secret)
    assert soon(lambda: said_on(ticket) == [question, ""])
    assert not InboundEnvelope.objects.filter(raw__content__body__contains="swordfish").exists()


def test_a_file_comes_in_as_it_is(world: World) -> None:
    mara, question, picture = world.server.person("Mara"), words(), png(20, 10)
    chat, ticket, _event = asked(world, mara, question)
    mara.send_file(chat, "screen.png", picture, "image/png")
    assert soon(lambda: Attachment.objects.filter(message__ticket=ticket).exists())
    file = Attachment.objects.get(message__ticket=ticket)
    assert (file.name, file.media_type) == ("screen.png", "image/png")


def test_a_file_that_is_not_what_it_says_is_named_and_the_words_stay(world: World) -> None:
    mara, question = world.server.person("Mara"), words()
    chat, ticket, _event = asked(world, mara, question)
    mara.send_file(chat, "screen.png", b"<html><script>alert(1)</script>", "image/png")
    assert soon(lambda: len(said_on(ticket)) == 2)
    assert "screen.png could not be taken in" in said_on(ticket)[1]


def test_a_file_goes_out_as_it_is(world: World) -> None:
    mara, question, content = world.server.person("Mara"), words(), secrets.token_bytes(3000)
    chat, ticket, _event = asked(world, mara, question)
    answer(world, ticket, "Try this one", files=[store_file(bytes_upload("patch.bin", content))])
    event = mara.waits_for(chat, "patch.bin")
    assert mara.download(event["content"]["url"]) == content


def test_a_long_answer_arrives_whole(world: World) -> None:
    mara, question = world.server.person("Mara"), words()
    chat, ticket, _event = asked(world, mara, question)
    answer(world, ticket, "Step. " * 4_000 + "End.")
    assert "End." in mara.waits_for(chat, "Step.")["content"]["body"]


def test_a_sign_on_an_answer_is_seen(world: World) -> None:
    mara, question = world.server.person("Mara"), words()
    chat, ticket, _event = asked(world, mara, question)
    answer(world, ticket, "We look at it")
    mara.react(chat, mara.waits_for(chat, "We look at it")["event_id"], "🎉")
    from steward.ledger.models import Event

    assert soon(lambda: Event.objects.filter(stream=f"ticket:{ticket.pk}", kind="channels.message_reacted").exists())


@pytest.mark.parametrize("by", ["sign", "word"])
@pytest.mark.parametrize(("said", "state"), [("yes", "closed"), ("no", "open")])
def test_the_fix_is_confirmed_or_denied_where_it_is_asked(world: World, said: str, state: str, by: str) -> None:
    mara, question = world.server.person("Mara"), words()
    chat, ticket, _event = asked(world, mara, question)
    solve_ticket(ticket_id=ticket.pk, by=world.cast.actor(world.cast.ada), at=clock.now())
    event = mara.waits_for(chat, "Is it fixed")
    if by == "sign":
        mara.react(chat, event["event_id"], "✅" if said == "yes" else "❌")
    else:
        mara.say(chat, said)
    assert soon(lambda: Ticket.objects.get(pk=ticket.pk).state == state)
    assert (Ticket.objects.get(pk=ticket.pk).confirmed_at is not None) == (said == "yes")


def test_only_the_requesters_own_sign_confirms(world: World) -> None:
    mara, iris, question = world.server.person("Mara"), world.server.person("Iris"), words()
    room = mara.room("Console", BOT, iris.user_id)
    iris.join(room)
    mara.waits_for(room, "Hello!")
    root = mara.say(room, question, **{"m.mentions": {"user_ids": [BOT]}})
    assert soon(lambda: Ticket.objects.filter(subject=question).exists())
    ticket = Ticket.objects.get(subject=question)
    solve_ticket(ticket_id=ticket.pk, by=world.cast.actor(world.cast.ada), at=clock.now())
    event = mara.waits_for(room, "Is it fixed", thread=root)
    sign = iris.react(room, event["event_id"], "✅")
    assert soon(lambda: InboundEnvelope.objects.filter(vendor_event_id=sign).exclude(done_at=None).exists())
    assert Ticket.objects.get(pk=ticket.pk).state == "solved"


def test_the_ticket_sign_takes_the_thread_along(world: World) -> None:
    mara, iris, question = world.server.person("Mara"), world.server.person("Iris"), words()
    room = mara.room("Console", BOT, iris.user_id)
    iris.join(room)
    mara.waits_for(room, "Hello!")
    root = mara.say(room, question)
    mara.say(room, "It says 502", thread=root)
    iris.say(room, "Same for me", thread=root)
    iris.react(room, root, "🎫")
    assert soon(lambda: Ticket.objects.filter(subject=question).exists())
    ticket = Ticket.objects.get(subject=question)
    assert ticket.requester.name == "Mara"
    assert said_on(ticket) == [question, "It says 502", "Same for me"]
    iris.react(room, root, "🎫️")
    mara.waits_for(room, f"Received as #{ticket.pk}.", thread=root)
    assert Ticket.objects.filter(subject=question).count() == 1


def test_what_is_brought_twice_is_said_once(world: World) -> None:
    mara, question = world.server.person("Mara"), words()
    chat, ticket, _event = asked(world, mara, question)
    event = event_of(chat, mara, "only once")
    for _time in range(3):
        assert bring(world, event) == 200
    assert soon(lambda: said_on(ticket) == [question, "only once"])
    time.sleep(0.5)
    assert said_on(ticket) == [question, "only once"]


def test_what_is_forged_is_refused_and_not_kept(world: World) -> None:
    mara = world.server.person("Mara")
    before = InboundEnvelope.objects.count()
    assert bring(world, event_of("!a:b", mara, "let me in"), token="guess") == 403
    assert bring(world, raw=b'{"events": [{"type": "m.room.mess') == 403
    assert bring(world, raw=b"\xff\xfe\x00") == 403
    assert bring(world, raw=b'{"events": ' + b"[" * 100_000) == 403
    assert InboundEnvelope.objects.count() == before


def test_what_means_nothing_is_parked_with_its_reason_and_can_be_tried_again(world: World) -> None:
    event_id = f"${secrets.token_hex(12)}"
    assert (
        bring(world, {"event_id": event_id, "type": "m.room.message", "content": "no object", "room_id": "!x:y", "sender": "@z:y"})
        == 200
    )
    assert soon(lambda: InboundEnvelope.objects.filter(vendor_event_id=event_id).exclude(problem="").exists())
    parked = InboundEnvelope.objects.get(vendor_event_id=event_id)
    assert "no event of a room" in parked.problem
    retry_envelope(envelope_id=parked.pk, by=world.cast.actor(world.cast.ana), at=clock.now())
    assert soon(lambda: InboundEnvelope.objects.get(pk=parked.pk).problem != "")


def test_machines_are_not_answered(world: World) -> None:
    mara, question = world.server.person("Mara"), words()
    chat, ticket, _event = asked(world, mara, question)
    event = mara.put(chat, "m.room.message", {"msgtype": "m.notice", "body": "I am a robot"})
    assert soon(lambda: InboundEnvelope.objects.filter(vendor_event_id=event).exclude(done_at=None).exists())
    assert said_on(ticket) == [question]
    own = [one["event_id"] for one in mara.events(chat) if one["sender"] == BOT and one["type"] == "m.room.message"]
    assert soon(lambda: not InboundEnvelope.objects.filter(vendor_event_id__in=own, done_at=None).exists())
    assert not InboundEnvelope.objects.filter(vendor_event_id__in=own).exclude(message=None).exists()


@pytest.mark.parametrize("fails", ["limited", "broken", "garbage", "silent"])
def test_a_vendor_that_does_not_take_it_gets_it_later_once_and_in_order(world: World, fails: str) -> None:
    mara, question = world.server.person("Mara"), words()
    chat, ticket, _event = asked(world, mara, question)
    mara.waits_for(chat, f"Received as #{ticket.pk}.")
    world.between.fails = fails
    answers = [f"Answer {number} {secrets.token_hex(3)}" for number in range(3)]
    for one in answers:
        answer(world, ticket, one)
    assert soon(lambda: Outgoing.objects.filter(message__ticket=ticket, attempts__gt=0).exists())
    if fails != "limited":
        assert soon(lambda: ChannelHealth.objects.get(channel=world.channel).failing_since is not None)
    world.between.fails = ""
    mara.waits_for(chat, answers[-1], seconds=120)
    assert [text.removeprefix("Ada: ") for text in mara.texts(chat) if "Answer " in text] == answers
    assert soon(lambda: not Delivery.objects.filter(ticket=ticket).exclude(state="sent").exists(), 90)
    # A sign of life that failed meanwhile is made good by the next one, a minute later.
    assert soon(lambda: ChannelHealth.objects.get(channel=world.channel).failures == 0, 90)


def test_what_is_asked_while_the_desk_is_down_is_not_lost(world: World) -> None:
    mara, question = world.server.person("Mara"), words()
    chat, ticket, _event = asked(world, mara, question)
    for role in ("web", "worker"):
        world.site.kill(role)
    for number in range(3):
        mara.say(chat, f"Still there? {number}")
    world.site.start("web", "worker")
    world.site.wait()
    assert soon(lambda: said_on(ticket) == [question, *(f"Still there? {number}" for number in range(3))], 90)
    # What was at work when it was killed is known to be dead after a while, and its channel goes on.
    answer(world, ticket, "Yes, again")
    mara.waits_for(chat, "Yes, again", seconds=150)


def test_a_new_name_is_known(world: World) -> None:
    mara, question = world.server.person("Mara"), words()
    chat, _ticket, _event = asked(world, mara, question)
    mara.ask("PUT", f"/profile/{mara.user_id}/displayname", json={"displayname": "Mara Lind"})
    assert soon(lambda: ChannelPerson.objects.filter(vendor_id=mara.user_id, name="Mara Lind").exists())
    assert mara.texts(chat)


def test_a_thread_that_is_gone_is_told_to_the_desk(world: World) -> None:
    mara, question = world.server.person("Mara"), words()
    chat, ticket, _event = asked(world, mara, question)
    mara.waits_for(chat, f"Received as #{ticket.pk}.")
    mara.ask("POST", f"/rooms/{chat}/kick", json={"user_id": BOT})
    assert soon(lambda: ChannelThread.objects.filter(chat_id=chat).exclude(closed_at=None).exists())
    message = answer(world, ticket, "Are you there?")
    assert soon(lambda: Delivery.objects.filter(message=message, state="failed").exists())
    mara.ask("POST", f"/rooms/{chat}/invite", json={"user_id": BOT})
    assert soon(lambda: ChannelThread.objects.filter(chat_id=chat, closed_at=None).exists())
    retry_failed(channel_id=world.channel.pk, by=world.cast.actor(world.cast.ana), at=clock.now())
    mara.waits_for(chat, "Are you there?")


def test_commands_are_answered_where_they_are_given(world: World) -> None:
    mara, question = world.server.person("Mara"), words()
    chat, ticket, _event = asked(world, mara, question)
    mara.say(chat, "/status")
    mara.waits_for(chat, f"#{ticket.pk} · {question} · New")
    mara.say(chat, "!mine")
    assert soon(lambda: sum(f"#{ticket.pk} · {question}" in text for text in mara.texts(chat)) == 2)
    mara.say(chat, "/help")
    mara.waits_for(chat, "becomes a ticket. /status")
    solve_ticket(ticket_id=ticket.pk, by=world.cast.actor(world.cast.ada), at=clock.now())
    mara.waits_for(chat, "Is it fixed")
    mara.say(chat, "/resolve")
    mara.waits_for(chat, "closed as fixed")
    assert said_on(ticket) == [question]


def test_an_encrypted_chat_is_refused_in_words_once(world: World) -> None:
    mara = world.server.person("Mara")
    chat = mara.direct()
    mara.waits_for(chat, "Hello!")
    for _time in range(2):
        mara.put(
            chat, "m.room.encrypted", {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x", "session_id": "s", "device_id": "d"}
        )
    mara.waits_for(chat, "cannot read encrypted")
    assert sum("cannot read encrypted" in text for text in mara.texts(chat)) == 1


def triage_room(world: World) -> tuple[Person, str]:
    ada = world.server.person("Ada")
    room = ada.room("Triage", BOT)
    ada.waits_for(room, "Hello!")
    by = world.cast.actor(world.cast.ana)
    change_channel(channel_id=world.channel.pk, settings={"triage_chat_id": room}, by=by, at=clock.now())
    person, _made = ChannelPerson.objects.get_or_create(
        channel=world.channel, vendor_id=ada.user_id, defaults={"created_at": clock.now()}
    )
    link_person(person_id=person.pk, user_id=world.cast.ada.pk, by=by, at=clock.now())
    return ada, room


def test_the_triage_room_is_internal_unless_it_says_otherwise(world: World) -> None:
    ada, room = triage_room(world)
    mara, question = world.server.person("Mara"), words()
    chat, ticket, _event = asked(world, mara, question)
    root = ada.waits_for(room, f"#{ticket.pk} ·")["event_id"]
    ada.say(room, "Between us", thread=root)
    ada.say(room, "/reply To you", thread=root)
    mara.waits_for(chat, "To you")
    assert not any("Between us" in text for text in mara.texts(chat))
    assert Message.objects.get(ticket=ticket, body="Between us").kind == "note"


def test_who_is_not_linked_does_nothing_in_the_triage_room(world: World) -> None:
    ada, room = triage_room(world)
    mallory = world.server.person("Mallory")
    ada.ask("POST", f"/rooms/{room}/invite", json={"user_id": mallory.user_id})
    mallory.join(room)
    mara, question = world.server.person("Mara"), words()
    _chat, ticket, _event = asked(world, mara, question)
    root = ada.waits_for(room, f"#{ticket.pk} ·")["event_id"]
    mallory.say(room, "/solve I say so", thread=root)
    mallory.waits_for(room, "I do not know who you are", thread=root)
    assert Ticket.objects.get(pk=ticket.pk).state == "new"
    assert Message.objects.filter(ticket=ticket, kind="message", automatic=False).count() == 1


def test_a_restricted_queue_is_not_shown_in_the_triage_room(world: World) -> None:
    ada, room = triage_room(world)
    mara, question = world.server.person("Mara"), words()
    chat, ticket, _event = asked(world, mara, question)
    root = ada.waits_for(room, f"#{ticket.pk} ·")["event_id"]
    lin = world.cast.actor(world.cast.lin)
    transfer_ticket(ticket_id=ticket.pk, queue_id=world.cast.restricted.pk, reason="", by=lin, at=clock.now())
    mara.say(chat, "A child is in danger")
    assert soon(lambda: len(said_on(ticket)) == 2)
    assert world.site.caught_up()
    ada.say(room, "/status", thread=root)
    ada.waits_for(room, "There is no ticket", thread=root)
    assert not any("child" in text for text in ada.texts(room))


def test_a_burst_arrives_whole_once_and_in_the_order_of_each_thread(world: World) -> None:
    people = [world.server.person("Mara") for _one in range(4)]
    chats = [asked(world, one, words()) for one in people]

    def talk(place: int) -> None:
        who, (chat, _ticket, _event) = people[place], chats[place]
        for number in range(10):
            who.say(chat, f"Word {number}")

    threads = [threading.Thread(target=talk, args=(place,)) for place in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for _chat, ticket, _event in chats:
        assert soon(lambda ticket=ticket: said_on(ticket)[1:] == [f"Word {number}" for number in range(10)], 60)
    assert ChannelMessage.objects.filter(message__ticket__in=[ticket for _chat, ticket, _event in chats]).count() >= 44


def test_the_desk_is_as_the_ledger_says_afterwards(world: World) -> None:
    assert world.site.caught_up()
    assert list(problems()) == []
    assert NAME
