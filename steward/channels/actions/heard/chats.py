"""What happens to chats: the desk is asked in, a chat is gone, or cannot be read."""

from django.utils import translation
from django.utils.translation import gettext as _

from steward.channels.actions.heard.scene import Scene
from steward.channels.actions.outbox import put, tell
from steward.channels.actions.speakers import person_of
from steward.channels.contract import (
    Closed,
    Invited,
)
from steward.channels.models import ChannelChat, ChannelThread
from steward.channels.rules.raw import digest_of


def take_invitation(scene: Scene, invited: Invited) -> None:
    """Go into a chat the desk is asked into, and say hello."""
    ChannelChat.objects.get_or_create(
        channel_id=scene.account.channel_id,
        chat_id=invited.place.chat_id,
        defaults={"direct": invited.place.direct, "created_at": scene.at},
    )
    ChannelThread.objects.filter(channel_id=scene.account.channel_id, chat_id=invited.place.chat_id).update(closed_at=None)
    put(
        channel_id=scene.account.channel_id,
        place=invited.place,
        kind="join",
        key=f"join:{digest_of(invited.event_id)}",
        payload={},
        at=scene.at,
    )
    person = person_of(scene.account, invited.speaker, at=scene.at)
    language = person.requester.language if person.requester is not None else ""
    with translation.override(language or None):
        words = (
            _("Hello! Write here what you need; each question becomes a ticket, and its answers come back here. /help says more.")
            if invited.place.direct
            else _("Hello! Name me in a message, or put 🎫 on one, and it becomes a ticket that is answered in its thread.")
        )
    key = f"hello:{digest_of(invited.event_id)}"
    tell(channel_id=scene.account.channel_id, place=invited.place, text=words, key=key, person=person, at=scene.at)


def take_end(scene: Scene, closed: Closed) -> None:
    """Note that nothing can be carried to a chat or thread any more."""
    threads = ChannelThread.objects.filter(channel_id=scene.account.channel_id, chat_id=closed.place.chat_id, closed_at=None)
    if closed.place.root_id:
        threads = threads.filter(root_id=closed.place.root_id)
    threads.update(closed_at=scene.at)
