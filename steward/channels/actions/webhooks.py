"""Setting webhooks up: where they lead, which facts they hear, and the secrets they are signed with."""

import base64
import secrets as random
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from steward.channels.facts import WebhookChanged, WebhookCreated, WebhookSecretIssued
from steward.channels.models import Webhook, WebhookSecret
from steward.channels.permissions import may_manage_channels
from steward.channels.queries.webhooks import kinds_to_hear
from steward.channels.rules.webhooks import OVERLAP, PREFIX, place_of
from steward.core.errors import Conflict, Invalid, NotFound
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.permissions import require

LONGEST_NAME = 80
_SECRET_BYTES = 32


def create_webhook(*, values: Mapping[str, Any], by: Actor, at: datetime) -> tuple[Webhook, str]:
    """Set a webhook up, in the name of whoever does; gives it and its secret, which is shown this once.

    Raises `Invalid` for an address nothing may be sent to or a fact there is not, `Conflict` for a name that is taken.
    """
    owner_id = by.user_id
    require(may_manage_channels(by) and owner_id is not None)
    cleaned = _cleaned({"name": "", "address": "", "kinds": [], **values})
    with transaction.atomic():
        try:
            with transaction.atomic():
                webhook = Webhook.objects.create(**cleaned, owner_id=owner_id or 0, created_at=at)
        except IntegrityError as error:
            raise _taken(cleaned["name"]) from error
        record(WebhookCreated(webhook_id=webhook.pk, kinds=webhook.kinds), by=by, at=at)
        secret = _issue(webhook, by=by, at=at)
    return webhook, secret


def change_webhook(*, webhook_id: int, values: Mapping[str, Any], by: Actor, at: datetime) -> Webhook:
    """Change a webhook, or switch it off or on; what it stays is no change."""
    require(may_manage_channels(by))
    cleaned = _cleaned(values)
    with transaction.atomic():
        webhook = _locked(webhook_id)
        changed = [name for name, value in cleaned.items() if getattr(webhook, name) != value]
        if not changed:
            return webhook
        for name in changed:
            setattr(webhook, name, cleaned[name])
        if webhook.is_active and "is_active" in changed:
            webhook.given_up_at = webhook.failing_since = None
        try:
            with transaction.atomic():
                webhook.save()
        except IntegrityError as error:
            raise _taken(webhook.name) from error
        record(WebhookChanged(webhook_id=webhook.pk, changed=sorted(changed), is_active=webhook.is_active), by=by, at=at)
    return webhook


def issue_webhook_secret(*, webhook_id: int, by: Actor, at: datetime) -> str:
    """Make a new secret and give it, this once; for a day everything is signed with the old one too."""
    require(may_manage_channels(by))
    with transaction.atomic():
        return _issue(_locked(webhook_id), by=by, at=at)


def _issue(webhook: Webhook, *, by: Actor, at: datetime) -> str:
    secret = PREFIX + base64.b64encode(random.token_bytes(_SECRET_BYTES)).decode()
    WebhookSecret.objects.filter(webhook=webhook, ends_at=None).update(ends_at=at + OVERLAP)
    made = WebhookSecret.objects.create(webhook=webhook, secret=secret, created_at=at)
    record(WebhookSecretIssued(webhook_id=webhook.pk, secret_id=made.pk), by=by, at=at)
    return secret


def _locked(webhook_id: int) -> Webhook:
    webhook = Webhook.objects.select_for_update(no_key=True).filter(pk=webhook_id).first()
    if webhook is None:
        raise NotFound(_("There is no such webhook."))
    return webhook


def _taken(name: str) -> Conflict:
    return Conflict(_("There is a webhook called %(name)s.") % {"name": name}, field="name", hint=_("Choose another name."))


def _cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    cleaned = dict(values)
    if "name" in cleaned:
        cleaned["name"] = str(cleaned["name"]).strip()[:LONGEST_NAME]
        if not cleaned["name"]:
            raise Invalid(_("A webhook needs a name."), field="name")
    if "address" in cleaned:
        cleaned["address"] = str(cleaned["address"]).strip()
        place_of(cleaned["address"], allowed=settings.WEBHOOK_ALLOWED)
    if "kinds" in cleaned:
        cleaned["kinds"] = sorted(set(cleaned["kinds"]))
        if unknown := set(cleaned["kinds"]) - set(kinds_to_hear()):
            raise Invalid(_("There is no fact %(kind)s.") % {"kind": min(unknown)}, field="kinds")
    return cleaned
