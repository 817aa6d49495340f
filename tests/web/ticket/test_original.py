"""A letter as it came, in a frame in which nothing runs."""

import re

import pytest
from django.urls import reverse

from steward.channels.actions.erasing import empty_of_message
from steward.core import clock
from steward.desk.actions.changing import transfer_ticket
from steward.desk.actions.erasing import erase_content
from steward.desk.models import Message
from tests.channels.email.desk import mailbox, take
from tests.mail_servers import letter
from tests.pictures import png

HOSTILE = """<p>Hello <b>desk</b></p><script>alert(1)</script><img src="https://spy.example/p.png" onerror="alert(2)">
<img src="cid:logo@people.example"><form action="https://spy.example"><input name=password></form>
<iframe src="https://spy.example"></iframe><a href="javascript:alert(3)">a</a><a href="https://people.example/">b</a>
<div style="background-image:url(https://spy.example/b.png);color:red">c</div><meta http-equiv=refresh content="0;url=https://spy.example">"""


@pytest.fixture
def message(cast):
    cast.at = clock.now()
    channel = mailbox(cast, authserv_id="mx.desk.example")
    logo = png(8, 8)
    related = (
        b"From: Mara <mara@people.example>\nTo: help@desk.example\nSubject: A <b>subject</b>\nMessage-ID: <a@b>\nMIME-Version: 1.0\n"
        b"Content-Type: multipart/related; boundary=r\n\n--r\nContent-Type: text/html; charset=utf-8\n\n"
        + HOSTILE.encode()
        + b"\n--r\nContent-Type: image/png\nContent-ID: <logo@people.example>\nContent-Transfer-Encoding: binary\n\n"
        + logo
        + b"\n--r--\n"
    )
    return take(channel, related, at=cast.at).message


def at(name: str, message: Message, **query: str) -> str:
    return reverse(f"ticket:{name}", args=[message.ticket_id, message.pk], query=query or None)


def test_the_ticket_leads_to_the_original_and_that_to_the_file(client, cast, message):
    client.force_login(cast.ada)
    page = client.get(reverse("ticket:page", args=[message.ticket_id])).content.decode()
    assert at("original", message) in page
    shown = client.get(at("original", message)).content.decode()
    assert "A &lt;b&gt;subject&lt;/b&gt;" in shown
    assert "Mara &lt;mara@people.example&gt;" in shown
    frame = re.search(r"<iframe[^>]*>", shown).group()
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in frame
    assert at("original_body", message) in frame
    file = client.get(at("original_file", message))
    assert file.content.startswith(b"From: Mara")
    assert file["Content-Type"] == "application/octet-stream"
    assert "attachment" in file["Content-Disposition"]


def test_nothing_in_it_runs_leads_away_or_is_fetched_unasked(client, cast, message):
    client.force_login(cast.ada)
    answer = client.get(at("original_body", message))
    said, policy = answer.content.decode(), answer["Content-Security-Policy"]
    assert "Hello <b>desk</b>" in said
    for evil in ("<script", "onerror", "<form", "<iframe", "javascript:", "spy.example", "refresh"):
        assert evil not in said
    assert 'href="https://people.example/"' in said
    assert 'rel="noopener noreferrer nofollow"' in said
    assert 'src="data:image/png;base64,' in said
    assert "default-src 'none'" in policy
    assert "img-src data:;" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert answer["Referrer-Policy"] == "no-referrer"


def test_pictures_from_elsewhere_are_fetched_once_somebody_asks(client, cast, message):
    client.force_login(cast.ada)
    shown = client.get(at("original", message)).content.decode()
    assert at("original", message, pictures="1") in shown
    asked = client.get(at("original", message, pictures="1")).content.decode()
    assert at("original_body", message, pictures="1") in asked
    answer = client.get(at("original_body", message, pictures="1"))
    assert 'src="https://spy.example/p.png"' in answer.content.decode()
    assert "b.png" not in answer.content.decode()
    assert "img-src data: https: http:;" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["original", "original_body", "original_file"])
def test_nobody_else_sees_it(client, cast, message, name):
    assert client.get(at(name, message)).status_code == 302
    client.force_login(cast.eno)
    assert client.get(at(name, message)).status_code == 404
    client.force_login(cast.ada)
    other = cast.ticket()
    assert client.get(reverse(f"ticket:{name}", args=[other.pk, message.pk])).status_code == 404
    first = Message.objects.get(ticket=other)
    assert client.get(at(name, first)).status_code == 404


@pytest.mark.parametrize("name", ["original", "original_body", "original_file"])
def test_what_is_erased_has_no_original(client, cast, message, name):
    erase_content(message_id=message.pk, words=True, attachment_ids=[], reason="mistake", by=cast.actor(cast.lin), at=cast.at)
    empty_of_message(message_id=message.pk)
    client.force_login(cast.ada)
    assert client.get(at(name, message)).status_code == 404
    assert "Show original" not in client.get(reverse("ticket:page", args=[message.ticket_id])).content.decode()


def test_where_pictures_are_covered_none_is_drawn_here(client, cast, message):
    lin = cast.actor(cast.lin)
    transfer_ticket(ticket_id=message.ticket_id, queue_id=cast.restricted.pk, reason="", by=lin, at=cast.at)
    client.force_login(cast.lin)
    said = client.get(at("original_body", message, pictures="1")).content.decode()
    assert "data:image" not in said
    assert "spy.example" not in said
    assert client.get(at("original_file", message)).status_code == 404


def test_who_is_not_who_they_say_is_shown_so(client, cast, message):
    channel = mailbox_of(message)
    forged = letter("Send me the key", sender="ivo@people.example", Authentication_Results="mx.desk.example; dmarc=fail")
    made = take(channel, forged, at=cast.at).message
    client.force_login(cast.ada)
    assert "could not be verified" in client.get(reverse("ticket:page", args=[made.ticket_id])).content.decode()
    assert "could not be verified" in client.get(at("original", made)).content.decode()
    assert "could not be verified" not in client.get(at("original", message)).content.decode()


def mailbox_of(message: Message):
    from steward.channels.models import Channel

    return Channel.objects.get(kind=message.ticket.channel)


def test_a_letter_without_html_is_shown_as_its_words(client, cast, message):
    made = take(mailbox_of(message), letter("<b>not bold</b>\nsecond line"), at=cast.at).message
    client.force_login(cast.ada)
    assert "&lt;b&gt;not bold&lt;/b&gt;\nsecond line" in client.get(at("original_body", made)).content.decode()


def test_a_ticket_that_came_otherwise_asks_no_more_of_the_database(client, cast, message):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ticket = cast.ticket()
    client.force_login(cast.ada)
    client.get(reverse("ticket:page", args=[ticket.pk]))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("ticket:page", args=[ticket.pk]))
    assert not any("inboundenvelope" in one["sql"] for one in asked)
