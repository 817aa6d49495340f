"""Joining tickets by typed links, and taking links back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from steward.core.errors import Invalid, NotFound
from steward.desk.actions.locking import lock_for_work, touch
from steward.desk.facts.ticket import TicketsLinked, TicketsUnlinked
from steward.desk.models import Link, Ticket
from steward.desk.queries.wholes import is_within
from steward.ledger.actions.recording import record
from steward.people.actor import Actor


def link_tickets(*, ticket_id: int, other_id: int, kind: Link.Kind, closing: str = "", by: Actor, at: datetime) -> Link:
    """Join two tickets the actor can see; the same link made twice is one. Both are locked, the lower number first.

    A part of a whole (`child_of`) says by `closing` what solving the one has to do with the other.
    """
    if kind not in Link.Kind.values:
        raise Invalid(_("There is no such kind of link."), field="kind")
    if ticket_id == other_id:
        raise Invalid(_("A ticket cannot be linked to itself."), field="other")
    if kind == Link.Kind.CHILD:
        closing = closing or Link.Closing.WAITS
        if closing not in Link.Closing.values:
            raise Invalid(_("There is no such rule of closing."), field="closing")
    with transaction.atomic():
        tickets = _lock_both(ticket_id, other_id, by)
        if kind == Link.Kind.RELATED:
            # It says the same from both ends.
            there = Link.objects.filter(from_ticket_id=other_id, to_ticket_id=ticket_id, kind=kind, removed_at=None).first()
            if there is not None:
                return there
        if kind == Link.Kind.CHILD:
            _check_whole(ticket_id, other_id)
        return join(tickets[ticket_id], tickets[other_id], kind=kind, closing=closing, by=by, at=at)


def _check_whole(ticket_id: int, whole_id: int) -> None:
    if is_within(whole_id, ticket_id):
        raise Invalid(
            _("#%(whole)s is itself part of #%(number)s.") % {"whole": whole_id, "number": ticket_id},
            field="other",
            hint=_("Take that link back first."),
        )
    there = Link.objects.filter(from_ticket_id=ticket_id, kind=Link.Kind.CHILD, removed_at=None).exclude(to_ticket_id=whole_id)
    whole = there.values_list("to_ticket_id", flat=True).first()
    if whole is not None:
        raise Invalid(
            _("#%(number)s is part of #%(whole)s already.") % {"number": ticket_id, "whole": whole},
            field="other",
            hint=_("Take that link back first."),
        )


def join(one: Ticket, other: Ticket, *, kind: Link.Kind, closing: str = "", by: Actor, at: datetime) -> Link:
    """Join two locked tickets; the same link made twice is one."""
    link, made = Link.objects.get_or_create(
        from_ticket=one,
        to_ticket=other,
        kind=kind,
        removed_at=None,
        defaults={"created_at": at, "closing": closing},
    )
    if made:
        _tell({one.pk: one, other.pk: other}, link, TicketsLinked, by=by, at=at)
    return link


def unlink_tickets(*, link_id: int, by: Actor, at: datetime) -> None:
    """Take a link back; the row stays, marked, and a second time is no error."""
    with transaction.atomic():
        found = Link.objects.filter(pk=link_id).first()
        if found is None:
            raise NotFound(pgettext("link to a ticket", "There is no such link."))
        tickets = _lock_both(found.from_ticket_id, found.to_ticket_id, by)
        link = Link.objects.select_for_update().get(pk=link_id)
        if link.removed_at is None:
            link.removed_at = at
            link.save(update_fields=["removed_at"])
            _tell(tickets, link, TicketsUnlinked, by=by, at=at)


def _lock_both(one: int, other: int, by: Actor) -> dict[int, Ticket]:
    return {ticket_id: lock_for_work(ticket_id, by) for ticket_id in sorted({one, other})}


def _tell(
    tickets: dict[int, Ticket],
    link: Link,
    fact: type[TicketsLinked] | type[TicketsUnlinked],
    *,
    by: Actor,
    at: datetime,
) -> None:
    for ticket_id, other_id in ((link.from_ticket_id, link.to_ticket_id), (link.to_ticket_id, link.from_ticket_id)):
        touch(tickets[ticket_id], at)
        said = {"closing": link.closing} if fact is TicketsLinked and link.closing else {}
        record(
            fact(ticket_id=ticket_id, link_id=link.pk, other_id=other_id, link_kind=link.kind, **said),
            by=by,
            at=at,
        )
