"""Policies, and which of them a ticket falls under."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from steward.core.errors import NotFound
from steward.core.prepared import Prepared
from steward.core.remembering import remembered
from steward.desk.models import Category
from steward.people.models import Requester
from steward.roster.models import CalendarVersion
from steward.roster.queries.calendars import calendar_versions, current_version
from steward.sla.models import Policy, PolicyVersion
from steward.sla.rules.kinds import ClockKind
from steward.sla.rules.matching import Subject, matches, target_of
from steward.sla.rules.story import Story


@dataclass(frozen=True)
class Promise:
    """What a policy promises a ticket, under the versions in force."""

    policy_version: PolicyVersion
    calendar_version: CalendarVersion
    priority: int

    def target(self, kind: ClockKind) -> int | None:
        """Give the seconds of business time promised for a kind of clock, or None."""
        return target_of(self.policy_version.targets, kind.value, self.priority)


def policies(*, include_inactive: bool = False) -> list[Policy]:
    """Give the policies in the order in which they are matched."""
    found = Policy.objects.order_by("position", "id")
    return list(found if include_inactive else found.filter(is_active=True))


def policy_versions(policy_id: int) -> list[PolicyVersion]:
    """Give every version of a policy, the newest first."""
    return list(PolicyVersion.objects.filter(policy_id=policy_id).select_related("calendar").order_by("-version"))


def current_policy_version(policy_id: int) -> PolicyVersion:
    """Give the newest version of a policy; raises NotFound when there is none."""
    found = PolicyVersion.objects.filter(policy_id=policy_id).select_related("calendar").order_by("-version").first()
    if found is None:
        raise NotFound(_("There is no such policy."))
    return found


_VERSIONS = Prepared(
    lambda: PolicyVersion.objects.filter(policy__is_active=True).order_by("policy__position", "policy_id", "-version"),
)


def _in_force(at: datetime) -> list[PolicyVersion]:
    """Give the version of each active policy that held at an instant, in the order in which they are matched."""
    held: dict[int, PolicyVersion] = {}
    for version in remembered("sla.policy_versions", _VERSIONS.all):
        if version.created_at <= at:
            held.setdefault(version.policy_id, version)
    return list(held.values())


def promise_for(story: Story, requester: Requester, *, at: datetime) -> Promise | None:
    """Find what is promised to a ticket with this story at an instant; None when no policy matches.

    The versions in force at that instant count, so an event that is followed late is promised what held when it happened.
    """
    versions = _in_force(at)
    if not versions:
        return None
    needs_tree = any(version.conditions.get("category_ids") for version in versions)
    subject = Subject(
        queue_id=story.queue_id,
        priority=story.priority,
        category_ids=_with_ancestors(story.category_id) if needs_tree else frozenset(),
        channel=story.channel,
        market=requester.market,
        team=requester.team,
    )
    found = next((version for version in versions if matches(version.conditions, subject)), None)
    if found is None:
        return None
    return Promise(found, _hours(found.calendar_id, at), story.priority)


def _hours(calendar_id: int, at: datetime) -> CalendarVersion:
    versions = remembered(("sla.calendar", calendar_id), lambda: calendar_versions(calendar_id))
    return next((version for version in versions if version.created_at <= at), None) or current_version(calendar_id, at=at)


def _with_ancestors(category_id: int | None) -> frozenset[int]:
    if category_id is None:
        return frozenset()
    parents = dict(Category.objects.values_list("id", "parent_id"))
    found: set[int] = set()
    while category_id is not None and category_id not in found:
        found.add(category_id)
        category_id = parents.get(category_id)
    return frozenset(found)
