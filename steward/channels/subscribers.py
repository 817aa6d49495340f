"""What channels do on hearing of the desk: putting on its way what is said to a requester."""

from steward.channels.actions.aside_mail import plan_aside
from steward.channels.actions.delivering import send_off
from steward.channels.actions.erasing import empty_of_file, empty_of_message
from steward.channels.rules.notices import is_of_the_past
from steward.desk.facts.care import FileErased, MessageErased
from steward.desk.facts.structure import SideMessageSent
from steward.desk.facts.ticket import ReplySent
from steward.ledger.models import Event
from steward.ledger.subscriptions import subscribe


@subscribe("channels.delivery", ReplySent)
def put_on_its_way(event: Event, fact: ReplySent) -> None:
    """Deliver a message of the desk, unless it was only recorded now and said, and had, long ago."""
    if not is_of_the_past(occurred_at=event.occurred_at, recorded_at=event.recorded_at):
        send_off(message_id=fact.message_id, at=event.occurred_at)


@subscribe("channels.erasure", MessageErased)
def forget_words(_event: Event, fact: MessageErased) -> None:
    """Let go of the words of a message as they came in."""
    empty_of_message(message_id=fact.message_id)


@subscribe("channels.erasure", FileErased)
def forget_file(_event: Event, fact: FileErased) -> None:
    """Let go of a file's name and hash as they came in."""
    empty_of_file(attachment_id=fact.attachment_id)


@subscribe("channels.asides", SideMessageSent)
def mail_what_was_asked(event: Event, fact: SideMessageSent) -> None:
    """Mail a third party what they are asked, with the link to answer by."""
    if not is_of_the_past(occurred_at=event.occurred_at, recorded_at=event.recorded_at):
        plan_aside(message_id=fact.message_id)
