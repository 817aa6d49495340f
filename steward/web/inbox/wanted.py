"""Which list an address asks for: a view, a queue, what narrows it, an order, and a page of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from steward.core import clock
from steward.desk.queries.access import QueueInSight
from steward.desk.queries.filtering.naming import with_names
from steward.desk.queries.filtering.plan import Plan, plan
from steward.desk.queries.filtering.reader import Reader, reader
from steward.desk.rules.filters.reading import LONGEST, read_filter
from steward.desk.rules.filters.tree import Choice, Id, Part, Problem, Query, Term, Word
from steward.desk.rules.filters.writing import write_filter, write_part
from steward.desk.rules.views import BUILT_IN, ORDER_NAMES, WORKED_ORDERS
from steward.people.rules import Capability
from steward.web.shared.asking import Request, number_in

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
ORDERS: dict[str, str | Promise] = {
    "due": _("Due first"),
    "priority": _("Most urgent"),
    "waiting": _("Longest wait"),
    "updated": _("Last changed"),
    "newest": _("Newest first"),
}
WAITING: dict[str, str | Promise] = {
    "me": _("me"),
    "us": _("us"),
    "requester": _("the requester"),
    "engineering": _("engineering"),
    "vendor": _("a vendor"),
    "internal": _("somebody else here"),
    "scheduled": _("an agreed time"),
    "other": _("others"),
}
_PRIORITIES = {1: "urgent", 2: "high", 3: "normal", 4: "low"}
_LONGEST_TOKEN = 500


@dataclass(frozen=True)
class Shown:
    """A view as a list shows it."""

    key: str
    name: str | Promise
    icon: str
    query: Query
    order: str


@dataclass(frozen=True)
class Wanted:
    """A list as its address asks for it: what its view asks and what narrows it, ready to be found."""

    view: Shown
    narrowing: Query
    reader: Reader
    order: str
    queue: QueueInSight | None = None
    queue_id: int | None = None
    typed: str = ""
    page: str = ""
    came_from: str = ""
    problems: tuple[Problem, ...] = field(default=())

    @cached_property
    def plan(self) -> Plan:
        """Give what is to be found."""
        parts = self.view.query.parts + self.narrowing.parts
        if self.queue_id is not None:
            parts = (*parts, Term("in", (Id(self.queue_id),)))
        return plan(Query(tuple(dict.fromkeys(parts))), self.reader)

    @property
    def is_narrowed(self) -> bool:
        """Tell whether something beside view and queue is asked for."""
        return bool(self.narrowing.parts)

    @property
    def is_search(self) -> bool:
        """Tell whether all tickets are searched for something that was typed."""
        return self.view.key == "all" and self.is_narrowed

    @property
    def orders(self) -> list[str]:
        """Give the orders this list may have: only what is being worked has a due time to sort by."""
        return [name for name in ORDERS if name not in WORKED_ORDERS or self.plan.is_worked]

    @cached_property
    def chips(self) -> list[tuple[str, str]]:
        """Give each part that narrows the list in words, with the address of the list without it."""
        called = with_names(self.narrowing, self.reader).parts
        return [
            (write_part(shown), self.query(narrowing=self.narrowing.without(part)))
            for part, shown in zip(self.narrowing.parts, called, strict=True)
        ]

    @property
    def kept(self) -> str:
        """Give what narrows the list as a form carries it on."""
        return in_address(self.narrowing)

    @property
    def text(self) -> str:
        """Give what narrows the list as the search box shows it."""
        return self.typed or write_filter(with_names(self.narrowing, self.reader))

    def query(self, *, page: str = "", narrowing: Query | None = None, order: str = "", view: str = "") -> str:
        """Write the address of this list, or of one that differs from it, from the question mark on."""
        changed = self.narrowing if narrowing is None else narrowing
        text = self.typed if narrowing is None and self.typed else in_address(changed)
        order = order or self.order
        parts = {
            "view": view or self.view.key,
            "queue_id": str(self.queue_id) if self.queue_id else "",
            "q": text,
            "order": "" if order == _usual_order(self.view, changed) else order,
            "from": self.came_from,
            "page": page,
        }
        return urlencode({name: value for name, value in parts.items() if value})


def in_address(query: Query) -> str:
    """Write a filter as an address carries it: a space keeps its last word from being read as the beginning of one."""
    whole = query.parts and isinstance(query.parts[-1], Word) and not query.parts[-1].beginning
    return write_filter(query) + (" " if whole else "")


def _usual_order(view: Shown, narrowing: Query) -> str:
    # What was searched everywhere comes as a search does: the last changed first.
    return "updated" if view.key == "all" and narrowing.parts else view.order


def built_in(key: str) -> Shown | None:
    """Give a view of the desk's own."""
    return _BUILT_IN.get(key)


_BUILT_IN = {view.key: Shown(view.key, *NAMES[view.key], view.query, view.order) for view in BUILT_IN}


def read(request: Request) -> Wanted:
    """Read which list is wanted; what is unknown or malformed falls back to the view, never to an error page."""
    asked = request.GET
    who = reader(request.queues, user_id=request.actor.user_id, zone=timezone.get_current_timezone_name(), at=clock.now())
    typed = asked.get("q", "").lstrip()[: LONGEST + 1]
    told = read_filter(typed, typing=True)
    more = _fields(asked)
    queue_id = number_in(asked.get("queue_id", ""))
    view = built_in(asked.get("view", "")) or _first_view(request, narrowed=bool(told.query.parts or more), queue_id=queue_id)
    wanted = Wanted(
        view=view,
        narrowing=told.query.also(*more),
        reader=who,
        order="",
        queue=next((queue for queue in request.queues if queue.pk == queue_id), None),
        queue_id=queue_id,
        typed="" if more else typed,
        page=asked.get("page", "")[:_LONGEST_TOKEN],
        came_from=asked.get("from", "") if built_in(asked.get("from", "")) else "",
        problems=told.problems,
    )
    order = asked.get("order", "")
    order = order if order in ORDER_NAMES else _usual_order(view, wanted.narrowing)
    return replace(wanted, order=order if order in wanted.orders else "updated")


def _first_view(request: Request, *, narrowed: bool, queue_id: int | None) -> Shown:
    if narrowed:
        return _BUILT_IN["all"]
    return _BUILT_IN["mine" if request.actor.can(Capability.WORK_TICKETS) and queue_id is None else "open"]


def _fields(asked: Mapping[str, str]) -> list[Part]:
    """Read the choices of the filter's form, and of addresses that name rows, as parts of the language."""
    found: list[Part] = []
    if (priority := number_in(asked.get("priority", ""))) in _PRIORITIES:
        found.append(Term("priority", (Choice(_PRIORITIES[priority]),)))
    for name, operator in (("category_id", "category"), ("tag_id", "tag"), ("requester_id", "from")):
        if (number := number_in(asked.get(name, ""))) and number > 0:
            found.append(Term(operator, (Id(number),)))
    assignee = asked.get("assignee", "")
    if assignee in {"me", "none"}:
        found.append(Term("assignee", (Choice(assignee),)))
    elif (number := number_in(assignee)) and number > 0:
        found.append(Term("assignee", (Id(number),)))
    if (waiting := asked.get("waiting", "")) in WAITING:
        found.append(Term("waiting", (Choice(waiting),)))
    return found
