"""Requests that are sent again: one that names a key is done once, and answered again as it was."""

import hashlib
import json
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any

from cryptography.fernet import Fernet
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from steward.api.problems import Refused
from steward.api.reading import FORM
from steward.core import clock
from steward.core.rows import first_row
from steward.people.actions.tokens import keep_answer
from steward.people.models import ApiToken
from steward.people.queries.tokens import a_day_before, kept_answer

HEADER = "Idempotency-Key"
LONGEST_KEY = 200
_KEPT_HEADERS = ("ETag", "Location")
FIRST_REFUSAL = 400


def once(request: HttpRequest, token: ApiToken, do: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Do a request that names a key, or give the answer it was given before.

    What it does and the kept answer are one transaction: whatever dies in between, neither or both are there. A refusal is
    not kept, since nothing was done. Raises `Refused` while the same is under way, and for another request under the key.
    """
    key = request.headers.get(HEADER, "")
    if not 1 <= len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Refused(400, "bad_idempotency_key", _("The key is 1 to %(most)s plain characters long.") % {"most": LONGEST_KEY})
    at, hashed = clock.now(), _hash(key.encode())
    asked = _request_hash(request)
    with transaction.atomic():
        number = int.from_bytes(hashlib.sha256(f"{token.pk}:{key}".encode()).digest()[:8], signed=True)
        got = first_row("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not (got and got[0]):
            raise Refused(
                409,
                "under_way",
                _("The same request is under way."),
                hint=_("Send it again in a moment."),
                headers={"Retry-After": "1"},
            )
        kept = kept_answer(token, hashed, since=a_day_before(at))
        if kept is not None:
            if kept.request_hash != asked:
                raise Refused(
                    422,
                    "key_used_otherwise",
                    _("This key was used for another request."),
                    hint=_("Draw a new key for each request."),
                )
            return _opened(bytes(kept.sealed), key, token)
        response = do()
        if response.status_code >= FIRST_REFUSAL or not isinstance(response, HttpResponse):
            transaction.set_rollback(True)
        else:
            keep_answer(token=token, key_hash=hashed, request_hash=asked, sealed=_sealed(response, key, token), at=at)
        return response


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _request_hash(request: HttpRequest) -> str:
    """Give what makes a request this one: its address and its body, a form by its parts since its boundaries are drawn anew."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if (request.content_type or "").lower() == FORM:
        digest.update(json.dumps(sorted(request.POST.lists())).encode())
        files: Any = sorted(request.FILES.items())
        for name, file in files:
            digest.update(f"\n{name}:{file.name}:".encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    else:
        digest.update(request.body)
    return digest.hexdigest()


def _seal(key: str, token: ApiToken) -> Fernet:
    return Fernet(urlsafe_b64encode(hashlib.sha256(f"{token.token_hash}:{key}".encode()).digest()))


def _sealed(response: HttpResponse, key: str, token: ApiToken) -> bytes:
    told = {
        "status": response.status_code,
        "type": response.get("Content-Type", ""),
        "headers": {name: response[name] for name in _KEPT_HEADERS if name in response},
        "body": b64encode(response.content).decode(),
    }
    return _seal(key, token).encrypt(json.dumps(told).encode())


def _opened(sealed: bytes, key: str, token: ApiToken) -> HttpResponse:
    told = json.loads(_seal(key, token).decrypt(sealed))
    headers = {**told["headers"], "Idempotent-Replayed": "true"}
    return HttpResponse(b64decode(told["body"]), status=told["status"], content_type=told["type"], headers=headers)
