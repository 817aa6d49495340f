"""The webhooks: where facts are sent, the secret of each shown once, and how every delivery went."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steward.channels.actions.webhook_sending import replay
from steward.channels.actions.webhooks import change_webhook, create_webhook, issue_webhook_secret
from steward.channels.models import Webhook, WebhookSending
from steward.channels.permissions import may_manage_channels
from steward.channels.queries.webhooks import LOG_ROWS, good_secrets, kinds_to_hear, log_of
from steward.core import clock
from steward.core.errors import NotFound
from steward.web.settings.answering import done, show, wants_part
from steward.web.settings.asking import only
from steward.web.settings.history import history_of
from steward.web.shared.asking import Request, text


@require_safe
@only(may_manage_channels)
def page(request: Request) -> HttpResponse:
    hooks = Webhook.objects.select_related("owner").order_by("-is_active", "name", "id")
    return show(request, "settings/webhooks.html", "webhooks", {"webhooks": list(hooks)})


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_manage_channels)
@never_cache
def create(request: Request) -> HttpResponse:
    if request.method == "POST":
        made, secret = create_webhook(values=_values(request), by=request.actor, at=clock.now())
        return _shown(request, made, secret)
    return show(request, "settings/webhook.html", "webhooks", {"webhook": Webhook(), "kinds": kinds_to_hear(), "history": []})


@require_safe
@only(may_manage_channels)
def webhook(request: Request, webhook_id: int) -> HttpResponse:
    found = Webhook.objects.select_related("owner").filter(pk=webhook_id).first()
    if found is None:
        raise NotFound(_("There is no such webhook."))
    before = request.GET.get("before", "")
    sendings = list(log_of(found, before=int(before) if before.isdecimal() and len(before) < 19 else None))  # noqa: PLR2004
    context: dict[str, Any] = {
        "webhook": found,
        "kinds": kinds_to_hear(),
        "sendings": sendings,
        "before": sendings[-1].pk if len(sendings) == LOG_ROWS else None,
        "has_failed": WebhookSending.objects.filter(webhook=found, state=WebhookSending.State.FAILED).exists(),
        "has_secret": bool(good_secrets(found, at=clock.now())),
        "history": history_of(f"webhook:{webhook_id}"),
    }
    return show(request, "settings/webhook.html", "webhooks", context)


@require_POST
@only(may_manage_channels)
def update(request: Request, webhook_id: int) -> HttpResponse:
    change_webhook(webhook_id=webhook_id, values=_values(request), by=request.actor, at=clock.now())
    return done(request, _("Saved."), "settings:webhook", webhook_id)


@require_POST
@only(may_manage_channels)
def active(request: Request, webhook_id: int) -> HttpResponse:
    is_active = bool(text(request, "active"))
    change_webhook(webhook_id=webhook_id, values={"is_active": is_active}, by=request.actor, at=clock.now())
    said = _("The webhook is on again.") if is_active else _("The webhook is off.")
    return done(request, said, "settings:webhook", webhook_id)


@require_POST
@only(may_manage_channels)
@never_cache
def issue(request: Request, webhook_id: int) -> HttpResponse:
    """Make a new secret and show it, this once: it stands in no page that was only opened."""
    secret = issue_webhook_secret(webhook_id=webhook_id, by=request.actor, at=clock.now())
    return _shown(request, Webhook.objects.get(pk=webhook_id), secret)


@require_POST
@only(may_manage_channels)
def replay_all(request: Request, webhook_id: int) -> HttpResponse:
    count = replay(webhook_id=webhook_id, by=request.actor, at=clock.now())
    said = ngettext("%(count)s delivery is sent again.", "%(count)s deliveries are sent again.", count) % {"count": count}
    return done(request, said, "settings:webhook", webhook_id)


@require_POST
@only(may_manage_channels)
def replay_one(request: Request, webhook_id: int, sending_id: int) -> HttpResponse:
    replay(webhook_id=webhook_id, sending_id=sending_id, by=request.actor, at=clock.now())
    return done(request, _("It is sent again."), "settings:webhook", webhook_id)


def _shown(request: Request, webhook: Webhook, secret: str) -> HttpResponse:
    context = {"webhook": webhook, "secret": secret}
    if wants_part(request):
        return render(request, "settings/webhook_secret_shown.html", context)
    return show(request, "settings/webhook_secret.html", "webhooks", context)


def _values(request: Request) -> dict[str, Any]:
    return {
        "name": text(request, "name"),
        "address": text(request, "address"),
        "kinds": text(request, "kinds").replace(",", " ").split(),
    }
