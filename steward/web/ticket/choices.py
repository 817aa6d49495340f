"""What the fields of a ticket can be set to, and by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from steward.desk.models import Category, Queue, Ticket
from steward.desk.permissions import may_assign, may_transfer
from steward.desk.queries.access import people_who_may_own
from steward.desk.queries.joined import talks_of
from steward.people.actor import Actor
from steward.roster.queries import on_duty
from steward.web.shared.labels import CHANNELS

_NOBODY_YET = -1


@dataclass(frozen=True)
class Choice:
    """A value that can be chosen, its name, and a mark that says more about it."""

    value: int
    name: str
    mark: str = ""


def assignees(actor: Actor, ticket: Ticket, *, at: datetime) -> tuple[Choice, ...]:
    """Give whom the actor may give this ticket to, those on shift first, each marked as such."""
    if not may_assign(actor, ticket, to_user_id=actor.user_id):
        return ()
    present = on_duty(at)
    if not may_assign(actor, ticket, to_user_id=_NOBODY_YET):
        return (Choice(actor.user_id or 0, actor.name, "on" if actor.user_id in present else ""),)
    found = [Choice(user_id, name, "on" if user_id in present else "") for user_id, name in people_who_may_own(ticket.queue)]
    return tuple(sorted(found, key=lambda one: (not one.mark, one.name.casefold(), one.value)))


def queue_choices(actor: Actor, queues: Sequence[Queue], ticket: Ticket) -> tuple[Choice, ...]:
    """Give the queues a ticket may be moved to, with whose hands they are in."""
    return tuple(
        Choice(queue.pk, queue.name, queue.purpose)
        for queue in queues
        if queue.pk != ticket.queue_id and may_transfer(actor, ticket, to=queue)
    )


def category_choices(categories: Sequence[Category], ticket: Ticket) -> tuple[Choice, ...]:
    """Give the categories by their paths; one that is no longer used only where the ticket has it."""
    by_id = {category.pk: category for category in categories}

    def path(category: Category) -> str:
        parent = by_id.get(category.parent_id or 0)
        return f"{path(parent)} / {category.name}" if parent else category.name

    found = [Choice(one.pk, path(one)) for one in categories if one.is_active or one.pk == ticket.category_id]
    return (Choice(0, _("None")), *sorted(found, key=lambda one: one.name.casefold()))


def talk_choices(family: Sequence[int]) -> list[tuple[str, str]]:
    """Give whom a reply may go to where there are several: each conversation by its requester, then all of them at once."""
    talks = talks_of(family)
    if len(talks) < 2:  # noqa: PLR2004 -- with one there is nothing to choose
        return []
    words = _("%(name)s · %(channel)s · #%(number)s")
    found = []
    for talk in talks:
        values = {"name": talk.name or "?", "channel": CHANNELS.get(talk.channel, talk.channel), "number": talk.ticket_id}
        found.append((str(talk.id), words % values))
    # Whoever is in several conversations hears it once, in the first.
    first = {talk.requester_id: talk.id for talk in reversed(talks)}
    if len(first) > 1:
        everybody = ",".join(str(talk.id) for talk in talks if first[talk.requester_id] == talk.id)
        found.append((everybody, _("All %(count)s requesters, each in their own conversation") % {"count": len(first)}))
    return found
