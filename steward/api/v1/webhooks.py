"""Webhooks: where facts are sent, what they are signed with, and how the sendings went."""

from typing import Annotated

from ninja import Query, Router
from pydantic import Field

from steward.api.operations import CREATED, get, patch, post
from steward.api.shapes import Given, Instant, Line, Listed, PathId, Sent, Yes
from steward.api.tokens import Asked
from steward.api.v1.finding import MOST_ROWS, USUAL_ROWS, must, nothing_here, walk
from steward.api.versions import Versioned
from steward.channels.actions.webhook_sending import replay
from steward.channels.actions.webhooks import change_webhook, create_webhook, issue_webhook_secret
from steward.channels.models import Webhook
from steward.channels.permissions import may_manage_channels
from steward.channels.queries.webhooks import kinds_to_hear, log_of
from steward.core import clock
from steward.people.permissions import require
from steward.people.rules import Scope

router = Router(tags=["Webhooks"])
READ, WRITE = Scope.SETTINGS_READ, Scope.SETTINGS_WRITE
Cursor = Annotated[str, Query(max_length=2_000)]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS)]
Before = Annotated[int | None, Query(ge=1, le=2**63 - 1)]


class WebhookOut(Given):
    """A webhook; it hears all facts of tickets where `kinds` is empty, and what its owner may see."""

    id: int
    name: str
    address: str
    kinds: list[str]
    owner_id: int
    is_active: bool
    failing_since: Instant | None
    given_up_at: Instant | None


class WebhookMade(WebhookOut):
    """A webhook with its secret, which is shown this once."""

    secret: str


class WebhookIn(Sent):
    """What a webhook is to be."""

    name: Line
    address: Line
    kinds: Annotated[list[Line], Field(max_length=500)] = []


class WebhookChange(Sent):
    """What of a webhook is to change."""

    name: Line = ""
    address: Line = ""
    kinds: Annotated[list[Line], Field(max_length=500)] = []
    is_active: Yes = True


class SecretOut(Given):
    """A secret, shown this once."""

    secret: str


class SendingOut(Given):
    """An event on its way to a webhook, and how the last attempt ended."""

    id: int
    event_id: int
    ticket_id: int
    kind: str
    state: str
    tries: int
    created_at: Instant
    sent_at: Instant | None
    status: int | None
    problem: str | None


class Replayed(Given):
    """How many are sent again."""

    count: int


def _seen(request: Asked, webhook_id: int) -> WebhookOut:
    if not may_manage_channels(request.actor):
        raise nothing_here()
    return WebhookOut.model_validate(must(Webhook, webhook_id))


WEBHOOK = Versioned("webhook", Webhook, "webhook_id", _seen)


@get(router, "/webhooks", scope=READ, out=Listed[WebhookOut])
def list_webhooks(request: Asked, cursor: Cursor = "", limit: Limit = USUAL_ROWS) -> Listed[WebhookOut]:
    """List the webhooks."""
    require(may_manage_channels(request.actor))
    return walk(Webhook.objects.all(), cursor=cursor, limit=limit, show=WebhookOut.model_validate)


@get(router, "/webhook-kinds", scope=READ, out=list[str])
def list_webhook_kinds(request: Asked) -> list[str]:
    """List the kinds of facts a webhook can hear."""
    require(may_manage_channels(request.actor))
    return kinds_to_hear()


@get(router, "/webhooks/{int:webhook_id}", scope=READ, out=WebhookOut, versioned=WEBHOOK)
def get_webhook(request: Asked, webhook_id: PathId) -> WebhookOut:
    """Give a webhook."""
    return _seen(request, webhook_id)


@post(router, "/webhooks", scope=WRITE, out=WebhookMade, status=CREATED)
def make_webhook(request: Asked, body: WebhookIn) -> WebhookMade:
    """Set a webhook up, in the name of the user of the token; its secret is given this once."""
    made, secret = create_webhook(values=body.given(), by=request.actor, at=clock.now())
    return WebhookMade(**WebhookOut.model_validate(made).model_dump(), secret=secret)


@patch(router, "/webhooks/{int:webhook_id}", scope=WRITE, out=WebhookOut, versioned=WEBHOOK)
def update_webhook(request: Asked, webhook_id: PathId, body: WebhookChange) -> WebhookOut:
    """Change a webhook, or switch it off or on."""
    changed = change_webhook(webhook_id=webhook_id, values=body.given(), by=request.actor, at=clock.now())
    return WebhookOut.model_validate(changed)


@post(router, "/webhooks/{int:webhook_id}/secrets", scope=WRITE, out=SecretOut, status=CREATED)
def make_webhook_secret(request: Asked, webhook_id: PathId) -> SecretOut:
    """Give a webhook a new secret; for a day everything is signed with the old one too."""
    return SecretOut(secret=issue_webhook_secret(webhook_id=webhook_id, by=request.actor, at=clock.now()))


@get(router, "/webhooks/{int:webhook_id}/sendings", scope=READ, out=list[SendingOut])
def list_sendings(request: Asked, webhook_id: PathId, before: Before = None) -> list[SendingOut]:
    """List the newest sendings of a webhook, or those before one of them."""
    require(may_manage_channels(request.actor))
    return [SendingOut.model_validate(one) for one in log_of(must(Webhook, webhook_id), before=before)]


@post(router, "/webhooks/{int:webhook_id}/sendings/{int:sending_id}/replay", scope=WRITE, out=Replayed)
def replay_sending(request: Asked, webhook_id: PathId, sending_id: PathId) -> Replayed:
    """Send something again, whatever became of it; it keeps its id."""
    return Replayed(count=replay(webhook_id=webhook_id, sending_id=sending_id, by=request.actor, at=clock.now()))


@post(router, "/webhooks/{int:webhook_id}/replay", scope=WRITE, out=Replayed)
def replay_failed(request: Asked, webhook_id: PathId) -> Replayed:
    """Send again all that failed."""
    return Replayed(count=replay(webhook_id=webhook_id, by=request.actor, at=clock.now()))
