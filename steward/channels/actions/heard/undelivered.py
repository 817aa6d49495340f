"""What the desk sent and did not arrive after all: told where it was said, and to be tried again by hand."""

from contextlib import suppress

from django.utils.translation import gettext as _

from steward.channels.actions.heard.scene import Scene
from steward.channels.actions.opening import ARRIVING
from steward.channels.actions.outbox import DELIVERING
from steward.channels.contract import Undelivered
from steward.channels.facts import MessageNotDelivered
from steward.channels.models import Delivery, Outgoing
from steward.channels.queries.accounts import message_at
from steward.channels.rules.raw import digest_of
from steward.core.errors import DomainError
from steward.desk.actions.replies import add_note
from steward.desk.queries.family import root_of
from steward.ledger.actions.recording import record

LONGEST_WHY = 500


def note_undelivered(scene: Scene, gone: Undelivered) -> None:
    """Mark something of the desk's as not delivered, with the reason in a note; once, however often it is told."""
    channel_id, why = scene.account.channel_id, gone.why[:LONGEST_WHY]
    sent = Outgoing.objects.filter(channel_id=channel_id, vendor_id=gone.vendor_id, state=Outgoing.State.SENT)
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
    words = _("An answer did not arrive: %(why)s") % {"why": why or _("the mail server does not say why")}
    token = f"u{channel_id}:{digest_of([gone.vendor_id, gone.event_id])}"
    with suppress(DomainError):
        note = add_note(ticket_id=root_of(delivery.ticket_id), body=words, client_token=token, by=ARRIVING, at=scene.at)
        scene.message_id = note.pk
