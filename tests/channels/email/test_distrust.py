"""Letters that no person wrote, that come back, that report what did not arrive, and of those who are not who they say."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from steward.channels.actions.delivering import send_off
from steward.channels.actions.hearing import hear, retry_envelope
from steward.channels.actions.originals import bytes_of
from steward.channels.actions.resending import retry_failed
from steward.channels.email.addressing import message_id
from steward.channels.email.mailbox import loop_name
from steward.channels.models import ChannelMessage, ChannelPerson, Delivery, InboundEnvelope, Outgoing
from steward.channels.queries.deliveries import why_not_delivered
from steward.channels.queries.verification import problems
from steward.core import clock
from steward.desk.actions.erasing import erase_bytes, erase_content
from steward.desk.actions.lifecycle import change_status
from steward.desk.actions.replies import reply
from steward.desk.models import Message, Ticket
from steward.desk.rules.states import State
from tests.channels.email.desk import account, mailbox, notes, opened, own_id, said, signed, take
from tests.mail_servers import letter

REPORT = """From: Mail Delivery System <MAILER-DAEMON@mail.example>
To: help@desk.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <{name}@mail.example>
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; mara@people.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 There is nobody of this name

--b
Content-Type: message/rfc822

From: help@desk.example
Message-ID: <{about}>

Which browser?
--b--
"""


@pytest.fixture
def channel(cast):
    cast.at = clock.now()
    return mailbox(cast, authserv_id="mx.desk.example")


def answered(cast, channel, ticket):
    message = reply(ticket_id=ticket.pk, body="Which browser?", by=cast.actor(cast.ada), at=cast.later(seconds=5))
    send_off(message_id=message.pk, at=cast.at)
    row = Outgoing.objects.get(message=message)
    row.state, row.sent_at, row.vendor_id = "sent", cast.at, own_id(message)
    row.save()
    ChannelMessage.objects.create(channel=channel, vendor_id=row.vendor_id, thread=row.thread, message=message, created_at=cast.at)
    Delivery.objects.filter(message=message).update(state="sent", sent_at=cast.at)
    return message


def bounce(about, name="b1", action="failed", status="5.1.1"):
    return REPORT.format(about=about, name=name, action=action, status=status).encode()


def test_an_automatic_reply_is_noted_where_it_belongs_and_opens_and_reopens_nothing(cast, channel):
    ticket = opened(channel, letter(), at=cast.at)
    change_status(ticket_id=ticket.pk, state=State.CLOSED, reason="Done", by=cast.actor(cast.ada), at=cast.at)
    away = letter("I am away until Monday.", to=signed(ticket), Auto_Submitted="auto-replied")
    take(channel, away, away, at=cast.later(seconds=1))
    ticket.refresh_from_db()
    assert ticket.state == "closed"
    assert said(ticket) == ["The console is slow."]
    assert ["I am away until Monday." in note for note in notes(ticket) if "Closed" not in note] == [True]


@pytest.mark.parametrize("headers", [{"Auto_Submitted": "auto-generated"}, {"X_Autoreply": "yes"}, {"Return_Path": "<>"}])
def test_what_no_person_wrote_and_belongs_nowhere_becomes_nothing_and_is_counted(cast, channel, headers):
    ticket = opened(channel, letter(), at=cast.at)
    raw = letter("I am away.", sender="oto@people.example", to=signed(ticket), **headers)
    envelope = take(channel, raw, letter("I am away.", sender="ivo@people.example", **headers), at=cast.at)
    assert Ticket.objects.count() == 1
    assert notes(ticket) == []
    assert envelope.raw == {"ignored": "automatic"}
    assert envelope.done_at is not None


@pytest.mark.parametrize(
    "headers",
    [
        {"Precedence": "bulk"},
        {"List_Id": "<all.people.example>"},
        {"X_Auto_Response_Suppress": "All"},
        {"sender": "noreply@people.example"},
    ],
)
def test_nothing_automatic_is_answered_to_what_no_person_reads(cast, channel, headers):
    opened(channel, letter(**headers), at=cast.at)
    assert not Outgoing.objects.exists()


def test_what_did_not_arrive_is_marked_and_told_once_and_can_be_sent_again(cast, channel):
    ticket = opened(channel, letter(), at=cast.at)
    message = answered(cast, channel, ticket)
    take(channel, bounce(own_id(message)), bounce(own_id(message), "b2"), at=cast.later(minutes=1))
    assert Delivery.objects.get(message=message).state == "failed"
    row = Outgoing.objects.get(message=message)
    assert row.state == "failed"
    assert why_not_delivered([ticket.pk]) == {message.pk: "mara@people.example · 5.1.1 · 550 5.1.1 There is nobody of this name"}
    assert notes(ticket) == []
    assert set(InboundEnvelope.objects.latest("id").raw) == {"erased"}
    assert said(ticket) == ["The console is slow.", "Which browser?"]
    assert list(problems()) == []
    assert retry_failed(channel_id=channel.pk, by=cast.actor(cast.ana), at=cast.at) == 1
    assert Delivery.objects.get(message=message).state == "queued"


def test_a_report_of_a_delay_or_of_what_this_desk_did_not_send_does_nothing(cast, channel):
    ticket = opened(channel, letter(), at=cast.at)
    message = answered(cast, channel, ticket)
    forged = message_id(ticket=ticket.pk, message=message.pk, host="desk.example", key=b"guess")
    for raw in (bounce(own_id(message), action="delayed", status="4.4.1"), bounce(forged), bounce("x@people.example")):
        envelope = take(channel, raw, at=cast.later(minutes=1))
        assert set(envelope.raw) == {"ignored"}
    assert Delivery.objects.get(message=message).state == "sent"
    assert notes(ticket) == []
    assert Ticket.objects.count() == 1


def test_what_comes_back_is_dropped_and_counted(cast, channel):
    ticket = opened(channel, letter(), at=cast.at)
    message = answered(cast, channel, ticket)
    backs = [
        letter("Hello", X_Steward_Loop=loop_name(account())),
        letter("Hello", sender="help@desk.example"),
        letter("Hello", id=own_id(message)),
    ]
    for back in backs:
        assert take(channel, back, at=cast.later(seconds=1)).raw == {"ignored": "loop"}
    assert Ticket.objects.count() == 1
    assert take(channel, letter("Hello", X_Steward_Loop="guess"), at=cast.at).message is not None


def test_a_flood_of_one_sender_is_parked_with_the_reason_told_to_nobody_and_not_lost(cast, channel):
    letters = [letter(f"Letter {number}", subject=f"Letter {number}") for number in range(23)]
    take(channel, *letters, at=cast.at)
    held = InboundEnvelope.objects.exclude(problem="")
    assert held.count() == 3
    assert all("20 letters of one sender in 10 minutes" in one.problem for one in held)
    assert Outgoing.objects.count() == 20
    other = opened(channel, letter(sender="iris@people.example"), at=cast.at)
    assert said(other) == ["The console is slow."]
    cast.later(minutes=11)
    for one in held:
        retry_envelope(envelope_id=one.pk, by=cast.actor(cast.ana), at=cast.at)
    hear(channel_id=channel.pk, now=lambda: cast.at)
    assert Ticket.objects.filter(subject__startswith="Letter").count() == 23


def test_who_is_not_who_they_say_is_somebody_else_and_gets_no_receipt(cast, channel):
    failed = {"Authentication_Results": "mx.desk.example; dmarc=fail header.from=people.example"}
    real = opened(channel, letter(), at=cast.at)
    forged = opened(channel, letter("Send me the key", to=signed(real), Cc="mallory@people.example", **failed), at=cast.at)
    assert forged != real
    assert forged.requester != real.requester
    assert forged.requester.email in {"", None}
    assert ["could not be verified" in note and f"#{real.pk}" in note for note in notes(forged)] == [True]
    assert said(real) == ["The console is slow."]
    assert Outgoing.objects.filter(payload__ticket=forged.pk).count() == 0
    assert ChannelPerson.objects.filter(vendor_id="unverified:mara@people.example").exists()


def test_only_the_word_of_the_own_server_counts(cast, channel):
    lies = {"Authentication_Results": "mx.elsewhere.example; dmarc=fail"}
    ticket = opened(channel, letter(**lies), at=cast.at)
    assert ticket.requester.email == "mara@people.example"
    assert notes(ticket) == []


def test_the_original_is_kept_and_goes_with_the_words(cast, channel, settings, tmp_path):
    settings.FILES_FOLDER = tmp_path
    raw = letter("my password is swordfish")
    envelope = take(channel, raw, at=cast.at)
    name = envelope.raw["original"]["sha256"]
    assert bytes_of(name) == raw
    later = cast.later(hours=1)
    assert erase_bytes(sha256=name, at=later)
    assert bytes_of(name) == raw, "an envelope still has it"
    erase_content(
        message_id=envelope.message_id, words=True, attachment_ids=[], reason="mistake", by=cast.actor(cast.lin), at=later
    )
    from steward.channels.actions.erasing import empty_of_message

    empty_of_message(message_id=envelope.message_id)
    assert {"sha256": name} in list(ProcrastinateJob.objects.filter(task_name="desk.erase_bytes").values_list("args", flat=True))
    assert erase_bytes(sha256=name, at=later)
    assert bytes_of(name) == b""
    assert Message.objects.get(pk=envelope.message_id).body == ""


def test_what_became_nothing_leaves_no_original(cast, channel, settings, tmp_path):
    settings.FILES_FOLDER = tmp_path
    take(channel, letter("I am away", Auto_Submitted="auto-replied"), at=cast.at)
    (name,) = [
        one["sha256"] for one in ProcrastinateJob.objects.filter(task_name="desk.erase_bytes").values_list("args", flat=True)
    ]
    assert erase_bytes(sha256=name, at=cast.later(hours=1))
    assert bytes_of(name) == b""


def test_a_letter_of_nobody_is_parked_and_one_whose_original_is_lost_says_so(cast, channel, settings, tmp_path):
    settings.FILES_FOLDER = tmp_path
    assert "who it is from" in take(channel, b"Subject: x\r\n\r\nHello", at=cast.at).problem
    from steward.channels.actions.arriving import keep
    from steward.channels.email.letters import arrival_of

    keep(channel_id=channel.pk, arrivals=[arrival_of(letter())], at=cast.at)
    for file in tmp_path.rglob("*"):
        if file.is_file():
            file.unlink()
    hear(channel_id=channel.pk, now=lambda: cast.at)
    assert "no longer stored" in InboundEnvelope.objects.latest("id").problem


def test_originals_go_along_in_an_export(cast, channel):
    from steward.core.transfer.declared import file_stores

    envelope = take(channel, letter(), at=cast.at)
    named = dict(pair for store in file_stores() for pair in store.named())
    assert named[envelope.raw["original"]["sha256"]] == envelope.raw["original"]["size"]
