"""Taking a word or a sign for an answer to what the desk asks."""

from steward.channels.actions.heard.scene import Scene
from steward.channels.contract import (
    Wrote,
)
from steward.channels.rules.signs import answer_of
from steward.core.prepared import Prepared
from steward.desk.actions.answering import answer_question
from steward.desk.models import Conversation, Question
from steward.people.queries.actors import requester_actor

_ASKED = Prepared(
    lambda ticket_id: Question.objects.filter(ticket_id=ticket_id, answered_at=None, withdrawn_at=None).order_by("-id"),
    ticket_id=int,
)


def answers(scene: Scene, talk: Conversation, said: Wrote, *, by_requester: int) -> bool:
    """Take a bare word for an answer to what is asked, where something is."""
    if by_requester != talk.ticket.requester_id or said.files:
        return False
    for question in _ASKED.all(ticket_id=talk.ticket_id):
        answer = answer_of(said.body, list(question.options))
        if answer:
            give_answer(scene, question, answer)
            return True
    return False


def give_answer(scene: Scene, question: Question, answer: str) -> None:
    """Give an answer in the name of whose word is asked for."""
    by = requester_actor(question.ticket.requester, cause=f"channel:{scene.account.channel_id}")
    answer_question(question_id=question.pk, answer=answer, by=by, at=scene.at)
