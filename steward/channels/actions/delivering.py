"""Delivering what the desk says, and keeping what was seen."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from steward.channels.actions.opening import channel_of
from steward.channels.actions.outbox import DELIVERING, put_message
from steward.channels.facts import MessageDelivered, MessageSeen
from steward.channels.models import ChannelMessage, Delivery
from steward.channels.queries.accounts import thread_of
from steward.channels.queries.deliveries import unseen_message_ids
from steward.channels.rules.kinds import kind_of
from steward.core.deferring import defer
from steward.desk.actions.participants import keep_seen
from steward.desk.models import Message
from steward.desk.queries.access import own_ticket
from steward.desk.queries.family import family_of, root_of
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.permissions import require


def send_off(*, message_id: int, at: datetime) -> Delivery | None:
    """Put a message of the desk on its way, once; the job that carries it starts with this transaction.

    None says that its requester has it already.
    """
    with transaction.atomic():
        message = Message.objects.select_related("conversation").get(pk=message_id)
        thread = thread_of(message.conversation)
        delivery, made = Delivery.objects.get_or_create(
            message=message,
            defaults={
                "ticket_id": message.ticket_id,
                "channel": channel_of(kind_of(message.conversation.channel)) if thread is None else thread.channel,
                "state": Delivery.State.QUEUED,
                "created_at": at,
            },
        )
        if not made:
            return None
        if thread is None:
            defer("channels.deliver", delivery_id=delivery.pk)
        elif ChannelMessage.objects.filter(message=message, thread=thread).exists():
            # It was said there in the first place.
            _note_delivered(delivery, at=at)
        else:
            put_message(delivery, thread, at=at)
        return delivery


def deliver(*, delivery_id: int, at: datetime) -> bool:
    """Note that a message is on its requester's page; False says that it was noted before."""
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update(of=("self",)).select_related("channel", "message").get(pk=delivery_id)
        if delivery.state != Delivery.State.QUEUED:
            return False
        # The page has had it since it was written; the fact stirs the one that is open, a closed one reads the table.
        _note_delivered(delivery, at=at)
        return True


def _note_delivered(delivery: Delivery, *, at: datetime) -> None:
    delivery.state, delivery.sent_at = Delivery.State.SENT, at
    delivery.save(update_fields=["state", "sent_at"])
    record(
        MessageDelivered(ticket_id=delivery.ticket_id, message_id=delivery.message_id, channel_id=delivery.channel_id),
        by=DELIVERING,
        at=at,
    )


def mark_seen(*, ticket_id: int, message_id: int, by: Actor, at: datetime) -> int:
    """Keep that the requester has seen what the desk said up to a message; give how many messages were new to them.

    What was on the page before its delivery was noted counts as delivered by it.
    """
    with transaction.atomic():
        ticket = own_ticket(by, ticket_id)
        require(by.requester_id is not None, _("This is somebody else's ticket."))
        new = unseen_message_ids(family_of(root_of(ticket_id)), requester_id=by.requester_id or 0, upto=message_id)
        if not new:
            return 0
        said_to_others = Message.objects.filter(pk__in=new).exclude(conversation__requester_id=by.requester_id or 0)
        others = dict(said_to_others.values_list("id", "conversation__ticket_id"))
        if others:
            # What is said to the requester is delivered to them; who takes part keeps how far they have read it.
            ticket_ids, newest_read = sorted(set(others.values())), max(others)
            keep_seen(ticket_ids=ticket_ids, requester_id=by.requester_id or 0, message_id=newest_read)
        count, new = len(new), [pk for pk in new if pk not in others]
        channel = channel_of(kind_of(ticket.channel))
        homes = dict(Message.objects.filter(pk__in=new).values_list("id", "ticket_id"))
        Delivery.objects.bulk_create(
            [
                Delivery(
                    message_id=pk,
                    ticket_id=homes[pk],
                    channel=channel,
                    state=Delivery.State.SEEN,
                    created_at=at,
                    sent_at=at,
                    seen_at=at,
                )
                for pk in new
            ],
            ignore_conflicts=True,
        )
        for delivery in Delivery.objects.select_for_update().filter(message_id__in=new).exclude(state="seen").order_by("id"):
            delivery.state, delivery.seen_at = Delivery.State.SEEN, at
            delivery.sent_at = delivery.sent_at or at
            delivery.save(update_fields=["state", "seen_at", "sent_at"])
        for home in sorted(set(homes.values())):
            newest = max(pk for pk in new if homes[pk] == home)
            record(MessageSeen(ticket_id=home, message_id=newest), by=by, at=at)
        return count
