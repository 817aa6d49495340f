"""The choices of a palette's second step: what a ticket, or several rows of a list, can be set to."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from steward.core import clock
from steward.core.errors import Invalid, NotAllowed
from steward.desk.actions.lifecycle import HOLD_REASONS
from steward.desk.actions.verbs.registry import verb_named
from steward.desk.models import Category, Queue, Status, Tag, Ticket, TicketTag
from steward.desk.permissions import may_work
from steward.desk.queries.access import is_of_the_desk, ticket_seen_by
from steward.desk.rules.states import State, moves_from
from steward.people.actor import Actor
from steward.web.shared.asking import Request, number_in
from steward.web.shared.labels import PRIORITY_ICONS, STATE_ICONS, priority_label, unassigned
from steward.web.ticket.choices import assignees, category_choices, queue_choices
from steward.web.ticket.wording import reason_words

MOST_ROWS = 100
MOST_TAGS = 400


@dataclass(frozen=True)
class Option:
    """A choice as drawn: what it sends and where, or the dialog it opens with a field filled in; `now` marks what is set."""

    label: str
    icon: str
    values: Mapping[str, object] = field(default_factory=dict)
    post: str = ""
    detail: str = ""
    words: str = ""
    now: bool = False
    open: str = ""
    fill: Mapping[str, object] = field(default_factory=dict)
    add: str = ""

    @property
    def sent(self) -> str:
        """Give the values as the script reads them."""
        return json.dumps(dict(self.values))

    @property
    def filled(self) -> str:
        """Give the fields to fill as the script reads them."""
        return json.dumps(dict(self.fill))


@require_safe
@never_cache
@login_required
def page(request: Request) -> HttpResponse:
    ids = ids_in(request.GET.get("ids", ""))
    step = request.GET.get("step", "")
    if not is_of_the_desk(request.actor):
        raise NotAllowed(_("Only people of the desk change tickets."))
    if request.GET.get("here") == "ticket":
        ticket = ticket_seen_by(request.actor, ids[0])
        options = list(_ON_TICKET[_known(step)](request.actor, ticket)) if may_work(request.actor, ticket) else []
    else:
        options = list(_on_rows(_known(step), request.actor, ids))
    return render(request, "ticket/choices.html", {"options": options})


def ids_in(raw: str) -> list[int]:
    """Read the numbers of the rows; raises `Invalid` for none, too many, or what is no number."""
    found = [number_in(one) for one in raw.split(",") if one]
    ids = [one for one in found if one is not None]
    if not ids or len(ids) != len(found):
        raise Invalid(_("Which tickets was lost on the way."), hint=_("Reload the page and choose again."))
    if len(ids) > MOST_ROWS:
        raise Invalid(_("That is more than %(most)s tickets.") % {"most": MOST_ROWS}, hint=_("Select fewer rows."))
    return list(dict.fromkeys(ids))


def _known(step: str) -> str:
    if step not in _ON_TICKET:
        raise Invalid(_("That is not one of the choices."), hint=_("Reload the page: it may have changed."))
    return step


def _assign(actor: Actor, ticket: Ticket) -> Iterator[Option]:
    to, seen = reverse("ticket:assignee", args=[ticket.pk]), ticket.assignee_id or 0
    people = assignees(actor, ticket, at=clock.now())
    for one in sorted(people, key=lambda choice: choice.value != actor.user_id):
        mine = one.value == actor.user_id
        detail = _("on shift") if one.mark else _("off shift")
        now = one.value == ticket.assignee_id
        words = _("me myself") if mine else ""
        yield Option(
            one.name, "user-round-check" if mine else "user-round", {"seen": seen, "wanted": one.value}, to, detail, words, now
        )
    if people and ticket.assignee_id:
        yield Option(unassigned(), "circle-dashed", {"seen": seen, "wanted": 0}, to, words=_("nobody queue"))


def _status(_actor: Actor, ticket: Ticket) -> Iterator[Option]:
    to = reverse("ticket:status", args=[ticket.pk])
    allowed = {state.value for state in moves_from(State(ticket.state))} - {State.NEW.value}
    for row in Status.objects.filter(is_active=True, state__in=allowed).order_by("position", "id"):
        sent = {"state": row.state, "status_id": row.pk, "seen_status": ticket.status_id}
        if row.state == State.ON_HOLD:
            for reason in HOLD_REASONS:
                yield Option(f"{row.name}: {reason_words(reason)}", STATE_ICONS[row.state], sent | {"reason": reason}, to)
        elif row.state == State.CLOSED:
            yield Option(f"{row.name}…", STATE_ICONS[row.state], open="close", words=_("without solving"))
        else:
            yield Option(row.name, STATE_ICONS[row.state], sent, to, now=row.pk == ticket.status_id)


def _priority(_actor: Actor, ticket: Ticket) -> Iterator[Option]:
    to = reverse("ticket:fields", args=[ticket.pk])
    for level, sign in PRIORITY_ICONS.items():
        sent = {"field": "priority", "seen": ticket.priority, "wanted": level}
        yield Option(priority_label(level), sign, sent, to, now=level == ticket.priority)


def _category(_actor: Actor, ticket: Ticket) -> Iterator[Option]:
    to, seen = reverse("ticket:fields", args=[ticket.pk]), ticket.category_id or 0
    for one in category_choices(list(Category.objects.all()), ticket):
        yield Option(one.name, "folder-tree", {"field": "category", "seen": seen, "wanted": one.value}, to, now=one.value == seen)


def _tag(_actor: Actor, ticket: Ticket) -> Iterator[Option]:
    to = reverse("ticket:tags", args=[ticket.pk])
    on = set(TicketTag.objects.filter(ticket=ticket).values_list("tag_id", flat=True))
    for pk, name in Tag.objects.order_by("name", "id").values_list("id", "name")[:MOST_TAGS]:
        if pk in on:
            off = reverse("ticket:untag", args=[ticket.pk, pk])
            yield Option(name, "tag", {}, off, _("on this ticket: take it off"), now=True)
        else:
            yield Option(name, "tag", {"tag": name}, to)
    yield Option("", "plus", {}, to, add="tag")


def _queue(actor: Actor, ticket: Ticket) -> Iterator[Option]:
    to = reverse("ticket:queue", args=[ticket.pk])
    for one in queue_choices(actor, list(Queue.objects.order_by("position", "name", "id")), ticket):
        if one.mark == Queue.Purpose.SUPPORT:
            yield Option(one.name, "inbox", {"seen": ticket.queue_id, "wanted": one.value, "reason": ""}, to)
        else:
            detail = _("engineering") if one.mark == Queue.Purpose.ENGINEERING else _("lead")
            # Leads and engineering are told why: the dialog asks for it.
            yield Option(f"{one.name}…", "arrow-up-right", open="transfer", fill={"#transfer-queue": one.value}, detail=detail)


_ON_TICKET: Mapping[str, Callable[[Actor, Ticket], Iterator[Option]]] = MappingProxyType(
    {"assign": _assign, "status": _status, "priority": _priority, "category": _category, "tag": _tag, "queue": _queue}
)
# The verb of a step, and the argument that is chosen in it.
_VERBS = MappingProxyType(
    {
        "assign": ("assign", "to", "user-round"),
        "status": ("status", "status", "circle-dot"),
        "priority": ("priority", "priority", "signal"),
        "category": ("category", "category", "folder-tree"),
        "tag": ("add_tag", "tag", "tag"),
        "queue": ("transfer", "queue", "inbox"),
    }
)


def _on_rows(step: str, actor: Actor, ids: list[int]) -> Iterator[Option]:
    """Give what several tickets can be set to, whatever each is now; what does not fit one of them is said afterwards."""
    name, argument, sign = _VERBS[step]
    to = reverse("ticket:apply")
    sent = {"verb": name, "ids": ",".join(map(str, ids))}
    if step == "tag":
        for tag in Tag.objects.order_by("name", "id").values_list("name", flat=True)[:MOST_TAGS]:
            yield Option(tag, sign, sent | {argument: tag}, to)
        yield Option("", "plus", sent, to, add=argument)
        return
    asked = next(one for one in verb_named(name).arguments if one.name == argument)
    states = dict(Status.objects.values_list("id", "state")) if step == "status" else {}
    for value, label in asked.choices(actor) if asked.choices else ():
        state = states.get(number_in(str(value)) or 0, "")
        if state == State.CLOSED:
            # Closing without solving asks why, one ticket at a time.
            continue
        for reason in HOLD_REASONS if state == State.ON_HOLD else ("",):
            words = f"{label}: {reason_words(reason)}" if reason else str(label)
            mine = step == "assign" and value == "me"
            shown = actor.name if mine else words
            picture = PRIORITY_ICONS[int(value)] if step == "priority" else STATE_ICONS.get(state, sign)
            yield Option(shown, picture, sent | {argument: value, "reason": reason}, to, words=_("me myself") if mine else "")
