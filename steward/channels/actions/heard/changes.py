"""What somebody does to what they said: changing it, taking it back."""

from datetime import datetime, timedelta

from steward.channels.actions.heard.scene import Scene
from steward.channels.actions.originals import let_go
from steward.channels.actions.triage import drop_lines_of
from steward.channels.contract import (
    Changed,
    TookBack,
    Wrote,
)
from steward.channels.models import ChannelMessage, ChannelPerson
from steward.channels.queries.accounts import message_at
from steward.channels.rules.raw import restored
from steward.desk.actions.revising import revise_message, withdraw_message
from steward.people.queries.actors import requester_actor

# A change may overtake what it changes; after this the message is one the desk never had.
OVERTAKEN = timedelta(minutes=2)


def take_change(scene: Scene, changed: Changed) -> datetime | None:
    """Change a message as its author changed it."""
    known = message_at(scene.account.channel_id, changed.vendor_id)
    if known is None:
        return overtaken(scene)
    if known.message is None or not known.message.from_requester or known.message.erased_at is not None:
        return None
    person = ChannelPerson.objects.filter(channel_id=scene.account.channel_id, vendor_id=changed.speaker.vendor_id).first()
    if person is None or person.requester_id != known.message.requester_id:
        # Some vendors carry a change of somebody else's words and leave it to whoever reads to ignore it.
        return None
    body = changed.body
    before = _said_before(scene, known)
    if before and before in known.message.body and known.message.body != before:
        # One piece of several that became one message.
        body = known.message.body.replace(before, changed.body, 1)
    by = requester_actor(known.message.requester, cause=f"channel:{scene.account.channel_id}")  # type: ignore[arg-type]
    revise_message(message_id=known.message.pk, body=body, by=by, at=scene.at)
    return None


def _said_before(scene: Scene, known: ChannelMessage) -> str:
    if known.envelope is None:
        return ""
    heard = scene.carrier.read(scene.account, restored(known.envelope.raw))
    return next((one.body for one in heard if isinstance(one, Wrote) and one.vendor_id == known.vendor_id), "")


def take_back(scene: Scene, gone: TookBack) -> datetime | None:
    """Take a message back as its author did, with what is kept of it as it came."""
    known = message_at(scene.account.channel_id, gone.vendor_id)
    if known is None:
        return overtaken(scene)
    if known.message is None or not known.message.from_requester or known.message.requester is None:
        return None
    by = requester_actor(known.message.requester, cause=f"channel:{scene.account.channel_id}")
    withdraw_message(message_id=known.message.pk, by=by, at=scene.at)
    pieces = ChannelMessage.objects.filter(message=known.message).exclude(envelope=None)
    let_go(list(pieces.values_list("envelope_id", flat=True)))
    drop_lines_of(known.message_id or 0)
    return None


def overtaken(scene: Scene, *, only_if: bool = True) -> datetime | None:
    """Say when to look again at what may have overtaken what it is about; nothing where that is not to be expected."""
    if not only_if or scene.at - scene.envelope.received_at >= OVERTAKEN:
        return None
    # It must not hold up what it may be waiting for.
    scene.envelope.thread_key = ""
    return scene.at + timedelta(seconds=2)
