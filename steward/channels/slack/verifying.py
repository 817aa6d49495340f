"""Telling what is the vendor's: the signature of a request, its age, and the workspace it is of."""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import parse_qs

from django.utils.translation import gettext as _

from steward.channels.contract import Account, Call, Forged
from steward.channels.slack.names import a_text, an_object

OLDEST = 300


def signature_of(secret: str, timestamp: str, body: bytes) -> str:
    """Give the signature of a request, by version 0 of the vendor's rule."""
    return "v0=" + hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()


def opened(account: Account, call: Call, *, now: float) -> dict[str, Any]:
    """Give the payload of a request once it is known to be the vendor's. Raises `Forged`; without a secret nothing is believed."""
    secret = str(account.secrets.get("signing_secret") or "")
    if not secret:
        raise Forged(_("No signing secret is set, so that nothing can be believed."))
    timestamp = call.headers.get("x-slack-request-timestamp", "")
    given = call.headers.get("x-slack-signature", "")
    if not hmac.compare_digest(given.encode(), signature_of(secret, timestamp, call.body).encode()):
        raise Forged(_("The signature is not the app's."))
    if not timestamp.isascii() or not timestamp.isdigit() or abs(now - int(timestamp)) > OLDEST:
        raise Forged(_("The request is too old, or from the future."))
    payload = _parsed(call)
    refuse_others(account, payload)
    return payload


def refuse_others(account: Account, payload: dict[str, Any]) -> None:
    """Raise `Forged` for what is of another workspace than the one set, where one is."""
    wanted = str(account.settings.get("team_id") or "")
    team = a_text(payload, "team_id") or a_text(an_object(payload.get("team")), "id")
    if wanted and team and team != wanted:
        raise Forged(_("This is of another workspace."))


def _parsed(call: Call) -> dict[str, Any]:
    body: bytes | str = call.body
    try:
        if call.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            body = parse_qs(call.body.decode(), max_num_fields=20)["payload"][0]
        found = json.loads(body)
    except (ValueError, KeyError, RecursionError) as error:
        raise Forged(_("This is no event of Slack.")) from error
    if not isinstance(found, dict):
        raise Forged(_("This is no event of Slack."))
    return found
