"""Whether a request is the vendor's."""

import base64
import hashlib
import json
import os

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from steward.channels.contract import Call, Forged
from steward.channels.lark.carrier import Lark
from steward.channels.lark.verifying import decrypted
from steward.core import clock
from tests.channels.lark.events import account, event, message

KEY = {"encrypt_key": "the key", "verification_token": "token"}


def sealed(told: object, key: str = "the key") -> bytes:
    plain, iv = json.dumps(told).encode(), os.urandom(16)
    fill = 16 - len(plain) % 16
    sealing = Cipher(algorithms.AES256(hashlib.sha256(key.encode()).digest()), modes.CBC(iv)).encryptor()
    return json.dumps(
        {"encrypt": base64.b64encode(iv + sealing.update(plain + bytes([fill]) * fill) + sealing.finalize()).decode()}
    ).encode()


def call(body: bytes, *, key: str = "the key", at: float | None = None, signed: bool = True) -> Call:
    stamp = str(int(at if at is not None else clock.now().timestamp()))
    told = hashlib.sha256(stamp.encode() + b"n" + key.encode() + body).hexdigest()
    headers = {"x-lark-request-timestamp": stamp, "x-lark-request-nonce": "n", "x-lark-signature": told} if signed else {}
    return Call("POST", "/", headers, {}, body)


def test_the_vendors_published_vector_opens():
    # open.feishu.cn, "Configure the encrypt key": the example of the documentation.
    assert decrypted("P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=", "test key") == "hello world"


def test_a_sealed_and_signed_event_is_kept_under_its_name():
    answer = Lark().answer(account(secrets=KEY), call(sealed(message({"text": "hi"}))))
    assert (answer.status, answer.body) == (200, {})
    assert [(one.event_id, one.thread_key) for one in answer.arrivals] == [("e1", "oc_1")]


def test_the_address_is_proven_by_its_challenge():
    told = {"type": "url_verification", "challenge": "abc", "token": "token"}
    for secrets, body in [(KEY, sealed(told)), ({"verification_token": "token"}, json.dumps(told).encode())]:
        answer = Lark().answer(account(secrets=secrets), call(body, signed=False))
        assert (answer.body, answer.arrivals) == ({"challenge": "abc"}, ())


def test_a_tap_is_answered_at_once():
    answer = Lark().answer(account(secrets=KEY), call(sealed(event("card.action.trigger", {}))))
    assert answer.body["toast"]["type"] == "info"


@pytest.mark.parametrize(
    "forged",
    [
        call(sealed(message({"text": "hi"})), signed=False),
        call(sealed(message({"text": "hi"})), key="guess"),
        call(sealed(message({"text": "hi"}), key="guess")),
        call(sealed(message({"text": "hi"})), at=1_577_836_800),
        call(sealed(event("x", {}, token="other"))),
        call(json.dumps(message({"text": "hi"})).encode()),
        call(b'{"encrypt": "AAAA"}'),
        call(b'{"encrypt": '),
        call(b"\xff\xfe"),
        call(b"[" * 100_000),
        call(b"[]"),
    ],
)
def test_what_is_forged_is_refused(forged):
    with pytest.raises(Forged):
        Lark().answer(account(secrets=KEY), forged)


def test_without_key_and_token_nothing_is_believed():
    with pytest.raises(Forged):
        Lark().answer(account(), call(json.dumps(message({"text": "hi"})).encode()))
