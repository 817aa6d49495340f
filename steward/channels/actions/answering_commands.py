"""What a requester can ask of the desk in a chat."""

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from steward.channels.actions.outbox import tell
from steward.channels.actions.receipt_words import receipt
from steward.channels.actions.speakers import requester_of
from steward.channels.contract import Account, Wrote
from steward.channels.models import ChannelPerson, ChannelThread
from steward.channels.rules.commands import Command
from steward.channels.rules.raw import digest_of
from steward.core.errors import DomainError
from steward.desk.actions.answering import answer_question
from steward.desk.actions.intake import receive_message
from steward.desk.models import Question, Ticket
from steward.desk.rules.states import ENDED, State
from steward.people.models import Requester
from steward.people.queries.actors import requester_actor

MOST = 20


def answer(
    account: Account, command: Command, person: ChannelPerson, said: Wrote, thread: ChannelThread | None, *, at: datetime
) -> None:
    """Answer a command where it was given, in the language of whoever gave it."""
    requester = requester_of(account, person, said.speaker, at=at)
    with translation.override(requester.language or None):
        try:
            with transaction.atomic():
                words = _words(account, command, requester, said, thread, at=at)
        except DomainError as error:
            words = " ".join(part for part in (error.message, error.hint) if part)
    tell(
        channel_id=account.channel_id,
        place=said.place,
        text=words,
        key=f"command:{digest_of(said.vendor_id)}",
        person=person,
        at=at,
    )


def _words(
    account: Account, command: Command, requester: Requester, said: Wrote, thread: ChannelThread | None, *, at: datetime
) -> str:
    if command.name == "mine":
        return _mine(requester)
    if command.name == "help":
        return _(
            "Write what you need, and it becomes a ticket. /status tells how it stands, /mine lists yours, "
            "/resolve says it is fixed."
        )
    ticket = _ticket(requester, thread)
    if ticket is None:
        return _("There is no ticket here. /mine lists yours.")
    if command.name == "status":
        return _status(ticket, at=at)
    return _resolve(account, ticket, said, at=at)


def _ticket(requester: Requester, thread: ChannelThread | None) -> Ticket | None:
    theirs = Ticket.objects.select_related("status", "queue__team", "assignee", "requester").filter(requester=requester)
    if thread is not None and thread.conversation is not None:
        return theirs.filter(pk=thread.conversation.ticket_id).first()
    return theirs.filter(merged_into=None).exclude(state=State.CLOSED.value).order_by("-id").first()


def _status(ticket: Ticket, *, at: datetime) -> str:
    head = f"#{ticket.pk} · {ticket.subject} · {ticket.status.name}"
    return head if State(ticket.state) in ENDED else f"{head}\n{receipt(ticket, at=at)}"


def _mine(requester: Requester) -> str:
    mine = Ticket.objects.select_related("status").filter(requester=requester, merged_into=None)
    lines = [f"#{ticket.pk} · {ticket.subject} · {ticket.status.name}" for ticket in mine.order_by("-updated_at", "-id")[:MOST]]
    return "\n".join(lines) or _("You have no tickets.")


def _resolve(account: Account, ticket: Ticket, said: Wrote, *, at: datetime) -> str:
    by = requester_actor(ticket.requester, cause=f"channel:{account.channel_id}")
    asked = Question.objects.filter(ticket=ticket, kind=Question.Kind.CONFIRMATION, answered_at=None, withdrawn_at=None).first()
    if asked is not None:
        answer_question(question_id=asked.pk, answer="yes", by=by, at=at)
        return _("Thank you: #%(number)s is closed as fixed.") % {"number": ticket.pk}
    if State(ticket.state) in ENDED:
        return _("#%(number)s is closed already.") % {"number": ticket.pk}
    receive_message(
        ticket_id=ticket.pk,
        body=command_words(said.body) or _("It is fixed for me; this can be closed."),
        client_token=f"c{account.channel_id}:{digest_of(said.vendor_id)}",
        by=by,
        at=at,
    )
    return _("The desk was told that #%(number)s is fixed for you.") % {"number": ticket.pk}


def command_words(body: str) -> str:
    """Give what stands after a command."""
    return body.strip().partition(" ")[2].strip()
