"""The verbs that put a ticket out of sight for a while, and bring it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from steward.core.errors import Invalid
from steward.desk.actions.locking import lock_for_work
from steward.desk.actions.snoozing import snooze_ticket, unsnooze_ticket
from steward.desk.actions.verbs.refusing import refusal
from steward.desk.actions.verbs.registry import Args, Argument, Call, Described, Verb, register_verb
from steward.desk.models import Snooze, Ticket
from steward.desk.rules.snapshot import Snapshot
from steward.desk.rules.snoozing import quick_choices
from steward.desk.rules.states import WORKING
from steward.people.actor import Actor
from steward.people.rules import Capability

UNTIL: Mapping[str, str | Promise] = MappingProxyType(
    {
        "hour": gettext_lazy("an hour later"),
        "tomorrow": gettext_lazy("tomorrow morning"),
        "week": gettext_lazy("next week"),
        "shift": gettext_lazy("the owner's next shift"),
        "reply": gettext_lazy("the requester replies"),
    }
)


@dataclass(frozen=True)
class SnoozeIt:
    """Snooze the ticket; whoever acts owns it where nobody does."""

    until: str

    def words(self) -> str:
        """Say what it does."""
        return _("Snooze it until %(until)s") % {"until": UNTIL[self.until]}

    def describe(self, ticket: Snapshot, by: Actor) -> Described:
        """Say what it would change."""
        if ticket.state not in WORKING:
            return Described(refused=_("Only a ticket that is being worked can be snoozed."))
        if refused := refusal(ticket, by):
            return refused
        if ticket.assignee_id not in {None, by.user_id} and not by.can(Capability.ASSIGN_OTHERS):
            return Described(refused=_("This ticket is somebody else's to snooze."))
        if ticket.assignee_id is None and by.user_id is None:
            return Described(refused=_("Nobody owns this ticket."))
        changes = [_("Out of the lists until %(until)s") % {"until": UNTIL[self.until]}]
        if ticket.assignee_id is None:
            changes.append(_("Owner: %(old)s → %(new)s") % {"old": _("nobody"), "new": by.name})
        return Described(tuple(changes))

    def perform(self, ticket_id: int, by: Actor, at: datetime) -> tuple[Call, ...]:
        """Snooze it; the way back wakes it, and gives it back where nobody owned it."""
        before = lock_for_work(ticket_id, by)
        owner_id, was_asleep = before.assignee_id, before.snoozing == Ticket.Snoozing.ASLEEP
        kind, until_at = self._until(by, at)
        snooze_ticket(ticket_id=ticket_id, until=kind, until_at=until_at, by=by, at=at)
        if was_asleep:
            return ()
        return (Call("wake", {}), *(() if owner_id else (Call("assign", {"to": "nobody"}),)))

    def _until(self, by: Actor, at: datetime) -> tuple[Snooze.Until, datetime | None]:
        if self.until in {"shift", "reply"}:
            return Snooze.Until(self.until), None
        quick = {one.key: one.until_at for one in quick_choices(at, by.time_zone)}
        return Snooze.Until.TIME, quick[self.until]


@dataclass(frozen=True)
class Wake:
    """Bring a snoozed ticket back into the lists."""

    def words(self) -> str:
        """Say what it does."""
        return _("Bring it back from a snooze")

    def describe(self, ticket: Snapshot, by: Actor) -> Described:
        """Say what it would change."""
        if ticket.snoozing != Ticket.Snoozing.ASLEEP:
            return Described()
        return refusal(ticket, by) or Described((_("Back in the lists"),))

    def perform(self, ticket_id: int, by: Actor, at: datetime) -> tuple[Call, ...]:
        """Wake it; until when it slept is not chosen a second time."""
        unsnooze_ticket(ticket_id=ticket_id, by=by, at=at)
        return ()


def _snooze(args: Args) -> SnoozeIt:
    until = str(args["until"])
    if until not in UNTIL:
        raise Invalid(_("Until when?"), field="until")
    return SnoozeIt(until)


def _choices(_by: Actor) -> Sequence[tuple[str, str | Promise]]:
    return list(UNTIL.items())


def register() -> None:
    """Make these verbs known."""
    until = Argument("until", gettext_lazy("Until"), choices=_choices)
    register_verb(Verb("snooze", gettext_lazy("Snooze"), "alarm-clock-off", _snooze, (until,)))
    register_verb(Verb("wake", gettext_lazy("End the snooze"), "alarm-clock", lambda _args: Wake(), ()))
