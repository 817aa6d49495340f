"""What somebody who no longer works here was writing: kept, and offered to the leads."""

from datetime import datetime

from django.db import transaction

from steward.desk.actions.releasing import RELEASE, come_back
from steward.desk.models import Draft, HeldReply, Queue
from steward.desk.queries.leads import leads_of
from steward.people.actions import notify


def offer_what_was_left(*, user_id: int, at: datetime) -> int:
    """Tell the leads of each queue of the drafts a deactivated user left there; give how many there are.

    Replies of theirs that are held come back first, and are such drafts then. Doing it again tells nobody twice of
    the same draft, since a lead who takes it over is its author.
    """
    for held_id in list(
        HeldReply.objects.filter(author_id=user_id, released_at=None, taken_back_at=None).values_list("id", flat=True)
    ):
        come_back(held_id=held_id, at=at)
    with transaction.atomic():
        drafts = list(Draft.objects.filter(author_id=user_id).select_related("ticket__queue__team").order_by("id"))
        leads: dict[int, list[int]] = {}
        for draft in drafts:
            queue: Queue = draft.ticket.queue
            leads.setdefault(queue.pk, leads_of(queue))
            notify(
                user_ids=leads[queue.pk],
                kind="draft_left",
                ticket_id=draft.ticket_id,
                queue_id=queue.pk,
                data={"author_id": user_id},
                by=RELEASE,
                at=at,
            )
        return len(drafts)
