"""That somebody has begun to write: carried between a private chat and the agents' page while it lasts, and kept nowhere."""

from collections.abc import Sequence

from django.db import transaction

from steward.channels.adapters import account_of, types_along
from steward.channels.contract import Later, Place, Refused, Typing
from steward.channels.models import ChannelThread
from steward.channels.queries.accounts import newest_direct, thread_of
from steward.core.deferring import defer
from steward.desk.actions.stirring import tell_writing
from steward.desk.models import Conversation


def tell_typing(*, channel_id: int, typing: Sequence[Typing]) -> None:
    """Tell the agents' pages who writes, or no longer writes, in private chats on an open ticket; of others nothing is told."""
    for one in typing:
        thread = newest_direct(channel_id, one.chat_id)
        talk = thread.conversation if thread is not None else None
        if talk is not None and talk.ticket.state != "closed":
            name = str(talk.ticket.requester)
            tell_writing(
                ticket_id=talk.ticket_id, queue_id=talk.ticket.queue_id, name=name, writes=one.writes, where=f"im{channel_id}"
            )


def plan_typing(*, ticket_id: int) -> bool:
    """Have an agent's beginning to write shown in the requester's private chat, where its vendor shows such a thing."""
    talk = Conversation.objects.filter(ticket_id=ticket_id, kind=Conversation.Kind.REQUESTER).order_by("id").first()
    thread = None if talk is None else thread_of(talk)
    if thread is None or not thread.direct or thread.closed_at is not None or types_along(thread.channel.kind) is None:
        return False
    with transaction.atomic():
        return defer("channels.type", once_by=f"type:{thread.pk}", thread_id=thread.pk)


def type_along(*, thread_id: int) -> bool:
    """Show in a chat that the desk writes; False where the vendor does not take it now, which matters to nobody."""
    thread = ChannelThread.objects.select_related("channel").get(pk=thread_id)
    carrier = types_along(thread.channel.kind)
    if carrier is None or not thread.channel.is_active:
        return False
    try:
        carrier.type(account_of(thread.channel), Place(thread.chat_id, thread.root_id, direct=thread.direct))
    except (Later, Refused):
        return False
    return True
