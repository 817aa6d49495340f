"""Trying out the policies: which one a ticket like this would fall under, and what it would be promised."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from steward.core import clock
from steward.people.models import Requester
from steward.sla.permissions import may_manage_policies
from steward.sla.queries.policies import promise_for
from steward.sla.rules.kinds import ClockKind
from steward.sla.rules.story import Story
from steward.web.settings.asking import only
from steward.web.settings.policy_form import written
from steward.web.shared.asking import Request, read_number


@require_safe
@only(may_manage_policies)
def page(request: Request) -> HttpResponse:
    """Ask the very rule that makes promises, about a ticket that does not exist."""
    asked = {name: request.GET.get(name, "").strip() for name in ("queue", "priority", "category", "channel", "market", "team")}
    story = Story(
        queue_id=_number(asked, "queue") or 0,
        priority=_number(asked, "priority") or 0,
        category_id=_number(asked, "category"),
        channel=asked["channel"],
    )
    requester = Requester(market=asked["market"][:200], team=asked["team"][:200])
    promise = promise_for(story, requester, at=clock.now())
    context = {"promise": promise, "kinds": list(ClockKind), "written": written, "priority": story.priority}
    return render(request, "settings/policy_match.html", context)


def _number(asked: dict[str, str], name: str) -> int | None:
    return read_number(asked[name], name) if asked[name] else None
