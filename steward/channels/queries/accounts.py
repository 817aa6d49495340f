"""Channels as they are set up, how they fare, and who is who on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.db.models.fields.json import KT

from steward.channels.models import (
    Channel,
    ChannelHealth,
    ChannelMessage,
    ChannelPerson,
    ChannelThread,
    InboundEnvelope,
    Outgoing,
)
from steward.channels.rules.kinds import PAGES
from steward.core.prepared import Prepared
from steward.core.rows import first_row
from steward.desk.models import Conversation
from steward.people.erasing import TOMBSTONE

WAITING = Q(message=None, problem="", done_at=None)
# Asked for everything that is heard.
_THREAD_AT = Prepared(
    lambda channel_id, chat_id, root_id: (
        ChannelThread.objects.filter(channel_id=channel_id, chat_id=chat_id, root_id=root_id)
        .select_related("conversation__ticket", "triage_of")
        .order_by("id")[:1]
    ),
    channel_id=int,
    chat_id=str,
    root_id=str,
)
_NEWEST_DIRECT = Prepared(
    lambda channel_id, chat_id: (
        ChannelThread.objects.filter(channel_id=channel_id, chat_id=chat_id, direct=True, closed_at=None)
        .select_related("conversation__ticket")
        .order_by("-id")[:1]
    ),
    channel_id=int,
    chat_id=str,
)
_MESSAGE_AT = Prepared(
    lambda channel_id, vendor_id: (
        ChannelMessage.objects.filter(channel_id=channel_id, vendor_id=vendor_id)
        .select_related("message", "thread__conversation__ticket", "thread__triage_of", "envelope")
        .order_by("id")[:1]
    ),
    channel_id=int,
    vendor_id=str,
)
_PERSON = Prepared(
    lambda channel_id, vendor_id: (
        ChannelPerson.objects.filter(channel_id=channel_id, vendor_id=vendor_id)
        .select_related("requester", "user")
        .order_by("id")[:1]
    ),
    channel_id=int,
    vendor_id=str,
)


def carried() -> QuerySet[Channel]:
    """Give the channels that are carried elsewhere."""
    return Channel.objects.exclude(kind__in=PAGES).select_related("health").order_by("kind", "name", "id")


def thread_at(channel_id: int, chat_id: str, root_id: str) -> ChannelThread | None:
    """Give the thread of a vendor's place."""
    return _THREAD_AT.first(channel_id=channel_id, chat_id=chat_id, root_id=root_id)


def newest_direct(channel_id: int, chat_id: str) -> ChannelThread | None:
    """Give the thread of a private chat on which something was opened last."""
    return _NEWEST_DIRECT.first(channel_id=channel_id, chat_id=chat_id)


def thread_of(conversation: Conversation) -> ChannelThread | None:
    """Give the thread that carries a conversation; none where it is read on a page of the desk."""
    if conversation.channel in PAGES:
        return None
    return ChannelThread.objects.select_related("channel").filter(conversation=conversation).order_by("-id").first()


def message_at(channel_id: int, vendor_id: str) -> ChannelMessage | None:
    """Give what a vendor's message is here."""
    return _MESSAGE_AT.first(channel_id=channel_id, vendor_id=vendor_id)


def person_heard(channel_id: int, vendor_id: str) -> ChannelPerson | None:
    """Give who a vendor's person is here, where they were heard before."""
    return _PERSON.first(channel_id=channel_id, vendor_id=vendor_id)


def people_of(channel_id: int, *, most: int = 200) -> list[ChannelPerson]:
    """Give who was heard on a channel, agents first."""
    found = ChannelPerson.objects.filter(channel_id=channel_id).select_related("user", "requester")
    return list(found.order_by("user_id", "name", "id")[:most])


@dataclass(frozen=True)
class Standing:
    """How a channel fares, for the operator: what waits, since when, what is parked or failed."""

    channel: Channel
    health: ChannelHealth | None
    waiting: int
    oldest: datetime | None
    parked: int
    queued: int
    failed: int


_STANDING = """
SELECT (SELECT count(*) FROM channels_inboundenvelope e WHERE e.channel_id = %(c)s AND e.message_id IS NULL AND e.problem = ''
           AND e.done_at IS NULL),
       (SELECT min(received_at) FROM channels_inboundenvelope e WHERE e.channel_id = %(c)s AND e.message_id IS NULL
           AND e.problem = '' AND e.done_at IS NULL),
       (SELECT count(*) FROM channels_inboundenvelope e WHERE e.channel_id = %(c)s AND e.problem <> '' AND e.problem <> %(gone)s),
       (SELECT count(*) FROM channels_outgoing o WHERE o.channel_id = %(c)s AND o.state IN ('queued', 'sending')),
       (SELECT count(*) FROM channels_outgoing o WHERE o.channel_id = %(c)s AND o.state = 'failed')
"""


def standing_of(channel: Channel) -> Standing:
    """Count what waits and what is parked on a channel."""
    waiting, oldest, parked, queued, failed = first_row(_STANDING, {"c": channel.pk, "gone": TOMBSTONE}) or (0, None, 0, 0, 0)
    health = ChannelHealth.objects.filter(channel=channel).first()
    return Standing(channel, health, waiting, oldest, parked, queued, failed)


def ignored_on(channel_id: int) -> dict[str, int]:
    """Count what came in and was deliberately made nothing of, by why."""
    why = KT("raw__ignored")
    found = InboundEnvelope.objects.filter(channel_id=channel_id, raw__has_key="ignored").values_list(why)
    return dict(found.annotate(count=Count("id")).order_by())


def parked_on(channel_id: int, *, most: int = 50) -> Sequence[InboundEnvelope]:
    """Give what came in and could not be taken in, newest first."""
    return list(InboundEnvelope.objects.filter(channel_id=channel_id).exclude(problem__in=["", TOMBSTONE]).order_by("-id")[:most])


def failed_on(channel_id: int, *, most: int = 50) -> Sequence[Outgoing]:
    """Give what could not be carried out, newest first."""
    found = Outgoing.objects.filter(channel_id=channel_id, state=Outgoing.State.FAILED).select_related("message")
    return list(found.order_by("-id")[:most])
