"""What could not be carried out: tried once more on an admin's word or an agent's, or let go."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from steward.channels.actions.outbox import wake
from steward.channels.facts import MessageSentAgain, OutgoingDropped, OutgoingRetried
from steward.channels.models import Delivery, Outgoing
from steward.channels.permissions import may_manage_channels
from steward.core.errors import Conflict, NotFound
from steward.desk.actions.locking import lock_for_work
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.permissions import require


def retry_failed(*, channel_id: int, by: Actor, at: datetime, outgoing_id: int | None = None) -> int:
    """Put what failed in line once more, on an admin's word; give how many."""
    require(may_manage_channels(by), _("Only admins set up channels."))
    with transaction.atomic():
        ids = _failed(channel_id, outgoing_id)
        _queue_again(ids, at=at)
        if ids:
            record(OutgoingRetried(channel_id=channel_id, count=len(ids)), by=by, at=at)
            wake(channel_id)
        return len(ids)


def drop_failed(*, channel_id: int, by: Actor, at: datetime, outgoing_id: int | None = None) -> int:
    """Let go of what failed, on an admin's word; give how many. On its ticket a message stays undelivered."""
    require(may_manage_channels(by), _("Only admins set up channels."))
    with transaction.atomic():
        ids = _failed(channel_id, outgoing_id)
        Outgoing.objects.filter(pk__in=ids).update(state=Outgoing.State.DROPPED, payload={})
        if ids:
            record(OutgoingDropped(channel_id=channel_id, count=len(ids)), by=by, at=at)
        return len(ids)


def send_again(*, message_id: int, by: Actor, at: datetime) -> int:
    """Have a message that did not reach its requester carried once more, on the word of whoever works on its ticket.

    Raises `NotFound` out of sight, and `Conflict` where it has arrived or its thread is gone.
    """
    with transaction.atomic():
        delivery = Delivery.objects.filter(message_id=message_id).first()
        if delivery is None:
            raise NotFound(_("There is no such message."))
        lock_for_work(delivery.ticket_id, by)
        delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
        rows = Outgoing.objects.filter(delivery=delivery, state__in=[Outgoing.State.FAILED, Outgoing.State.DROPPED])
        ids = list(rows.select_for_update(of=("self",)).order_by("id").values_list("id", flat=True))
        if delivery.state != Delivery.State.FAILED or not ids:
            raise Conflict(_("This message did not fail to arrive."), hint=_("Reload the page."))
        if rows.exclude(thread__closed_at=None).exists():
            raise Conflict(_("The thread is gone."), hint=_("Write to the requester another way, or ask them to ask again."))
        _queue_again(ids, at=at)
        told = {"ticket_id": delivery.ticket_id, "message_id": message_id, "channel_id": delivery.channel_id}
        record(MessageSentAgain(**told), by=by, at=at)
        wake(delivery.channel_id)
        return len(ids)


def _failed(channel_id: int, outgoing_id: int | None) -> list[int]:
    failed = Outgoing.objects.filter(channel_id=channel_id, state=Outgoing.State.FAILED)
    failed = failed.filter(pk=outgoing_id) if outgoing_id is not None else failed
    return list(failed.select_for_update(of=("self",)).order_by("id").values_list("id", flat=True))


def _queue_again(ids: list[int], *, at: datetime) -> None:
    deliveries = Outgoing.objects.filter(pk__in=ids).exclude(delivery=None).values("delivery_id")
    Delivery.objects.filter(pk__in=deliveries, state=Delivery.State.FAILED).update(state=Delivery.State.QUEUED)
    # It is not known whether the vendor took it: the adapter is told that it was tried.
    Outgoing.objects.filter(pk__in=ids).update(state=Outgoing.State.QUEUED, due_at=at, attempts=1)
