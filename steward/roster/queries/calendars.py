"""Business calendars, their versions and their hours."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from steward.core.errors import NotFound
from steward.core.prepared import Prepared
from steward.roster.models import BusinessCalendar, CalendarVersion
from steward.roster.rules.business_time import Hours


def calendars(*, include_inactive: bool = False) -> list[BusinessCalendar]:
    """Give the calendars by name; those put away only when asked for."""
    found = BusinessCalendar.objects.order_by("name", "id")
    return list(found if include_inactive else found.filter(is_active=True))


def calendar_versions(calendar_id: int) -> list[CalendarVersion]:
    """Give every version of a calendar, the newest first."""
    return list(CalendarVersion.objects.filter(calendar_id=calendar_id).order_by("-version"))


_IN_FORCE = Prepared(
    lambda calendar_id, at: CalendarVersion.objects.filter(calendar_id=calendar_id, created_at__lte=at).order_by("-version")[:1],
    calendar_id=int,
    at=datetime,
)


def current_version(calendar_id: int, *, at: datetime | None = None) -> CalendarVersion:
    """Give the version in force at an instant, or the newest; raises NotFound when there is none.

    An instant before the first version gives the first: a calendar has always had some hours.
    """
    versions = CalendarVersion.objects.filter(calendar_id=calendar_id)
    if at is None:
        found = versions.order_by("-version").first()
    else:
        found = _IN_FORCE.first(calendar_id=calendar_id, at=at) or versions.order_by("version").first()
    if found is None:
        raise NotFound(_("There is no such calendar."))
    return found


def hours_of(calendar_version_id: int) -> Hours:
    """Give the hours of a version; raises NotFound."""
    found = CalendarVersion.objects.filter(id=calendar_version_id).first()
    if found is None:
        raise NotFound(_("There is no such calendar."))
    return found.hours


def hours_by_version(calendar_version_ids: Iterable[int]) -> dict[int, Hours]:
    """Give the hours of several versions in one query."""
    return {version.pk: version.hours for version in CalendarVersion.objects.filter(id__in=set(calendar_version_ids))}
