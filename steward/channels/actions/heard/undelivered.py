"""What the desk sent and did not arrive after all: shown where it was said, with the reason, and to be sent again by hand."""

from steward.channels.actions.heard.scene import Scene
from steward.channels.actions.outbox import DELIVERING
from steward.channels.contract import Undelivered
from steward.channels.facts import MessageNotDelivered
from steward.channels.models import Delivery, Outgoing
from steward.channels.queries.accounts import message_at
from steward.ledger.actions.recording import record

LONGEST_WHY = 500


def note_undelivered(scene: Scene, gone: Undelivered) -> None:
    """Mark something of the desk's as not delivered, with the reason; once, however often it is told."""
    channel_id, why = scene.account.channel_id, gone.why[:LONGEST_WHY]
    sent = Outgoing.objects.filter(channel_id=channel_id, vendor_id=gone.vendor_id, state=Outgoing.State.SENT)
    # Of a receipt the words are not kept once it is gone: there is nothing to be sent again.
    sent.filter(message=None).update(state=Outgoing.State.DROPPED, sent_at=None, problem=why)
    if not sent.update(state=Outgoing.State.FAILED, sent_at=None, problem=why):
        return
    known = message_at(channel_id, gone.vendor_id)
    if known is None or known.message is None:
        return
    delivery = Delivery.objects.select_for_update(of=("self",)).filter(message=known.message, state=Delivery.State.SENT).first()
    if delivery is None:
        return
    delivery.state, delivery.sent_at = Delivery.State.FAILED, None
    delivery.save(update_fields=["state", "sent_at"])
    told = {"ticket_id": delivery.ticket_id, "message_id": delivery.message_id, "channel_id": channel_id}
    record(MessageNotDelivered(**told), by=DELIVERING, at=scene.at)
