"""Telling users of the desk what concerns them: tickets given to them, answers on theirs, promises that are due."""

from datetime import datetime

from django.db import transaction

from steward.core.rows import first_row
from steward.desk.actions.locking import lock
from steward.desk.models import FollowUp, Ticket
from steward.desk.notice_kinds import ASSIGNED, FOLLOW_UP_DUE, REPLY
from steward.desk.queries.access import only_those_who_see
from steward.people.actions.notices import notify
from steward.people.actor import system


def tell_of_assignment(*, ticket_id: int, user_id: int, cause: str, at: datetime) -> None:
    """Tell a user that a ticket became theirs, if it still is and they see it."""
    with transaction.atomic():
        ticket = lock(ticket_id)
        if ticket.assignee_id == user_id:
            _tell(ticket, [user_id], kind=ASSIGNED, data={}, cause=cause, at=at)


# What a ticket was opened with is no answer to anybody, however soon it found an owner.
_ANSWERS_SOMEBODY = """
SELECT 1 FROM desk_ticket t WHERE t.id = %s AND t.assignee_id IS NOT NULL
   AND EXISTS (SELECT 1 FROM desk_message m WHERE m.ticket_id = t.id AND m.id < %s)
"""


def tell_of_message(*, ticket_id: int, message_id: int, cause: str, at: datetime) -> None:
    """Tell the owner of a ticket, if it has one, that its requester wrote; of what was written the notice holds nothing."""
    if first_row(_ANSWERS_SOMEBODY, [ticket_id, message_id]) is None:
        return
    with transaction.atomic():
        ticket = lock(ticket_id)
        if ticket.assignee_id is not None:
            _tell(ticket, [ticket.assignee_id], kind=REPLY, data={"message_id": message_id}, cause=cause, at=at)


def tell_of_due_follow_ups(*, at: datetime, most: int = 200) -> int:
    """Tell the owners of follow-ups that are due, each once however often this runs; give how many were told of."""
    due = FollowUp.objects.filter(due_at__lte=at, done_at=None, told_at=None).order_by("due_at", "id")
    return sum(_tell_of_follow_up(pk, ticket_id, at=at) for pk, ticket_id in list(due.values_list("id", "ticket_id")[:most]))


def _tell_of_follow_up(follow_up_id: int, ticket_id: int, *, at: datetime) -> bool:
    with transaction.atomic():
        ticket = lock(ticket_id)
        told = FollowUp.objects.filter(pk=follow_up_id, done_at=None, told_at=None).update(told_at=at)
        if told:
            follow_up = FollowUp.objects.get(pk=follow_up_id)
            _tell(ticket, [follow_up.owner_id], kind=FOLLOW_UP_DUE, data={"follow_up_id": follow_up_id}, cause="sweep", at=at)
        return bool(told)


def _tell(ticket: Ticket, user_ids: list[int], *, kind: str, data: dict[str, int], cause: str, at: datetime) -> None:
    notify(
        user_ids=only_those_who_see(user_ids, queue=ticket.queue),
        kind=kind,
        ticket_id=ticket.pk,
        queue_id=ticket.queue_id,
        data=data,
        by=system(f"desk.notices:{cause}"),
        at=at,
    )
