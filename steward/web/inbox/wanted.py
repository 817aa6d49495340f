"""Which list an address asks for: a view, what narrows it, words to look for, and a page of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from steward.desk.queries.lists import VIEWS, TicketFilter, from_query, to_query
from steward.desk.rules.states import WORKING
from steward.people.actor import Actor
from steward.people.rules import Capability

LONGEST_SEARCH = 200
BASES = {view.key: view.filter for view in VIEWS}
NAMES: dict[str, tuple[str | Promise, str]] = {
    "mine": (_("My tickets"), "user-round"),
    "snoozed": (_("Snoozed"), "alarm-clock-off"),
    "unassigned": (_("Unassigned"), "circle-dashed"),
    "open": (_("All open"), "inbox"),
    "pending": (_("Pending"), "hourglass"),
    "on_hold": (_("On hold"), "circle-pause"),
    "solved": (_("Solved"), "circle-check"),
    "closed": (_("Closed"), "archive"),
    "all": (_("All tickets"), "layers"),
}
ORDERS: dict[str, str | Promise] = {"due": _("Due first"), "updated": _("Last changed"), "newest": _("Newest first")}
NARROWING = ("priority", "category_id", "tag_id", "requester_id")


@dataclass(frozen=True)
class Wanted:
    """A list as its address asks for it."""

    view: str
    filter: TicketFilter
    q: str = ""
    page: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Tell whether something beside view and queue is chosen."""
        base = BASES[self.view]
        return any(getattr(self.filter, name) is not None for name in NARROWING) or self.filter.assignee != base.assignee

    @property
    def orders(self) -> list[str]:
        """Give the orders this list may have: only what is being worked has a due time to sort by."""
        return list(ORDERS) if _has_due_times(self.filter) else ["updated", "newest"]

    def query(self, *, page: str = "", **changes: object) -> str:
        """Write the address of this list, or of one that differs from it, from the question mark on."""
        changed = replace(self.filter, **changes)  # type: ignore[arg-type]
        base = BASES[self.view]
        parts = {"view": self.view}
        parts |= {name: value for name, value in to_query(changed).items() if value != to_query(base).get(name)}
        if changed.order != base.order:
            parts["order"] = changed.order
        parts |= {name: value for name, value in (("q", self.q), ("page", page)) if value}
        return urlencode(parts)


def read(query: Mapping[str, str], actor: Actor) -> Wanted:
    """Read which list is wanted; what is unknown or malformed falls back to the view, never to an error page."""
    view = query.get("view", "")
    if view not in BASES:
        view = "mine" if actor.can(Capability.WORK_TICKETS) and not query.get("queue_id") else "open"
    chosen = from_query(dict(query.items()), base=BASES[view])
    if chosen.order == "due" and not _has_due_times(chosen):
        chosen = replace(chosen, order="updated")
    return Wanted(view=view, filter=chosen, q=query.get("q", "").strip()[:LONGEST_SEARCH], page=query.get("page", "")[:500])


def _has_due_times(chosen: TicketFilter) -> bool:
    return bool(chosen.states) and set(chosen.states) <= {state.value for state in WORKING}
