"""What is the vendor's and what is not: the published vector, age, workspace, forms."""

import json
import time
from urllib.parse import urlencode

import pytest

from steward.channels.contract import Call, Forged
from steward.channels.slack.carrier import Slack
from steward.channels.slack.verifying import opened, signature_of
from tests.channels.slack.events import account, message, tap
from tests.slack_company import signed

# docs.slack.dev, "Verifying requests from Slack": its secret, its instant, its body and what it says comes of them.
VECTOR_SECRET, VECTOR_AT = "8f742231b10e8888abcd99yyyzzz85a5", 1531420618
VECTOR_BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar"
    b"&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
VECTOR_SIGNATURE = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"


def call(body: bytes, headers: dict[str, str] | None = None, kind: str = "application/json") -> Call:
    told = {name.lower(): value for name, value in (signed(body) if headers is None else headers).items()}
    return Call("POST", "/events", {**told, "content-type": kind}, {}, body)


def test_the_published_vector():
    assert signature_of(VECTOR_SECRET, str(VECTOR_AT), VECTOR_BODY) == VECTOR_SIGNATURE


def test_the_vendors_own_library_signs_alike():
    signature = pytest.importorskip("slack_sdk.signature")
    theirs = signature.SignatureVerifier("the secret").generate_signature(timestamp="1531420618", body=b'{"a": "\xe2\x9c\x93"}')
    assert signature_of("the secret", "1531420618", b'{"a": "\xe2\x9c\x93"}') == theirs


def test_an_event_a_tap_and_a_check_of_the_address():
    answer = Slack().answer(account(), call(json.dumps(message("hi")).encode()))
    assert [one.event_id for one in answer.arrivals] == ["Ev1"]
    assert "deprecated" not in json.dumps(answer.arrivals[0].raw)
    body = urlencode({"payload": json.dumps(tap())}).encode()
    answer = Slack().answer(account(), call(body, kind="application/x-www-form-urlencoded"))
    assert [one.event_id for one in answer.arrivals] == ["13345.98"]
    answer = Slack().answer(account(), call(b'{"type": "url_verification", "challenge": "c1"}'))
    assert (answer.body, answer.arrivals) == ({"challenge": "c1"}, ())
    assert Slack().answer(account(), call(b'{"type": "app_rate_limited", "team_id": "T0DESK"}')).arrivals == ()


@pytest.mark.parametrize("seconds", [-299, 299])
def test_a_clock_that_is_a_little_off_is_no_forgery(seconds):
    body = b'{"type": "event_callback"}'
    opened(account(), call(body, signed(body, at=time.time() + seconds)), now=time.time())


@pytest.mark.parametrize("seconds", [-302, 302])
def test_a_replay_is_refused(seconds):
    body = b'{"type": "event_callback"}'
    with pytest.raises(Forged, match="old"):
        opened(account(), call(body, signed(body, at=time.time() + seconds)), now=time.time())


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"{}", {}),
        (b"{}", signed(b"{ }")),
        (b"{}", signed(b"{}", "guess")),
        (b"{}", {**signed(b"{}"), "X-Slack-Request-Timestamp": "soon"}),
        (b"[]", None),
        (b"{", None),
        (b"\xff", None),
        (b"[" * 100_000, None),
        (b'{"team_id": "T0OTHER"}', None),
        (b'{"team": {"id": "T0OTHER"}}', None),
    ],
)
def test_what_is_not_the_vendors_is_refused(body, headers):
    with pytest.raises(Forged):
        opened(account(), call(body, headers), now=time.time())


def test_without_a_secret_nothing_is_believed_and_any_workspace_where_none_is_set():
    body = b'{"team_id": "T0OTHER"}'
    with pytest.raises(Forged, match="secret"):
        opened(account(secrets={"signing_secret": ""}), call(body, signed(body, "")), now=time.time())
    assert opened(account(settings={"team_id": ""}), call(body), now=time.time())


@pytest.mark.parametrize(
    "form", [b"", b"payload=", b"other=1", b"payload=%7B", urlencode({f"a{n}": "1" for n in range(50)}).encode()]
)
def test_a_form_without_a_payload_is_refused(form):
    with pytest.raises(Forged):
        opened(account(), call(form, kind="application/x-www-form-urlencoded"), now=time.time())
