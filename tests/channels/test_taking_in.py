import threading
from dataclasses import replace

import pytest
from django.db import connections

from steward.channels.actions import taking_in
from steward.channels.actions.taking_in import take_in, take_in_left_behind
from steward.channels.models import Channel, InboundEnvelope
from steward.channels.rules.kinds import ChannelKind
from steward.channels.rules.raw import restored
from steward.channels.said import Said
from steward.core.errors import Invalid, NotFound
from steward.desk.actions.filing import bytes_upload
from steward.desk.models import Message, Ticket
from steward.people.models import Requester
from steward.people.rules import Role
from tests.cast import Cast, user
from tests.channels.people import asker
from tests.pictures import png

PNG = png()


def say(cast: Cast, body: str = "The console is slow.", token: str = "t1", **values: object):
    kind = values.pop("kind", ChannelKind.PORTAL)
    return take_in(kind=kind, said=Said(body=body, client_token=token, **values), by=asker(cast.ravi), at=cast.at)


def test_what_comes_in_is_kept_raw_and_becomes_a_ticket(cast):
    message = say(cast, "Hello\r\nworld", subject="Slow")
    envelope = InboundEnvelope.objects.get()
    assert (envelope.message, envelope.problem) == (message, "")
    assert envelope.raw["body"] == "Hello\r\nworld"
    assert message.body == "Hello\nworld"
    assert (message.ticket.subject, message.ticket.channel) == ("Slow", "portal")


def test_the_same_form_twice_says_it_once(cast):
    first, second = say(cast), say(cast)
    assert first == second
    assert (Ticket.objects.count(), Message.objects.count(), InboundEnvelope.objects.count()) == (1, 1, 1)


def test_the_same_message_twice_says_it_once(cast):
    ticket = cast.ticket()
    first = say(cast, "More", "m1", ticket_id=ticket.pk)
    assert say(cast, "More", "m1", ticket_id=ticket.pk) == first
    assert Message.objects.filter(ticket=ticket).count() == 2


def test_words_changed_before_sending_again_are_not_lost(cast):
    first = say(cast, "More", "m1", kind=ChannelKind.CHAT)
    second = say(cast, "More, and something else", "m1", kind=ChannelKind.CHAT)
    third = say(cast, "More, and something else", "m1", kind=ChannelKind.CHAT)
    assert second == third
    assert first.ticket == second.ticket
    assert list(Message.objects.order_by("id").values_list("body", flat=True)) == ["More", "More, and something else"]


def test_changed_words_on_a_ticket_are_a_further_message(cast):
    ticket = cast.ticket()
    say(cast, "More", "m1", ticket_id=ticket.pk)
    say(cast, "More!", "m1", ticket_id=ticket.pk)
    say(cast, "More", "m1", ticket_id=ticket.pk)
    assert list(Message.objects.filter(ticket=ticket).order_by("id").values_list("body", flat=True))[1:] == ["More", "More!"]


def test_a_draft_that_lost_its_files_in_a_reload_is_the_same_message(cast):
    ticket = cast.ticket()
    first = say(cast, "See the log", "m1", ticket_id=ticket.pk, uploads=[bytes_upload("a.log", b"x")])
    assert say(cast, "See the log", "m1", ticket_id=ticket.pk) == first


@pytest.mark.parametrize(
    ("body", "problem"),
    [("a\x00b", "NUL"), ("\ud800", "damaged"), (" \u200b ", "no text"), ("x" * 1_000_001, "fit")],
)
def test_what_the_desk_refuses_is_kept_with_the_reason(cast, body, problem):
    with pytest.raises(Invalid, match=problem):
        say(cast, body)
    envelope = InboundEnvelope.objects.get()
    assert restored(envelope.raw)["body"] == body
    assert envelope.message is None
    assert problem in envelope.problem
    assert Ticket.objects.count() == 0


def test_a_refused_message_can_be_sent_again_when_it_is_mended(cast):
    with pytest.raises(Invalid):
        say(cast, "a\x00b")
    assert say(cast, "ab").body == "ab"
    assert InboundEnvelope.objects.count() == 2


def test_a_file_that_is_not_what_it_says_stops_the_message_and_is_told(cast):
    with pytest.raises(Invalid, match=r"shot\.png"):
        say(cast, uploads=[bytes_upload("ok.png", PNG), bytes_upload("shot.png", b"<html>")])
    envelope = InboundEnvelope.objects.get()
    assert [file["name"] for file in envelope.raw["files"]] == ["ok.png"]
    assert envelope.raw["uploads"] == ["ok.png", "shot.png"]
    assert Message.objects.count() == 0


def test_files_come_along(cast):
    message = say(cast, "", uploads=[bytes_upload("shot.png", PNG)])
    assert [file.name for file in message.attachments.all()] == ["shot.png"]
    assert message.ticket.subject == "shot.png"


def test_nobody_writes_on_a_strangers_ticket(cast):
    ticket = cast.ticket(requester=cast.oto)
    with pytest.raises(NotFound):
        say(cast, ticket_id=ticket.pk)
    assert InboundEnvelope.objects.count() == 0


@pytest.mark.parametrize("category", ["x", "999999999", "9" * 40, "-1"])
def test_a_topic_that_does_not_exist_is_refused(cast, category):
    with pytest.raises(Invalid, match="topic"):
        say(cast, category=category)


def test_a_closed_channel_keeps_what_came_and_says_so(cast):
    say(cast, token="t0")
    Channel.objects.update(is_active=False)
    with pytest.raises(Invalid, match="closed"):
        say(cast, "Later", "t9")
    assert InboundEnvelope.objects.latest("id").problem.startswith("invalid")


def test_an_agent_becomes_a_requester_on_asking(cast):
    said = Said(body="My own console is slow.", client_token="a1")
    message = take_in(kind=ChannelKind.PORTAL, said=said, by=cast.actor(cast.ada), at=cast.at)
    assert message.ticket.requester == Requester.objects.get(user=cast.ada)
    assert message.author_kind == "requester"
    again = take_in(kind=ChannelKind.PORTAL, said=replace(said, client_token="a2"), by=cast.actor(cast.ada), at=cast.at)
    assert again.ticket.requester == message.ticket.requester


def test_nobody_asks_without_an_account(cast):
    from steward.core.errors import NotAllowed
    from steward.people.actor import anonymous

    with pytest.raises(NotAllowed):
        take_in(kind=ChannelKind.PORTAL, said=Said(body="x"), by=anonymous(), at=cast.at)
    retired = user("Kim", Role.AGENT)
    retired.is_active = False
    retired.save(update_fields=["is_active"])
    with pytest.raises(NotAllowed):
        take_in(kind=ChannelKind.PORTAL, said=Said(body="x"), by=cast.actor(retired), at=cast.at)


def test_what_a_crash_left_behind_is_taken_in_once(cast, monkeypatch):
    def crash(*_args: object, **_values: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as broken:
        broken.setattr(taking_in, "speak", crash)
        with pytest.raises(RuntimeError):
            say(cast, "Do not lose me")
    assert (Ticket.objects.count(), InboundEnvelope.objects.get().problem) == (0, "")
    assert take_in_left_behind(at=cast.at) == 0, "a request may still be at work on it"
    assert take_in_left_behind(at=cast.later(minutes=3)) == 1
    assert take_in_left_behind(at=cast.at) == 0
    assert Message.objects.get().body == "Do not lose me"
    assert say(cast, "Do not lose me") == Message.objects.get()


def test_what_cannot_be_taken_in_later_is_left_with_its_problem(cast, monkeypatch):
    def crash(*_args: object, **_values: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr(taking_in, "speak", crash)
    with pytest.raises(RuntimeError):
        say(cast)
    cast.later(minutes=3)
    assert take_in_left_behind(at=cast.at) == 0
    assert InboundEnvelope.objects.get().problem == "broken: killed"


def test_a_double_click_in_the_same_moment_opens_one_ticket(fresh_cast):
    by, results, gate = asker(fresh_cast.ravi), [], threading.Barrier(6)

    def press() -> None:
        gate.wait()
        try:
            results.append(take_in(kind=ChannelKind.PORTAL, said=Said(body="Once", client_token="dbl"), by=by, at=fresh_cast.at).pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 6
    assert len(set(results)) == 1
    assert (Ticket.objects.count(), InboundEnvelope.objects.count(), Channel.objects.count()) == (1, 1, 1)
