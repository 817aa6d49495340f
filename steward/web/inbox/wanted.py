"""Which list an address asks for: a view, a queue, what narrows it, an order, and a page of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from steward.core import clock
from steward.core.errors import marked
from steward.desk.queries.access import QueueInSight
from steward.desk.queries.filtering.naming import with_ids, with_names
from steward.desk.queries.filtering.plan import Plan, plan
from steward.desk.queries.filtering.reader import Reader, reader
from steward.desk.queries.views import View, Views, views_of
from steward.desk.rules.filters.reading import LONGEST, read_filter
from steward.desk.rules.filters.tree import Choice, Id, Part, Problem, Query, Term, Word
from steward.desk.rules.filters.writing import write_filter, write_part
from steward.desk.rules.views import DEFAULT_COLUMNS, ORDER_NAMES, WORKED_ORDERS
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
SAVED_KEY = re.compile(r"v\d{1,17}")


@dataclass(frozen=True)
class Shown:
    """A view as a list shows it."""

    key: str
    name: str | Promise
    icon: str
    query: Query
    view: View


@dataclass(frozen=True)
class Wanted:
    """A list as its address asks for it: what its view asks and what narrows it, ready to be found."""

    view: Shown
    narrowing: Query
    reader: Reader
    order: str
    views: Views
    grouping: str = ""
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

    @property
    def order_choices(self) -> list[tuple[str, str | Promise]]:
        """Give those orders with their names."""
        return [(name, ORDERS[name]) for name in self.orders]

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the columns of this list, in their order."""
        return tuple(self.view.view.columns) or DEFAULT_COLUMNS

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

    @property
    def whole(self) -> Query:
        """Give all that is asked for, the view's part and the queue among it, as a view keeps it."""
        return with_ids(self.plan.query, self.reader)

    def query(
        self, *, page: str = "", narrowing: Query | None = None, order: str = "", view: str = "", grouping: str | None = None
    ) -> str:
        """Write the address of this list, or of one that differs from it, from the question mark on."""
        changed = self.narrowing if narrowing is None else narrowing
        shown = (self.views.get(view) if view else None) or self.view.view
        text = self.typed if narrowing is None and self.typed else in_address(changed)
        if shown.saved_id:
            # Whoever may not open the view sees by the address the same filter.
            text = in_address(shown.query.also(*changed.parts))
        order = order or self.order
        grouping = self.grouping if grouping is None else grouping
        parts = {
            "view": shown.key,
            "queue_id": str(self.queue_id) if self.queue_id else "",
            "q": text,
            "order": "" if order == _usual_order(shown, changed) else order,
            "group": "" if grouping == shown.grouping else grouping or "none",
            "from": self.came_from,
            "page": page,
        }
        return urlencode({name: value for name, value in parts.items() if value})


def in_address(query: Query) -> str:
    """Write a filter as an address carries it: a space keeps its last word from being read as the beginning of one."""
    whole = query.parts and isinstance(query.parts[-1], Word) and not query.parts[-1].beginning
    return write_filter(query) + (" " if whole else "")


def _usual_order(view: View, narrowing: Query) -> str:
    # What was searched everywhere comes as a search does: the last changed first.
    return "updated" if view.key == "all" and narrowing.parts and not view.is_laid_out else view.order


def shown_as(view: View) -> Shown:
    """Give a view with its name and sign."""
    name, sign = NAMES.get(view.key, (view.name, "bookmark" if view.scope == "private" else "users-round"))
    return Shown(view.key, name, sign, view.query, view)


def view_address(view: View) -> str:
    """Write the address of a view, from the question mark on; a saved one's holds its filter, for whoever may not open it."""
    return urlencode({"view": view.key} | ({"q": in_address(view.query)} if view.saved_id and view.text else {}))


def read(request: Request) -> Wanted:
    """Read which list is wanted; what is unknown or malformed falls back to the view, never to an error page."""
    asked = request.GET
    who = reader(request.queues, user_id=request.actor.user_id, zone=timezone.get_current_timezone_name(), at=clock.now())
    typed = asked.get("q", "").lstrip()[: LONGEST + 1]
    told = read_filter(typed, typing=True)
    narrowing = told.query.also(*_fields(asked))
    queue_id = number_in(asked.get("queue_id", ""))
    views = views_of(request.actor)
    view = views.get(asked.get("view", ""))
    problems = told.problems
    if view is None and SAVED_KEY.fullmatch(asked.get("view", "")):
        problems = (*problems, Problem(marked("That view is put away or not shared with you; its filter is shown instead.")))
    view = view or views.own[_first_view(request, narrowed=bool(narrowing.parts), queue_id=queue_id)]
    if view.saved_id:
        # The address of a saved view repeats its filter; only what goes beyond it narrows.
        known = view.query.parts
        narrowing = Query(tuple(part for part in narrowing.parts if part not in known))
    wanted = Wanted(
        view=shown_as(view),
        narrowing=narrowing,
        reader=who,
        order="",
        views=views,
        queue=next((queue for queue in request.queues if queue.pk == queue_id), None),
        queue_id=queue_id,
        typed=typed if narrowing == told.query else "",
        page=asked.get("page", "")[:_LONGEST_TOKEN],
        came_from=asked.get("from", "") if views.get(asked.get("from", "")) else "",
        problems=problems,
    )
    order = asked.get("order", "")
    order = order if order in ORDER_NAMES else _usual_order(view, narrowing)
    grouping = {"none": "", "waiting": "waiting"}.get(asked.get("group", ""), view.grouping)
    return replace(
        wanted,
        order=order if order in wanted.orders else "updated",
        grouping=grouping if wanted.plan.is_worked and not wanted.plan.has_words else "",
    )


def _first_view(request: Request, *, narrowed: bool, queue_id: int | None) -> str:
    if narrowed:
        return "all"
    return "mine" if request.actor.can(Capability.WORK_TICKETS) and queue_id is None else "open"


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
