"""Parts of a whole, read in one query."""

from steward.desk.models import Link
from steward.desk.rules.states import State
from steward.desk.rules.wholes import Closing, PartOf


def parts_of(ticket_id: int) -> list[PartOf]:
    """Give the tickets that are parts of this one, each with its state and what closing means for it."""
    rows = Link.objects.filter(to_ticket_id=ticket_id, kind=Link.Kind.CHILD, removed_at=None).order_by("from_ticket_id")
    return [
        PartOf(id=pk, state=State(state), closing=Closing(closing))
        for pk, state, closing in rows.values_list("from_ticket_id", "from_ticket__state", "closing")
    ]


def is_within(ticket_id: int, whole_id: int) -> bool:
    """Tell whether a ticket is part of another, directly or by parts of parts; a ring ends the walk."""
    seen: set[int] = set()
    at: int | None = ticket_id
    while at is not None and at not in seen:
        if at == whole_id:
            return True
        seen.add(at)
        up = Link.objects.filter(from_ticket_id=at, kind=Link.Kind.CHILD, removed_at=None)
        at = up.values_list("to_ticket_id", flat=True).first()
    return False
