"""Asking the requester whether it is fixed, and setting the timers that remind and then close."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from steward.desk.actions.writing import write_message
from steward.desk.facts.ticket import ConfirmationAsked
from steward.desk.models import Question, Ticket, Timer
from steward.ledger.actions.recording import record
from steward.people.actor import system

YES, NO = "yes", "no"
ASKING = system("confirmation")


def ask(ticket: Ticket, *, kind: Question.Kind, body: str, options: list[str], at: datetime) -> Question:
    """Put a question with answers to tap on an automatic message to the requester."""
    message = write_message(ticket, body=body, automatic=True, by=ASKING, at=at)
    return Question.objects.create(ticket=ticket, message=message, kind=kind, options=options, asked_at=at)


def ask_for_confirmation(ticket: Ticket, *, at: datetime) -> Question:
    """Ask the requester of a ticket just solved; the queue says when to remind and when to close."""
    with translation.override(ticket.requester.language or None):
        body = _("We think this is solved. Is it fixed for you?")
    question = ask(ticket, kind=Question.Kind.CONFIRMATION, body=body, options=[YES, NO], at=at)
    queue = ticket.queue
    Timer.objects.bulk_create(
        [
            Timer(ticket=ticket, kind=Timer.Kind.REMIND, due_at=at + queue.remind_after),
            Timer(ticket=ticket, kind=Timer.Kind.CLOSE, due_at=at + queue.close_after),
        ]
    )
    record(
        ConfirmationAsked(ticket_id=ticket.pk, question_id=question.pk, message_id=question.message_id),
        by=ASKING,
        at=at,
    )
    return question


def ask_for_rating(ticket: Ticket, *, at: datetime) -> Question:
    """Ask the requester of a confirmed ticket how it went, from 1 to 5; one open rating a ticket."""
    waiting = Question.objects.filter(ticket=ticket, kind=Question.Kind.RATING, answered_at=None, withdrawn_at=None).first()
    if waiting is not None:
        return waiting
    with translation.override(ticket.requester.language or None):
        body = _("Thank you. How did we do?")
    return ask(ticket, kind=Question.Kind.RATING, body=body, options=["1", "2", "3", "4", "5"], at=at)


def withdraw_questions(ticket: Ticket, *, at: datetime) -> None:
    """Take back what waits for the requester's word: the open confirmation and its timers."""
    Question.objects.filter(
        ticket=ticket,
        kind=Question.Kind.CONFIRMATION,
        answered_at=None,
        withdrawn_at=None,
    ).update(withdrawn_at=at)
    cancel_timers(ticket, at=at)


def cancel_timers(ticket: Ticket, *, at: datetime) -> None:
    """Call off every timer of a ticket that has not gone off."""
    Timer.objects.filter(ticket=ticket, done_at=None, cancelled_at=None).update(cancelled_at=at)
