"""What can be done by key or by name around the lists of tickets, and the tickets the palette finds."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from steward.core import clock
from steward.desk.queries.access import is_of_the_desk, visible_queue_ids
from steward.desk.queries.finding import requesters_called
from steward.desk.queries.lists import Row, select_rows
from steward.desk.queries.search import search_tickets
from steward.desk.queries.views import views_of
from steward.people.actor import Actor
from steward.people.queries.finding import colleagues_called
from steward.web.inbox.wanted import NAMES, view_address
from steward.web.shared.commands import Command, Found, Place, click, go, post, register, register_finder, register_recent
from steward.web.shared.labels import ACTION_ICONS, STATE_ICONS

WORKS = ("work_tickets",)
SEES = ("work_tickets", "answer_engineering", "see_reports")
MOST = 7
MOST_PEOPLE = 4
MOST_VIEWS = 4

register(
    Command(
        "next", gettext_lazy("Get the next ticket"), post("inbox:next"), ACTION_ICONS["get_next"], ("g n",), capabilities=WORKS
    ),
    Command(
        "select.page",
        gettext_lazy("Select every row of this page"),
        click("[data-select-page]"),
        "list-checks",
        ("* a",),
        (Place.LIST,),
        WORKS,
    ),
    Command(
        "select.all",
        gettext_lazy("Select all that match"),
        click("[data-select-all]"),
        "list-checks",
        ("* m",),
        (Place.LIST,),
        WORKS,
    ),
    Command(
        "select.none",
        gettext_lazy("Select nothing"),
        click("[data-select-none]"),
        "x",
        ("* n",),
        (Place.LIST,),
        WORKS,
    ),
    Command("bulk", gettext_lazy("Bulk runs"), go("bulk:page"), "list-checks", capabilities=WORKS),
    *(
        Command(
            f"view.{key}",
            label,
            go("inbox:page", f"view={key}"),
            sign,
            {"mine": ("g m",), "unassigned": ("g u",), "open": ("g o",), "all": ("g a",)}.get(key, ()),
            capabilities=SEES,
            group=gettext_lazy("Views"),
        )
        for key, (label, sign) in NAMES.items()
    ),
)


def find_tickets(actor: Actor, text: str) -> Iterator[Found]:
    """Find tickets by number or words in the queues the actor sees."""
    if is_of_the_desk(actor):
        for row in search_tickets(text, queue_ids=visible_queue_ids(actor), user_id=actor.user_id, at=clock.now(), most=MOST):
            yield _found(row, _("Tickets"))


def name_tickets(actor: Actor, ticket_ids: list[int]) -> Iterator[Found]:
    """Name these tickets as far as the actor sees them, in their order."""
    if is_of_the_desk(actor):
        for row in select_rows(ticket_ids, queue_ids=visible_queue_ids(actor)):
            yield _found(row, _("Recent"))


def find_people(actor: Actor, text: str) -> Iterator[Found]:
    """Find colleagues, leading to their tickets, and requesters of tickets in sight, leading to all their requests."""
    if not is_of_the_desk(actor):
        return
    here = reverse("inbox:page")
    for user_id, name in colleagues_called(text, most=MOST_PEOPLE):
        yield Found(
            _("People"), name, f"{here}?view=open&assignee={user_id}", "headset", _("their open tickets"), f"user-{user_id}"
        )
    for one in requesters_called(text, queue_ids=visible_queue_ids(actor), most=MOST_PEOPLE):
        href = f"{here}?view=all&requester_id={one.id}"
        yield Found(_("People"), one.name or one.email, href, "user-round", one.email if one.name else "", f"requester-{one.id}")


def find_views(actor: Actor, text: str) -> Iterator[Found]:
    """Find the saved views the actor may open by words of their names, those whose name begins so first."""
    if not is_of_the_desk(actor):
        return
    typed = text.casefold()
    called = [view for view in views_of(actor).saved if all(word in view.name.casefold() for word in typed.split())]
    called.sort(key=lambda view: not view.name.casefold().startswith(typed))
    for view in called[:MOST_VIEWS]:
        href = f"{reverse('inbox:page')}?{view_address(view)}"
        yield Found(_("Views"), view.name, href, "bookmark", view.team or view.folder, f"view-{view.key}")


def _found(row: Row, group: str) -> Found:
    sign = STATE_ICONS.get(row.state, "circle")
    href = reverse("ticket:page", args=[row.id])
    return Found(group, f"#{row.id} {row.subject}", href, sign, row.requester, f"ticket-{row.id}")


# Few and by name come before many and by word.
register_finder("people", find_people)
register_finder("views", find_views)
register_finder("tickets", find_tickets)
register_recent(name_tickets)
