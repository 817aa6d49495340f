"""Webhooks: signed by the published format, sent where it is safe, tried again, given up in time, and never told too much."""

import json
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from steward.channels.actions.webhook_sending import plan_webhooks, replay, send_due, send_webhook, sweep_webhooks
from steward.channels.actions.webhooks import change_webhook, create_webhook, issue_webhook_secret
from steward.channels.models import Webhook, WebhookAttempt, WebhookSecret, WebhookSending
from steward.channels.queries.webhooks import kinds_to_hear
from steward.channels.rules.webhooks import GIVE_UP_AFTER, WAITS, is_public, next_try, place_of, signature
from steward.channels.webhook import call
from steward.channels.webhook.call import post
from steward.core import clock
from steward.core.errors import Conflict, Invalid, NotAllowed, NotFound
from steward.desk.actions.changing import transfer_ticket
from steward.ledger.actions.following import settle
from steward.ledger.models import Event
from steward.people.models import Notice, User
from tests.cast import SETUP

NONE: frozenset[str] = frozenset()


def test_the_published_vector_is_signed_alike():
    assert (
        signature(
            "whsec_plJ3nmyCDGBKInavdOK15jsl",
            key="msg_loFOjxBNrRLzqYUf",
            at=1731705121,
            body=b'{"event_type":"ping","data":{"success":true}}',
        )
        == "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="
    )
    with pytest.raises(ValueError, match="no webhook secret"):
        signature("whsec_!", key="a", at=1, body=b"")


def test_it_is_tried_again_ever_later_for_about_a_day():
    at = datetime(2026, 3, 2, tzinfo=UTC)
    whole = timedelta()
    for tries in range(1, len(WAITS) + 1):
        found = next_try(tries, at=at)
        assert found is not None
        assert found > at
        whole += found - at
    assert timedelta(hours=20) < whole < timedelta(hours=30)
    assert next_try(len(WAITS) + 1, at=at) is None
    assert list(WAITS) == sorted(WAITS)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_the_open_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "127.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "::1",
        "::",
        "fd00::1",
        "fd00:ec2::254",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "2002:7f00:1::",
    ],
)
def test_nothing_of_a_network_of_ours_is_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.example/",
        "https://hooks.example:22/",
        "https://hooks.example:70000/",
        "https://user:word@hooks.example/",
        "ftp://hooks.example/",
        "file:///etc/passwd",
        "https:///path",
        "https://hooks.example/a b",
        "https://hooks.example/\r\nX: 1",
        "https://[::1/",
        "https://hööks.example/",
        "",
        "https://hooks.example/" + "a" * 2_000,
    ],
)
def test_an_address_nothing_may_be_sent_to_is_refused(address):
    with pytest.raises(Invalid):
        place_of(address, allowed=NONE)


def test_only_the_very_place_an_admin_trusts_is_free_of_the_rules():
    assert place_of("http://127.0.0.1:8099/x?y=1", allowed=frozenset({"127.0.0.1:8099"})) == ("http", "127.0.0.1", 8099, "/x?y=1")
    with pytest.raises(Invalid):
        place_of("http://127.0.0.1:8098/", allowed=frozenset({"127.0.0.1:8099"}))


class Hook(BaseHTTPRequestHandler):
    """A receiving system that behaves as it was told."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server = self.server
        server.heard.append((dict(self.headers.items()), body))
        how = server.how
        if how == "hang":
            server.released.wait(10)
        elif how == "drip":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while not server.released.wait(0.05):
                try:
                    self.wfile.write(b"X-More: 1\r\n")
                except OSError:
                    return
        elif how == "close":
            self.connection.shutdown(socket.SHUT_RDWR)
        elif how == "garbage":
            self.wfile.write(b"\x00\xffthis is no HTTP\r\n\r\n")
            self.close_connection = True
        elif how == "redirect":
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{server.server_port}/elsewhere")
            self.end_headers()
        elif how == "much":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"\x00" + b"a" * 5_000_000)
        else:
            self.send_response(how)
            self.end_headers()
            self.wfile.write("gehört".encode())

    def log_message(self, *args):
        pass


class Quiet(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        pass


@pytest.fixture
def there(settings):
    server = Quiet(("127.0.0.1", 0), Hook)
    server.heard, server.how, server.released = [], 200, threading.Event()
    server.address = f"http://127.0.0.1:{server.server_port}/hook"
    settings.WEBHOOK_ALLOWED = frozenset({f"127.0.0.1:{server.server_port}"})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()
    thread.join()


def called(there, settings, within=0.4):
    return post(there.address, body=b"{}", headers={}, allowed=settings.WEBHOOK_ALLOWED, within=within)


@pytest.mark.parametrize(
    ("how", "status", "problem"),
    [
        (200, 200, ""),
        (204, 204, ""),
        (429, 429, ""),
        (500, 500, ""),
        ("redirect", 302, ""),
        ("hang", None, "no answer in time"),
        ("drip", None, "no answer in time"),
        ("close", None, "RemoteDisconnected"),
        ("garbage", None, "BadStatusLine"),
        ("much", 200, ""),
    ],
)
def test_whatever_the_other_side_does_the_call_ends_in_time_and_says_how(there, settings, how, status, problem):
    there.how = how
    started = time.monotonic()
    answer = called(there, settings)
    assert time.monotonic() - started < 2
    assert answer.status == status
    assert problem in answer.problem
    assert bool(answer.problem) == (status is None)
    assert len(answer.text) <= call.LONGEST_ANSWER
    assert answer.is_taken == (how in {200, 204, "much"})
    assert len(there.heard) == 1, "no redirect is followed, nothing is tried twice"


def test_a_name_that_leads_inside_is_not_connected_to_and_one_is_resolved_only_once(monkeypatch):
    asked, connected = [], []

    def resolve(host, port, **_values):
        asked.append(host)
        first = "8.8.8.8" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (first, port))]

    def connect(place, timeout):
        connected.append(place)
        raise OSError("not today")

    monkeypatch.setattr(call.socket, "getaddrinfo", resolve)
    monkeypatch.setattr(call.socket, "create_connection", connect)
    assert "not today" in post("https://rebinding.example/", body=b"", headers={}, allowed=NONE).problem
    assert (asked, connected) == (["rebinding.example"], [("8.8.8.8", 443)])
    assert "network of ours" in post("https://rebinding.example/", body=b"", headers={}, allowed=NONE).problem
    assert connected == [("8.8.8.8", 443)]
    for mixed in (["8.8.8.8", "10.0.0.1"], ["::ffff:127.0.0.1"]):
        monkeypatch.setattr(call.socket, "getaddrinfo", lambda *_a, found=mixed, **_v: [(0, 0, 0, "", (ip, 443)) for ip in found])
        assert "network of ours" in post("https://mixed.example/", body=b"", headers={}, allowed=NONE).problem
    assert connected == [("8.8.8.8", 443)]


@pytest.mark.parametrize(
    "address", ["https://127.0.0.1/", "https://2130706433/", "https://0x7f.1/", "https://[::1]/", "https://localhost/"]
)
def test_this_machine_is_not_reached_by_any_of_its_names(address):
    assert "network of ours" in post(address, body=b"", headers={}, allowed=NONE).problem


def hook(cast, there, **values):
    made, secret = create_webhook(
        values={"name": "Tracker", "address": there.address, **values}, by=cast.actor(cast.ana), at=cast.at - timedelta(days=30)
    )
    return made, secret


def opened(ticket):
    return Event.objects.get(stream=f"ticket:{ticket.pk}", kind="desk.ticket_opened")


def planned(cast, event):
    plan_webhooks(event, at=cast.at)
    return list(WebhookSending.objects.filter(event_id=event.id))


def test_a_fact_is_sent_signed_without_anybodys_words_and_under_the_same_id_in_every_attempt(cast, there):
    made, secret = hook(cast, there)
    ticket = cast.ticket("My account is locked", subject="Locked out")
    event = opened(ticket)
    (row,) = planned(cast, event)
    assert planned(cast, event) == [row], "once, however often it is heard"
    assert ProcrastinateJob.objects.filter(task_name="channels.send_webhooks").count() == 1
    there.how = 500
    assert not send_webhook(sending_id=row.pk, at=cast.at)
    row.refresh_from_db()
    assert (row.state, row.tries) == ("waiting", 1)
    assert row.due_at == cast.at + WAITS[0]
    assert not send_webhook(sending_id=row.pk, at=cast.at), "not before its time"
    there.how = 200
    assert send_webhook(sending_id=row.pk, at=cast.later(minutes=1))
    assert not send_webhook(sending_id=row.pk, at=cast.later(minutes=1)), "a job that runs twice sends once"
    (first, second) = there.heard
    assert first[0]["webhook-id"] == second[0]["webhook-id"] == row.key
    for sent, body in (first, second):
        stamp = int(sent["webhook-timestamp"])
        assert sent["webhook-signature"] == signature(secret, key=row.key, at=stamp, body=body)
    said = json.loads(second[1])
    assert said["type"] == "desk.ticket_opened"
    assert said["data"]["sequence"] == event.id
    assert said["data"]["fact"]["ticket_id"] == ticket.pk
    text = second[1].decode()
    assert not any(word in text for word in ("locked", "Locked", cast.ravi.name, str(cast.ravi.email)))
    row.refresh_from_db()
    assert (row.state, row.due_at) == ("sent", None)
    assert list(WebhookAttempt.objects.order_by("id").values_list("status", "answer")) == [(500, "gehört"), (200, "gehört")]
    made.refresh_from_db()
    assert made.failing_since is None


def test_tickets_its_owner_does_not_see_are_not_told_also_when_they_went_out_of_sight_meanwhile(cast, there):
    hook(cast, there)
    assert planned(cast, opened(cast.ticket(queue=cast.restricted))) == []
    ticket = cast.ticket()
    (row,) = planned(cast, opened(ticket))
    transfer_ticket(ticket_id=ticket.pk, queue_id=cast.restricted.pk, reason="", by=SETUP, at=cast.at)
    assert not send_webhook(sending_id=row.pk, at=cast.at)
    row.refresh_from_db()
    assert row.state == "failed"
    assert there.heard == []
    User.objects.filter(pk=cast.ana.pk).update(is_active=False)
    assert planned(cast, opened(cast.ticket())) == []


def test_it_hears_the_kinds_it_asked_for_and_nothing_of_before_it_was_there(cast, there):
    before = cast.ticket()
    made, _secret = create_webhook(
        values={"name": "A", "address": there.address, "kinds": ["desk.ticket_opened"]},
        by=cast.actor(cast.ana),
        at=Event.objects.latest("id").recorded_at + timedelta(seconds=5),
    )
    assert planned(cast, opened(before)) == []
    Webhook.objects.filter(pk=made.pk).update(created_at=cast.at)
    ticket = cast.ticket()
    kinds = set()
    for event in Event.objects.filter(stream=f"ticket:{ticket.pk}"):
        kinds |= {event.kind for _row in planned(cast, event)}
    assert kinds == {"desk.ticket_opened"}
    assert len(kinds_to_hear()) > 30


def test_an_old_secret_signs_beside_the_new_one_for_a_day(cast, there):
    made, old = hook(cast, there)
    new = issue_webhook_secret(webhook_id=made.pk, by=cast.actor(cast.ana), at=cast.at)
    (row,) = planned(cast, opened(cast.ticket()))
    send_webhook(sending_id=row.pk, at=cast.later(hours=23))
    replay(webhook_id=made.pk, sending_id=row.pk, by=cast.actor(cast.ana), at=cast.at)
    send_webhook(sending_id=row.pk, at=cast.later(hours=2))
    (first, second) = there.heard
    for (sent, body), secrets in ((first, (new, old)), (second, (new,))):
        stamp = int(sent["webhook-timestamp"])
        assert sent["webhook-signature"].split() == [signature(one, key=row.key, at=stamp, body=body) for one in secrets]
    assert first[0]["webhook-id"] == second[0]["webhook-id"]
    assert old not in str(list(Event.objects.values_list("payload", flat=True)))


def test_what_failed_for_a_day_is_failed_and_can_be_sent_again_one_or_all(cast, there):
    made, _secret = hook(cast, there)
    there.how = 500
    rows = [*planned(cast, opened(cast.ticket())), *planned(cast, opened(cast.ticket()))]
    for row in rows:
        for _try in range(len(WAITS) + 1):
            row.refresh_from_db()
            send_webhook(sending_id=row.pk, at=row.due_at)
        row.refresh_from_db()
        assert (row.state, row.tries, row.due_at) == ("failed", len(WAITS) + 1, None)
    made.refresh_from_db()
    assert made.is_active
    there.how = 200
    assert replay(webhook_id=made.pk, by=cast.actor(cast.ana), at=cast.later(days=2)) == 2
    for row in rows:
        assert send_webhook(sending_id=row.pk, at=cast.at)
    assert replay(webhook_id=made.pk, by=cast.actor(cast.ana), at=cast.at) == 0
    with pytest.raises(NotFound):
        replay(webhook_id=made.pk, sending_id=10**9, by=cast.actor(cast.ana), at=cast.at)
    with pytest.raises(NotAllowed):
        replay(webhook_id=made.pk, by=cast.actor(cast.ada), at=cast.at)


def test_after_days_of_failing_it_is_switched_off_and_the_admins_are_told_once(cast, there):
    made, _secret = hook(cast, there)
    there.how = 500
    first, second, third = (planned(cast, opened(cast.ticket()))[0] for _n in range(3))
    send_webhook(sending_id=first.pk, at=cast.at)
    send_webhook(sending_id=second.pk, at=cast.later(seconds=GIVE_UP_AFTER.total_seconds()))
    made.refresh_from_db()
    assert (made.is_active, made.given_up_at) == (False, cast.at)
    assert list(Notice.objects.filter(kind="webhook_given_up").values_list("user_id", flat=True)) == [cast.ana.pk]
    heard = len(there.heard)
    assert not send_webhook(sending_id=third.pk, at=cast.at)
    assert len(there.heard) == heard
    with pytest.raises(Conflict, match="switched off"):
        replay(webhook_id=made.pk, by=cast.actor(cast.ana), at=cast.at)
    change_webhook(webhook_id=made.pk, values={"is_active": True}, by=cast.actor(cast.ana), at=cast.at)
    there.how = 200
    assert sweep_webhooks(at=cast.later(minutes=10)) > 0, "what was waiting goes on"
    assert send_webhook(sending_id=third.pk, at=cast.at)
    made.refresh_from_db()
    assert (made.given_up_at, made.failing_since) == (None, None)


def test_what_is_due_is_sent_in_order_and_a_wait_holds_up_nothing_that_comes_later(cast, there):
    made, _secret = hook(cast, there, kinds=["desk.ticket_opened"])
    first = planned(cast, opened(cast.ticket()))[0]
    there.how = 500
    assert send_due(webhook_id=made.pk, now=lambda: cast.at) == 0
    there.how = 200
    later = [planned(cast, opened(cast.ticket()))[0] for _n in range(3)]
    assert send_due(webhook_id=made.pk, now=lambda: cast.at) == 3
    keys = [sent["webhook-id"] for sent, _body in there.heard]
    assert keys == [first.key, *(row.key for row in later)]
    assert not ProcrastinateJob.objects.filter(task_name="channels.send_webhooks").exclude(scheduled_at=None).exists()
    assert sweep_webhooks(at=cast.at) == 0, "its time has not come"
    assert send_due(webhook_id=made.pk, now=lambda: cast.at + WAITS[0]) == 1
    there.how = "close"
    heard = len(there.heard)
    for _n in range(3):
        planned(cast, opened(cast.ticket()))
    assert send_due(webhook_id=made.pk, now=lambda: cast.at) == 0
    assert len(there.heard) == heard + 1, "who does not answer at all is not asked again and again"


def test_the_follower_of_the_ledger_puts_facts_on_their_way(fresh_cast, there):
    cast = fresh_cast
    made, _secret = create_webhook(values={"name": "Tracker", "address": there.address}, by=cast.actor(cast.ana), at=clock.now())
    cast.at = clock.now()
    ticket = cast.ticket()
    settle()
    assert ProcrastinateJob.objects.filter(task_name="channels.send_webhooks", status="todo").count() == 1
    assert send_due(webhook_id=made.pk, now=clock.now) == WebhookSending.objects.filter(ticket=ticket).count() > 0
    assert json.loads(there.heard[0][1])["type"] == "desk.ticket_opened"


def test_without_a_secret_nothing_is_sent(cast, there):
    made, _secret = hook(cast, there)
    (row,) = planned(cast, opened(cast.ticket()))
    WebhookSecret.objects.filter(webhook=made).delete()
    assert not send_webhook(sending_id=row.pk, at=cast.at)
    assert there.heard == []
    assert "no secret" in WebhookAttempt.objects.get().problem


def test_who_may_not_or_asks_for_what_is_not_is_refused(cast, there):
    with pytest.raises(NotAllowed):
        create_webhook(values={"name": "A", "address": there.address}, by=cast.actor(cast.ada), at=cast.at)
    for values in ({"name": " "}, {"address": "http://10.0.0.1/"}, {"kinds": ["desk.nothing"]}):
        with pytest.raises(Invalid):
            hook(cast, there, **values)
    hook(cast, there)
    with pytest.raises(Conflict):
        hook(cast, there, name="tracker")


def test_old_answers_are_forgotten(cast, there):
    hook(cast, there)
    (row,) = planned(cast, opened(cast.ticket()))
    send_webhook(sending_id=row.pk, at=cast.at)
    sweep_webhooks(at=cast.later(days=29))
    assert WebhookAttempt.objects.get().answer
    sweep_webhooks(at=cast.later(days=2))
    assert WebhookAttempt.objects.get().answer == ""
