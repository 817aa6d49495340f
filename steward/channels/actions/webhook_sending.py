"""Sending facts to webhooks: a row each, tried until it is taken or for about a day, and again when somebody says so."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from steward.channels.facts import WebhookGivenUp, WebhookReplayed
from steward.channels.models import Webhook, WebhookAttempt, WebhookSending
from steward.channels.permissions import may_manage_channels
from steward.channels.queries.webhooks import body_of, good_secrets
from steward.channels.rules.webhooks import GIVE_UP_AFTER, headers, next_try
from steward.channels.webhook.call import Answer, post
from steward.core.deferring import defer
from steward.core.errors import Conflict, NotFound
from steward.core.remembering import remembered
from steward.desk.models import Ticket
from steward.desk.queries.access import only_those_who_see
from steward.ledger.actions.recording import record
from steward.ledger.models import Event
from steward.people.actions import notify
from steward.people.actor import Actor, system
from steward.people.models import User
from steward.people.permissions import require
from steward.people.rules import Role

SENDING = system("webhooks")
AT_ONCE, SEND_FOR = 200, timedelta(seconds=20)
ANSWERS_KEPT = timedelta(days=30)


def plan_webhooks(event: Event, *, at: datetime) -> int:
    """Put an event of a ticket on its way to the webhooks that hear it and whose owners see the ticket; give how many."""
    # What happened before a webhook was there is not sent to it: it hears the present.
    there = remembered("channels.webhooks", lambda: list(Webhook.objects.filter(is_active=True)))
    hearing = [hook for hook in there if hook.created_at <= event.recorded_at and (not hook.kinds or event.kind in hook.kinds)]
    if not hearing:
        return 0
    ticket = Ticket.objects.select_related("queue").get(pk=event.subject_id)
    owners = {hook.owner_id for hook in hearing}
    seeing = set(only_those_who_see(sorted(owners), queue=ticket.queue))
    planned = 0
    for hook in hearing:
        if hook.owner_id in seeing:
            _row, made = WebhookSending.objects.get_or_create(
                webhook=hook,
                event_id=event.id,
                defaults={"ticket": ticket, "key": f"evt_{event.id}_{hook.pk}", "created_at": at, "due_at": at},
            )
            if made:
                wake_webhook(hook.pk)
            planned += made
    return planned


def wake_webhook(webhook_id: int) -> bool:
    """Have what is due for a webhook sent: by one job after the other, none of which ever waits for a later hour."""
    name = f"webhook:{webhook_id}"
    return defer("channels.send_webhooks", once_by=name, lock=name, webhook_id=webhook_id)


def send_due(*, webhook_id: int, now: Callable[[], datetime]) -> int:
    """Send what is due for a webhook, in order, for a while; give how many were taken.

    It ends early where nothing answers at all: whoever hangs is asked once a minute, and keeps no worker from the others.
    """
    begun, taken = now(), 0
    due = WebhookSending.objects.filter(webhook_id=webhook_id, state=WebhookSending.State.WAITING, due_at__lte=begun)
    for pk in due.order_by("id").values_list("id", flat=True)[:AT_ONCE]:
        is_taken = send_webhook(sending_id=pk, at=now())
        taken += is_taken
        if (
            not is_taken
            and WebhookAttempt.objects.filter(sending_id=pk).order_by("-id").values_list("status", flat=True).first() is None
        ):
            return taken
        if now() - begun > SEND_FOR:
            break
    if due.exists():
        wake_webhook(webhook_id)
    return taken


def send_webhook(*, sending_id: int, at: datetime) -> bool:
    """Try a sending once, if it is due; True says that it was taken. No transaction is open while the other side is waited for."""
    row = WebhookSending.objects.select_related("webhook", "ticket__queue").filter(pk=sending_id).first()
    if (
        row is None
        or row.state != WebhookSending.State.WAITING
        or row.due_at is None
        or row.due_at > at
        or not row.webhook.is_active
    ):
        return False
    event = Event.objects.get(pk=row.event_id)
    if not only_those_who_see([row.webhook.owner_id], queue=row.ticket.queue):
        return _keep(row, Answer(0, problem="its owner sees this ticket no longer"), at=at, for_good=True)
    secrets = good_secrets(row.webhook, at=at)
    if not secrets:
        return _keep(row, Answer(0, problem="it has no secret: make one"), at=at, for_good=True)
    body = body_of(event)
    signed = headers(secrets, key=row.key, at=int(at.timestamp()), body=body)
    return _keep(row, post(row.webhook.address, body=body, headers=signed, allowed=settings.WEBHOOK_ALLOWED), at=at)


def _keep(row: WebhookSending, answer: Answer, *, at: datetime, for_good: bool = False) -> bool:
    with transaction.atomic():
        webhook = Webhook.objects.select_for_update(no_key=True).get(pk=row.webhook_id)
        row = WebhookSending.objects.select_for_update(no_key=True).get(pk=row.pk)
        WebhookAttempt.objects.create(
            sending=row,
            tried_at=at,
            milliseconds=answer.milliseconds,
            status=answer.status,
            problem=answer.problem,
            answer=answer.text,
        )
        if row.state != WebhookSending.State.WAITING:
            return answer.is_taken
        row.tries += 1
        if answer.is_taken:
            row.state, row.sent_at, row.due_at = WebhookSending.State.SENT, at, None
            if webhook.failing_since:
                Webhook.objects.filter(pk=webhook.pk).update(failing_since=None)
        else:
            row.due_at = None if for_good else next_try(row.tries, at=at)
            row.state = WebhookSending.State.WAITING if row.due_at else WebhookSending.State.FAILED
            _mark_failing(webhook, at=at)
        row.save(update_fields=["tries", "state", "sent_at", "due_at"])
    return answer.is_taken


def _mark_failing(webhook: Webhook, *, at: datetime) -> None:
    """Keep since when nothing was taken; after days of it switch the webhook off and tell the admins."""
    if webhook.failing_since is None:
        Webhook.objects.filter(pk=webhook.pk).update(failing_since=at)
    elif webhook.is_active and at - webhook.failing_since >= GIVE_UP_AFTER:
        Webhook.objects.filter(pk=webhook.pk).update(is_active=False, given_up_at=at)
        record(WebhookGivenUp(webhook_id=webhook.pk), by=SENDING, at=at)
        admins = User.objects.active().filter(roles__contains=[Role.ADMIN]).values_list("id", flat=True)
        notify(user_ids=list(admins), kind="webhook_given_up", data={"webhook_id": webhook.pk}, by=SENDING, at=at)


def replay(*, webhook_id: int, sending_id: int | None = None, by: Actor, at: datetime) -> int:
    """Send again one sending, whatever became of it, or all that failed; give how many. Each keeps its id."""
    require(may_manage_channels(by))
    with transaction.atomic():
        webhook = Webhook.objects.select_for_update(no_key=True).filter(pk=webhook_id).first()
        if webhook is None:
            raise NotFound(_("There is no such webhook."))
        if not webhook.is_active:
            raise Conflict(_("This webhook is switched off."), hint=_("Switch it on first."))
        rows = WebhookSending.objects.select_for_update(no_key=True).filter(webhook=webhook)
        wanted = rows.filter(pk=sending_id) if sending_id is not None else rows.filter(state=WebhookSending.State.FAILED)
        ids = list(wanted.order_by("id").values_list("id", flat=True))
        if sending_id is not None and not ids:
            raise NotFound(_("There is no such delivery."))
        WebhookSending.objects.filter(id__in=ids).update(state=WebhookSending.State.WAITING, tries=0, due_at=at, sent_at=None)
        if ids:
            wake_webhook(webhook.pk)
            record(WebhookReplayed(webhook_id=webhook.pk, count=len(ids), sending_id=sending_id), by=by, at=at)
    return len(ids)


def sweep_webhooks(*, at: datetime) -> int:
    """Wake the webhooks that have something due, as the wait after a failure ends, and forget old answers; give how many."""
    WebhookAttempt.objects.filter(tried_at__lt=at - ANSWERS_KEPT).exclude(answer="").update(answer="")
    due = WebhookSending.objects.filter(state=WebhookSending.State.WAITING, due_at__lte=at, webhook__is_active=True)
    waking = set(due.values_list("webhook_id", flat=True))
    for webhook_id in sorted(waking):
        wake_webhook(webhook_id)
    return len(waking)
