"""What changed on a ticket besides what a verb said: replying takes a new ticket up, moving it may give it back."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from steward.desk.models import Ticket
from steward.desk.rules.snapshot import Snapshot


def differences(before: Snapshot, after: Snapshot, *, told: Sequence[str]) -> tuple[str, ...]:
    """Say in words what differs between two readings of a ticket and has not been told already."""
    old_priority, new_priority = Ticket.Priority(before.priority).label, Ticket.Priority(after.priority).label
    found = [
        (before.status_id != after.status_id, _("Status: %(old)s → %(new)s"), before.status_name, after.status_name),
        (before.assignee_id != after.assignee_id, _("Owner: %(old)s → %(new)s"), _who(before), _who(after)),
        (before.queue_id != after.queue_id, _("Queue: %(old)s → %(new)s"), before.queue_name, after.queue_name),
        (before.priority != after.priority, _("Priority: %(old)s → %(new)s"), old_priority, new_priority),
    ]
    words = [text % {"old": old, "new": new} for differs, text, old, new in found if differs]
    return tuple(one for one in words if not any(said.startswith(one) for said in told))


def _who(ticket: Snapshot) -> str:
    return ticket.assignee_name or _("nobody")
