"""Who wants to hear of a ticket: by their own wish, by having answered, or by being named."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from steward.desk.actions.locking import lock_in_sight
from steward.desk.facts.structure import TicketUnwatched, TicketWatched
from steward.desk.models import Ticket, Watcher
from steward.desk.queries.access import only_those_who_see
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.permissions import require

How = Watcher.How


def watch_ticket(*, ticket_id: int, by: Actor, at: datetime) -> None:
    """Let the actor hear of what happens on a ticket they see; a second time is no error."""
    require(by.user_id is not None, _("Sign in to watch a ticket."))
    with transaction.atomic():
        ticket = lock_in_sight(ticket_id, by)
        start_watching(ticket, [by.user_id or 0], how=How.MANUAL, by=by, at=at)


def unwatch_ticket(*, ticket_id: int, by: Actor, at: datetime) -> None:
    """Stop telling the actor of a ticket; answering it later does not start it again, being named does."""
    with transaction.atomic():
        ticket = lock_in_sight(ticket_id, by)
        stop_watching(ticket, [by.user_id or 0], by=by, at=at)


def start_watching(ticket: Ticket, user_ids: Iterable[int], *, how: Watcher.How, by: Actor, at: datetime) -> list[int]:
    """Make users watch a locked ticket, as far as they see it; give those who did not watch it yet.

    Whoever has stopped by hand is left alone by what they do in passing.
    """
    started = []
    for user_id in only_those_who_see(dict.fromkeys(user_ids), queue=ticket.queue):
        row, made = Watcher.objects.get_or_create(ticket=ticket, user_id=user_id, defaults={"how": how, "since": at})
        if not made:
            if row.stopped_at is None or how in {How.REPLY, How.MERGE}:
                continue
            row.how, row.since, row.stopped_at = how, at, None
            row.save(update_fields=["how", "since", "stopped_at"])
        record(TicketWatched(ticket_id=ticket.pk, user_id=user_id, how=how.value), by=by, at=at)
        started.append(user_id)
    return started


def stop_watching(ticket: Ticket, user_ids: Iterable[int], *, by: Actor, at: datetime) -> None:
    """Stop users from watching a locked ticket; one who does not is no error."""
    for row in Watcher.objects.filter(ticket=ticket, user_id__in=list(user_ids), stopped_at=None).order_by("user_id"):
        row.stopped_at = at
        row.save(update_fields=["stopped_at"])
        record(TicketUnwatched(ticket_id=ticket.pk, user_id=row.user_id), by=by, at=at)
