"""What tickets weigh in an agent's hands, how much each agent takes, and which languages they answer in."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from steward.core import clock
from steward.core.errors import Invalid
from steward.desk.actions.weighing import set_agent, set_weight
from steward.desk.models import Category, Weight
from steward.desk.permissions import may_manage_desk, may_set_capacity
from steward.desk.queries.load import Takes, loads, takes, weights
from steward.desk.rules.load import MOST_PERCENT, ORDINARY
from steward.people.models import User
from steward.people.queries import users_with_capability
from steward.people.rules import Capability
from steward.web.settings import choices
from steward.web.settings.answering import done, show
from steward.web.settings.asking import only, small_number
from steward.web.shared.asking import Request, text
from steward.web.shared.labels import CHANNELS, PRIORITIES, STATES

# More agents than that are found under People.
MOST_AGENTS = 200
_STATES = ("open", "pending", "on_hold", "snoozed")


@dataclass(frozen=True)
class Agent:
    """An agent with what they take and have in hand now."""

    user: User
    takes: Takes
    load: float


@require_safe
@only(may_set_capacity)
def page(request: Request) -> HttpResponse:
    users = list(users_with_capability(Capability.WORK_TICKETS).order_by("name", "id")[:MOST_AGENTS])
    ids = [user.pk for user in users]
    by = weights()
    loaded, taken = loads(ids, by=by), takes(ids)
    paths = dict(choices.category_choices())
    own = Category.objects.filter(weight__isnull=False).values_list("id", "weight")
    context: dict[str, Any] = {
        "agents": [Agent(user, taken[user.pk], loaded[user.pk]) for user in users],
        "priorities": [(str(key), label, written(by.of_priority(key))) for key, label in PRIORITIES.items()],
        "channels": [(key, label, written(by.of_channel(key))) for key, label in CHANNELS.items()],
        "states": [(key, STATES.get(key) or _("Snoozed"), written(by.of_state(key))) for key in _STATES],
        "categories": [(pk, paths.get(pk, ""), written(weight)) for pk, weight in own if weight is not None],
        "sets_weights": may_manage_desk(request.actor),
    }
    return show(request, "settings/weights.html", "weights", context)


@require_POST
@only(may_manage_desk)
def update(request: Request) -> HttpResponse:
    """Set every weight of the form; all or none."""
    at = clock.now()
    with transaction.atomic():
        for kind, keys in (
            (Weight.Kind.PRIORITY, [str(key) for key in PRIORITIES]),
            (Weight.Kind.CHANNEL, list(CHANNELS)),
            (Weight.Kind.STATE, list(_STATES)),
        ):
            for key in keys:
                name = f"{kind.value}_{key}"
                if name in request.POST:
                    set_weight(kind=kind, key=key, percent=read_weight(text(request, name), name), by=request.actor, at=at)
    return done(request, _("Saved. It counts from the next ticket on."), "settings:weights")


@require_POST
@only(may_set_capacity)
def agent(request: Request, user_id: int) -> HttpResponse:
    capacity = small_number(request, "capacity") if text(request, "capacity").strip() else None
    languages = text(request, "languages").replace(",", " ").split()
    set_agent(user_id=user_id, capacity=capacity, languages=languages, by=request.actor, at=clock.now())
    return done(request, _("Saved. It counts from the next ticket on."), "settings:weights")


def read_weight(raw: str, field: str) -> int:
    """Read a weight such as 1.5 into percent; raises `Invalid` for anything else."""
    try:
        percent = round(float(raw.strip().replace(",", ".")) * ORDINARY)
    except (ValueError, OverflowError):
        percent = -1
    if not 0 <= percent <= MOST_PERCENT:
        raise Invalid(
            _("“%(text)s” is no weight.") % {"text": raw[:20]},
            field=field,
            hint=_("Write a number between 0 and %(most)s, such as 1.5.") % {"most": MOST_PERCENT // ORDINARY},
        )
    return percent


def written(percent: int) -> str:
    """Write a weight as `read_weight` reads it, the same in every language."""
    return f"{percent / ORDINARY:g}"
