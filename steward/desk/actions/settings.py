"""Setting up the desk: queues, who sees a restricted one, categories and statuses; each change leaves old and new."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.errors import Invalid
from steward.desk.actions.setting_rows import change_setting, create_setting, locked_setting, refuse_while_used
from steward.desk.facts import settings as facts
from steward.desk.models import Category, HoldTime, Queue, QueueAccess, Status, Ticket
from steward.desk.permissions import may_manage_desk
from steward.desk.rules.holding import LONGEST_HOLD, usual_hold
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.models import User
from steward.people.permissions import require

QUEUE_FIELDS = frozenset(
    {
        "name",
        "team",
        "purpose",
        "routing",
        "restricted",
        "care",
        "capacity",
        "remind_after",
        "close_after",
        "reopen_for",
        "position",
        "is_active",
    },
)
CATEGORY_FIELDS = frozenset({"name", "parent", "weight", "is_active"})
STATUS_FIELDS = frozenset({"name", "state", "is_default", "position", "is_active"})


def create_queue(*, values: Mapping[str, Any], by: Actor, at: datetime) -> Queue:
    """Make a queue; raises `Conflict` for a name in use and `Invalid` for a value that cannot be."""
    return create_setting(Queue, facts.QueueCreated, QUEUE_FIELDS, values, by=by, at=at)


def change_queue(*, queue_id: int, values: Mapping[str, Any], by: Actor, at: datetime) -> Queue:
    """Change a queue; closing the last one that takes requests is refused, as is closing one with open tickets."""
    with transaction.atomic():
        if {"is_active", "restricted", "purpose"} & set(values):
            # All of them, in one order: two admins closing one each must not leave the desk without a door.
            list(Queue.objects.select_for_update(no_key=True).order_by("id").values_list("pk"))
        queue = locked_setting(Queue, queue_id, by)
        if values.get("is_active") is False and queue.is_active:
            refuse_while_used(Ticket.objects.filter(queue=queue).exclude(state="closed"), _("Move its open tickets first."))
        took = _takes_requests(queue)
        changed = change_setting(queue, facts.QueueChanged, QUEUE_FIELDS, values, by=by, at=at)
        if took and not _takes_requests(changed):
            _refuse_to_close_the_door()
        return changed


def _takes_requests(queue: Queue) -> bool:
    return queue.is_active and not queue.restricted and queue.purpose == Queue.Purpose.SUPPORT


def _refuse_to_close_the_door() -> None:
    if not any(_takes_requests(queue) for queue in Queue.objects.all()):
        raise Invalid(
            _("This is the last queue that takes requests."),
            field="is_active",
            hint=_("Open another support queue first."),
        )


def create_category(*, values: Mapping[str, Any], by: Actor, at: datetime) -> Category:
    """Make a node of the category tree."""
    return create_setting(Category, facts.CategoryCreated, CATEGORY_FIELDS, values, by=by, at=at)


def change_category(*, category_id: int, values: Mapping[str, Any], by: Actor, at: datetime) -> Category:
    """Rename, move or retire a category; a node cannot be put below itself."""
    with transaction.atomic():
        category = locked_setting(Category, category_id, by)
        parent = values.get("parent")
        if parent is not None:
            # The whole tree, so that two moves at once cannot tie it into a ring.
            list(Category.objects.select_for_update().order_by("id"))
        while parent is not None:
            if parent.pk == category.pk:
                raise Invalid(_("A category cannot stand below itself."), field="parent")
            parent = parent.parent
        return change_setting(category, facts.CategoryChanged, CATEGORY_FIELDS, values, by=by, at=at)


def create_status(*, values: Mapping[str, Any], by: Actor, at: datetime) -> Status:
    """Make a status for one of the six states; a new default takes that place from the old one."""
    with transaction.atomic():
        require(may_manage_desk(by), _("Only admins change the desk's settings."))
        _step_aside(values, state=str(values.get("state", "")), by=by, at=at)
        return create_setting(Status, facts.StatusCreated, STATUS_FIELDS, values, by=by, at=at)


def change_status_row(*, status_id: int, values: Mapping[str, Any], by: Actor, at: datetime) -> Status:
    """Change a status; its state is fixed once tickets stand in it, and a default is never retired."""
    with transaction.atomic():
        status = locked_setting(Status, status_id, by)
        if values.get("state", status.state) != status.state:
            refuse_while_used(Ticket.objects.filter(status=status), _("Make a new status and move the tickets."))
            if status.is_default:
                raise Invalid(
                    _("The default of a state stays in it."), field="state", hint=_("Make another one the default first.")
                )
        if status.is_default and (values.get("is_default") is False or values.get("is_active") is False):
            raise Invalid(_("Every state needs a default."), field="is_default", hint=_("Make another one the default first."))
        if not status.is_default:
            _step_aside(values, state=str(values.get("state", status.state)), by=by, at=at)
        return change_setting(status, facts.StatusChanged, STATUS_FIELDS, values, by=by, at=at)


def _step_aside(values: Mapping[str, Any], *, state: str, by: Actor, at: datetime) -> None:
    if values.get("is_default"):
        for old in Status.objects.select_for_update().filter(state=state, is_default=True):
            change_setting(old, facts.StatusChanged, STATUS_FIELDS, {"is_default": False}, by=by, at=at)


def grant_queue_access(*, queue_id: int, user: User, by: Actor, at: datetime) -> None:
    """Name a person who may see a restricted queue; naming somebody twice is once."""
    with transaction.atomic():
        queue = locked_setting(Queue, queue_id, by)
        _row, made = QueueAccess.objects.get_or_create(queue=queue, user=user)
        if made:
            record(facts.QueueAccessGranted(queue_id=queue.pk, user_id=user.pk), by=by, at=at)


def revoke_queue_access(*, queue_id: int, user_id: int, by: Actor, at: datetime) -> None:
    """Take a person's sight of a restricted queue away, from the next request on."""
    with transaction.atomic():
        queue = locked_setting(Queue, queue_id, by)
        removed, _rows = QueueAccess.objects.filter(queue=queue, user_id=user_id).delete()
        if removed:
            record(facts.QueueAccessRevoked(queue_id=queue.pk, user_id=user_id), by=by, at=at)


def set_hold_time(*, channel: str, seconds: int, by: Actor, at: datetime) -> HoldTime:
    """Say for how many seconds replies on a channel are held before they are said; 0 says them at once."""
    require(may_manage_desk(by), _("Only admins change the desk's settings."))
    if not 0 <= seconds <= LONGEST_HOLD:
        raise Invalid(
            _("A reply is held for at most %(most)s seconds.") % {"most": LONGEST_HOLD},
            field="seconds",
            hint=_("To say it much later, choose a time when sending."),
        )
    with transaction.atomic():
        usual = {"seconds": usual_hold(channel)}
        row, _made = HoldTime.objects.select_for_update(no_key=True).get_or_create(channel=channel, defaults=usual)
        return change_setting(row, facts.HoldTimeChanged, frozenset({"seconds"}), {"seconds": seconds}, by=by, at=at)
