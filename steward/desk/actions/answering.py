"""The requester taps an answer: fixed or not, and how it went."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.errors import Conflict, Invalid, NotFound
from steward.core.text import clean
from steward.desk.actions.confirming import NO, YES
from steward.desk.actions.intake import confirm, hand_back_if_off_duty
from steward.desk.actions.lifecycle import reopen
from steward.desk.actions.locking import lock_to_speak, touch
from steward.desk.actions.writing import write_message
from steward.desk.facts.ticket import FixDenied, QuestionAnswered
from steward.desk.models import Question, Ticket
from steward.desk.rules.states import State
from steward.ledger.actions.recording import record
from steward.people.actor import Actor

LONGEST_COMMENT = 5_000


def answer_question(*, question_id: int, answer: str, comment: str = "", by: Actor, at: datetime) -> Question:
    """Take the requester's answer to a question.

    "yes" to a confirmation closes the ticket as confirmed, also one closed meanwhile for the want of an answer;
    "no" reopens it. A rating may be given once, with a comment. The same answer again is no error; another one
    raises `Conflict`, as does a question withdrawn, or a "no" when the ticket was closed too long ago.
    """
    with transaction.atomic():
        found = Question.objects.filter(pk=question_id).first()
        if found is None:
            raise NotFound(_("There is no such question."))
        ticket = lock_to_speak(found.ticket_id, by)
        question = Question.objects.select_for_update().get(pk=question_id)
        comment = clean(comment, max_length=LONGEST_COMMENT, field="comment", required=False)
        if not _accepts(question, answer, comment):
            return question
        question.answer, question.comment, question.answered_at = answer, comment, at
        question.save(update_fields=["answer", "comment", "answered_at"])
        touch(ticket, at)
        record(
            QuestionAnswered(
                ticket_id=ticket.pk,
                question_id=question.pk,
                question_kind=question.kind,
                answer=answer,
            ),
            by=by,
            at=at,
        )
        if question.kind == Question.Kind.CONFIRMATION:
            _take_word(ticket, question, comment=comment, by=by, at=at)
        return question


def _accepts(question: Question, answer: str, comment: str) -> bool:
    if answer not in question.options:
        raise Invalid(_("That is not one of the answers."), field="answer", hint=_("Choose one of those shown."))
    if question.answered_at is not None:
        if question.answer == answer and (not comment or comment == question.comment):
            return False
        raise Conflict(
            _("You have answered this already."),
            field="answer",
            theirs=question.answer,
            yours=answer,
            hint=_("Write a message if something has changed."),
        )
    if question.withdrawn_at is not None:
        raise Conflict(
            _("This question is no longer open: the ticket has moved on."),
            field="answer",
            yours=answer,
            hint=_("Write a message if something has changed."),
        )
    return True


def _take_word(ticket: Ticket, question: Question, *, comment: str, by: Actor, at: datetime) -> None:
    if comment:
        write_message(ticket, body=comment, from_requester=True, by=by, at=at)
    if question.answer == YES:
        confirm(ticket, question_id=question.pk, by=by, at=at)
    elif question.answer == NO and ticket.state in {State.SOLVED, State.CLOSED}:
        if ticket.closed_at is not None and at - ticket.closed_at > ticket.queue.reopen_for:
            raise Conflict(
                _("This ticket was closed too long ago to be taken up again."),
                field="answer",
                yours=question.answer,
                hint=_("Write a message: it becomes a new ticket, linked to this one."),
            )
        record(FixDenied(ticket_id=ticket.pk, question_id=question.pk), by=by, at=at)
        reopen(ticket, why="denied", by=by, at=at)
        hand_back_if_off_duty(ticket, by=by, at=at)
