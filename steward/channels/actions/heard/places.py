"""Whether something heard concerns the desk, and which thread it belongs to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from steward.channels.actions.outbox import tell
from steward.channels.contract import (
    Account,
    Heard,
    Place,
    Reacted,
    Wrote,
)
from steward.channels.models import ChannelThread
from steward.channels.queries.accounts import message_at, newest_direct, person_heard, thread_at
from steward.channels.rules.raw import digest_of
from steward.core.errors import DomainError
from steward.core.rows import first_row
from steward.desk.models import Conversation
from steward.desk.rules.states import State

_IS_DIRECT = "SELECT 1 FROM channels_channelchat WHERE channel_id = %s AND chat_id = %s AND direct"


def settled(account: Account, wrote: Wrote) -> Wrote:
    """Give something said with what is known of its chat: in one with a single person everything is said to the desk."""
    if wrote.letter is not None:
        return wrote
    if wrote.place.direct:
        return replace(wrote, addressed=True)
    if first_row(_IS_DIRECT, [account.channel_id, wrote.place.chat_id]) is None:
        return wrote
    return replace(wrote, place=replace(wrote.place, direct=True), addressed=True)


def is_for_us(account: Account, wrote: Wrote) -> bool:
    """Tell whether something said concerns the desk: said to it, or in a thread it carries."""
    wrote = settled(account, wrote)
    if wrote.speaker.is_bot:
        return False
    return wrote.addressed or thread_spoken_in(account, wrote.place, wrote.reply_to) is not None


def asks_for_ticket(account: Account, reacted: Reacted) -> bool:
    """Tell whether a ticket sign stands on a message the desk does not have yet."""
    return not reacted.speaker.is_bot and message_at(account.channel_id, reacted.vendor_id) is None


def tell_refused(account: Account, heard: Sequence[Heard], error: DomainError, *, at: datetime) -> None:
    """Tell whoever said it why the desk could not take it."""
    for one in heard:
        if isinstance(one, Wrote) and not one.speaker.is_bot and (one.letter is None or one.letter.answerable):
            words = " ".join(part for part in (_("This could not be taken in:"), error.message, error.hint) if part)
            person = person_heard(account.channel_id, one.speaker.vendor_id)
            key = f"refused:{digest_of(one.vendor_id)}"
            tell(channel_id=account.channel_id, place=one.place, text=words, key=key, person=person, at=at)


def thread_spoken_in(account: Account, place: Place, reply_to: str) -> ChannelThread | None:
    """Give the thread something is said in, where the desk carries it."""
    if place.root_id:
        return thread_at(account.channel_id, place.chat_id, place.root_id)
    answered = message_at(account.channel_id, reply_to) if reply_to else None
    if answered is not None:
        return answered.thread
    if place.direct:
        newest = newest_direct(account.channel_id, place.chat_id)
        if newest is not None and newest.conversation is not None and _goes_on(newest.conversation):
            return newest
    return thread_at(account.channel_id, place.chat_id, "") if not place.direct else None


def _goes_on(conversation: Conversation) -> bool:
    ticket = conversation.ticket
    return State(ticket.state) != State.CLOSED and ticket.confirmed_at is None
