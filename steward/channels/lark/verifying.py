"""Telling what is the vendor's: the signature, the token and the cipher of an event."""

import base64
import binascii
import hashlib
import json
from hmac import compare_digest
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from django.utils.translation import gettext as _

from steward.channels.contract import Account, Call, Forged

_BLOCK = 16
# What was not acknowledged comes again for some six hours; what is older is a replay. Whatever comes twice is kept once.
OLDEST = 8 * 3600
NEWEST = 600


def signature_of(timestamp: str, nonce: str, encrypt_key: str, body: bytes) -> str:
    """Give the signature of a request: a plain digest in which the key stands before the body."""
    return hashlib.sha256(f"{timestamp}{nonce}{encrypt_key}".encode() + body).hexdigest()


def decrypted(sealed: str, encrypt_key: str) -> str:
    """Open what was sealed with the account's key. Raises `ValueError` for what was sealed otherwise."""
    raw = base64.b64decode(sealed, validate=True)
    if len(raw) < 2 * _BLOCK or len(raw) % _BLOCK:
        raise ValueError("no whole blocks")
    key = hashlib.sha256(encrypt_key.encode()).digest()
    opening = Cipher(algorithms.AES256(key), modes.CBC(raw[:_BLOCK])).decryptor()
    padded = opening.update(raw[_BLOCK:]) + opening.finalize()
    unpadding = PKCS7(_BLOCK * 8).unpadder()
    return (unpadding.update(padded) + unpadding.finalize()).decode()


def opened(account: Account, call: Call, *, now: float) -> dict[str, Any]:
    """Give the event of a request once it is known to be the vendor's. Raises `Forged`.

    With an encrypt key everything must be sealed, and all but the first check of the address signed; without one, the
    verification token must be in it. With neither, nothing can be believed.
    """
    encrypt_key = str(account.secrets.get("encrypt_key") or "")
    token = str(account.secrets.get("verification_token") or "")
    if not encrypt_key and not token:
        raise Forged(_("Neither an encrypt key nor a verification token is set, so that nothing can be believed."))
    event = _parsed(call.body)
    if encrypt_key:
        sealed = event.get("encrypt")
        if not isinstance(sealed, str):
            raise Forged(_("The event is not sealed with the encrypt key."))
        try:
            event = _parsed(decrypted(sealed, encrypt_key).encode())
        except (ValueError, binascii.Error) as error:
            raise Forged(_("The event is not sealed with the encrypt key.")) from error
        if event.get("type") != "url_verification":
            _check_signature(call, encrypt_key, now=now)
    if token and not compare_digest(_token_of(event).encode(), token.encode()):
        raise Forged(_("The verification token is not the app's."))
    return event


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Forged(_("This is no event of Lark.")) from error
    if not isinstance(found, dict):
        raise Forged(_("This is no event of Lark."))
    return found


def _token_of(event: dict[str, Any]) -> str:
    header = event.get("header")
    token = header.get("token") if isinstance(header, dict) else event.get("token")
    return token if isinstance(token, str) else ""


def _check_signature(call: Call, encrypt_key: str, *, now: float) -> None:
    timestamp, nonce = call.headers.get("x-lark-request-timestamp", ""), call.headers.get("x-lark-request-nonce", "")
    given = call.headers.get("x-lark-signature", "")
    if not compare_digest(given.encode(), signature_of(timestamp, nonce, encrypt_key, call.body).encode()):
        raise Forged(_("The signature is not the app's."))
    if not timestamp.isascii() or not timestamp.isdigit() or not -NEWEST <= now - int(timestamp) <= OLDEST:
        raise Forged(_("The request is too old, or from the future."))
