"""What channels do on hearing of the desk: putting on its way what is said to a requester."""

from steward.channels.actions.aside_mail import plan_aside
from steward.channels.actions.delivering import send_off
from steward.channels.actions.erasing import empty_of_file, empty_of_message
from steward.channels.actions.erasing_pages import empty_page_of
from steward.channels.actions.mailing import plan_participant_mails
from steward.channels.actions.triage import open_thread, show_message
from steward.channels.actions.webhook_sending import plan_webhooks
from steward.channels.queries.webhooks import facts_of_tickets
from steward.channels.rules.notices import is_of_the_past
from steward.desk.facts.care import FileErased, MessageErased
from steward.desk.facts.structure import SideMessageSent
from steward.desk.facts.ticket import MessageReceived, NoteAdded, ReplySent, TicketOpened
from steward.ledger.models import Event
from steward.ledger.subscriptions import subscribe


@subscribe("channels.delivery", ReplySent)
def put_on_its_way(event: Event, fact: ReplySent) -> None:
    """Deliver a message of the desk, unless it was only recorded now and said, and had, long ago."""
    if not is_of_the_past(occurred_at=event.occurred_at, recorded_at=event.recorded_at):
        send_off(message_id=fact.message_id, at=event.occurred_at)


@subscribe("channels.participants", ReplySent)
def tell_who_takes_part(event: Event, fact: ReplySent) -> None:
    """Have those who were told along mailed of an answer they do not look at; what no person wrote is no answer."""
    if not fact.automatic and not is_of_the_past(occurred_at=event.occurred_at, recorded_at=event.recorded_at):
        plan_participant_mails(message_id=fact.message_id, at=event.occurred_at)


@subscribe("channels.erasure", MessageErased)
def forget_words(_event: Event, fact: MessageErased) -> None:
    """Let go of the words of a message as they came in."""
    empty_of_message(message_id=fact.message_id)
    empty_page_of(message_id=fact.message_id)


@subscribe("channels.erasure", FileErased)
def forget_file(_event: Event, fact: FileErased) -> None:
    """Let go of a file's name and hash as they came in."""
    empty_of_file(attachment_id=fact.attachment_id)


@subscribe("channels.asides", SideMessageSent)
def mail_what_was_asked(event: Event, fact: SideMessageSent) -> None:
    """Mail a third party what they are asked, with the link to answer by."""
    if not is_of_the_past(occurred_at=event.occurred_at, recorded_at=event.recorded_at):
        plan_aside(message_id=fact.message_id)


@subscribe("channels.triage", TicketOpened)
def show_to_agents(event: Event, fact: TicketOpened) -> None:
    """Show a ticket in the triage room of its channel."""
    if not is_of_the_past(occurred_at=event.occurred_at, recorded_at=event.recorded_at):
        open_thread(ticket_id=fact.ticket_id, at=event.occurred_at)


@subscribe("channels.triage", MessageReceived)
def show_what_was_asked(event: Event, fact: MessageReceived) -> None:
    """Show in its triage thread what a requester said on a ticket."""
    show_message(message_id=fact.message_id, at=event.occurred_at)


@subscribe("channels.triage", ReplySent)
def show_what_was_answered(event: Event, fact: ReplySent) -> None:
    """Show in its triage thread what was answered elsewhere."""
    show_message(message_id=fact.message_id, at=event.occurred_at)


@subscribe("channels.triage", NoteAdded)
def show_what_was_noted(event: Event, fact: NoteAdded) -> None:
    """Show in its triage thread what was noted elsewhere."""
    show_message(message_id=fact.message_id, at=event.occurred_at)


@subscribe("channels.webhooks", *facts_of_tickets())
def tell_webhooks(event: Event, _fact: object) -> None:
    """Put what happened to a ticket on its way to the webhooks that hear it, unless it is only told now."""
    if not is_of_the_past(occurred_at=event.occurred_at, recorded_at=event.recorded_at):
        plan_webhooks(event, at=event.occurred_at)
