"""Automations as they run: which are on, what their versions say, and what they did."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from steward.desk.models import Automation, AutomationRun, AutomationVersion, DryRun


@dataclass(frozen=True)
class Running:
    """An automation that is on, with the version it runs."""

    automation: Automation
    version: AutomationVersion

    @property
    def cause(self) -> str:
        """Name it as the cause of what it does."""
        return f"rule:{self.automation.pk}@v{self.version.version}"


def running() -> list[Running]:
    """Give the automations that are on, in their order, each with its version; one statement."""
    rows = (
        AutomationVersion.objects.filter(version=F("automation__running_version"))
        .select_related("automation")
        .order_by("automation__position", "automation_id")
    )
    return [Running(row.automation, row) for row in rows]


def newest_version(automation_id: int) -> AutomationVersion:
    """Give what an automation is to do, whether that version is on or not."""
    return AutomationVersion.objects.filter(automation_id=automation_id).order_by("-version")[:1].get()


def versions_of(automation_id: int) -> list[AutomationVersion]:
    """Give every version of an automation, newest first."""
    return list(AutomationVersion.objects.filter(automation_id=automation_id).select_related("made_by").order_by("-version"))


def newest_dry_run(version: AutomationVersion) -> DryRun | None:
    """Give what a version was last tried on, or None when it never was."""
    return DryRun.objects.filter(version=version).select_related("ran_by").order_by("-id").first()


def acted_lately(automation_id: int, ticket_id: int, *, at: datetime) -> int:
    """Count how often an automation changed a ticket in the hour before an instant."""
    since = at - timedelta(hours=1)
    return AutomationRun.objects.filter(
        automation_id=automation_id, ticket_id=ticket_id, outcome=AutomationRun.Outcome.DONE, ran_at__gt=since
    ).count()


def has_acted(automation_id: int, ticket_id: int, occasion: str) -> bool:
    """Tell whether an automation dealt with this occasion on this ticket already."""
    return AutomationRun.objects.filter(automation_id=automation_id, ticket_id=ticket_id, occasion=occasion).exists()
