"""Setting up the desk: queues, who sees a restricted one, categories and statuses; each change leaves old and new."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from steward.core.errors import Conflict, Invalid, NotFound
from steward.core.text import clean
from steward.desk.facts import settings as facts
from steward.desk.models import Category, HoldTime, Queue, QueueAccess, Status, Ticket
from steward.desk.permissions import may_manage_desk
from steward.desk.rules.holding import LONGEST_HOLD, usual_hold
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.models import User
from steward.people.permissions import require

Setting = TypeVar("Setting", Queue, Category, Status, HoldTime)
LONGEST_NAME = 80
QUEUE_FIELDS = frozenset(
    {
        "name",
        "team",
        "purpose",
        "routing",
        "restricted",
        "capacity",
        "remind_after",
        "close_after",
        "reopen_for",
        "position",
        "is_active",
    },
)
CATEGORY_FIELDS = frozenset({"name", "parent", "is_active"})
STATUS_FIELDS = frozenset({"name", "state", "is_default", "position", "is_active"})


def create_queue(*, values: Mapping[str, Any], by: Actor, at: datetime) -> Queue:
    """Make a queue; raises `Conflict` for a name in use and `Invalid` for a value that cannot be."""
    return _create(Queue, facts.QueueCreated, QUEUE_FIELDS, values, by=by, at=at)


def change_queue(*, queue_id: int, values: Mapping[str, Any], by: Actor, at: datetime) -> Queue:
    """Change a queue; closing the last one that takes requests is refused, as is closing one with open tickets."""
    with transaction.atomic():
        if {"is_active", "restricted", "purpose"} & set(values):
            # All of them, in one order: two admins closing one each must not leave the desk without a door.
            list(Queue.objects.select_for_update(no_key=True).order_by("id").values_list("pk"))
        queue = _locked(Queue, queue_id, by)
        if values.get("is_active") is False and queue.is_active:
            _refuse_while_used(Ticket.objects.filter(queue=queue).exclude(state="closed"), _("Move its open tickets first."))
        took = _takes_requests(queue)
        changed = _change(queue, facts.QueueChanged, QUEUE_FIELDS, values, by=by, at=at)
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
    return _create(Category, facts.CategoryCreated, CATEGORY_FIELDS, values, by=by, at=at)


def change_category(*, category_id: int, values: Mapping[str, Any], by: Actor, at: datetime) -> Category:
    """Rename, move or retire a category; a node cannot be put below itself."""
    with transaction.atomic():
        category = _locked(Category, category_id, by)
        parent = values.get("parent")
        if parent is not None:
            # The whole tree, so that two moves at once cannot tie it into a ring.
            list(Category.objects.select_for_update().order_by("id"))
        while parent is not None:
            if parent.pk == category.pk:
                raise Invalid(_("A category cannot stand below itself."), field="parent")
            parent = parent.parent
        return _change(category, facts.CategoryChanged, CATEGORY_FIELDS, values, by=by, at=at)


def create_status(*, values: Mapping[str, Any], by: Actor, at: datetime) -> Status:
    """Make a status for one of the six states; a new default takes that place from the old one."""
    with transaction.atomic():
        require(may_manage_desk(by), _("Only admins change the desk's settings."))
        _step_aside(values, state=str(values.get("state", "")), by=by, at=at)
        return _create(Status, facts.StatusCreated, STATUS_FIELDS, values, by=by, at=at)


def change_status_row(*, status_id: int, values: Mapping[str, Any], by: Actor, at: datetime) -> Status:
    """Change a status; its state is fixed once tickets stand in it, and a default is never retired."""
    with transaction.atomic():
        status = _locked(Status, status_id, by)
        if values.get("state", status.state) != status.state:
            _refuse_while_used(Ticket.objects.filter(status=status), _("Make a new status and move the tickets."))
            if status.is_default:
                raise Invalid(
                    _("The default of a state stays in it."), field="state", hint=_("Make another one the default first.")
                )
        if status.is_default and (values.get("is_default") is False or values.get("is_active") is False):
            raise Invalid(_("Every state needs a default."), field="is_default", hint=_("Make another one the default first."))
        if not status.is_default:
            _step_aside(values, state=str(values.get("state", status.state)), by=by, at=at)
        return _change(status, facts.StatusChanged, STATUS_FIELDS, values, by=by, at=at)


def _step_aside(values: Mapping[str, Any], *, state: str, by: Actor, at: datetime) -> None:
    if values.get("is_default"):
        for old in Status.objects.select_for_update().filter(state=state, is_default=True):
            _change(old, facts.StatusChanged, STATUS_FIELDS, {"is_default": False}, by=by, at=at)


def grant_queue_access(*, queue_id: int, user: User, by: Actor, at: datetime) -> None:
    """Name a person who may see a restricted queue; naming somebody twice is once."""
    with transaction.atomic():
        queue = _locked(Queue, queue_id, by)
        _row, made = QueueAccess.objects.get_or_create(queue=queue, user=user)
        if made:
            record(facts.QueueAccessGranted(queue_id=queue.pk, user_id=user.pk), by=by, at=at)


def revoke_queue_access(*, queue_id: int, user_id: int, by: Actor, at: datetime) -> None:
    """Take a person's sight of a restricted queue away, from the next request on."""
    with transaction.atomic():
        queue = _locked(Queue, queue_id, by)
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
        return _change(row, facts.HoldTimeChanged, frozenset({"seconds"}), {"seconds": seconds}, by=by, at=at)


def _locked(model: type[Setting], pk: int, by: Actor) -> Setting:
    require(may_manage_desk(by), _("Only admins change the desk's settings."))
    rows: models.QuerySet[Setting] = models.QuerySet(model)
    row = rows.select_for_update(no_key=True).filter(pk=pk).first()
    if row is None:
        raise NotFound(_("There is no such setting."), hint=_("Reload the page: it may have been changed."))
    return row


def _create(
    model: type[Setting],
    fact: type[Any],
    fields: frozenset[str],
    values: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> Setting:
    require(may_manage_desk(by), _("Only admins change the desk's settings."))
    with transaction.atomic():
        row = model(**_checked(fields, values))
        _save(row)
        changes = {name: (None, plain(getattr(row, name))) for name in sorted(values)}
        record(fact(**{f"{fact.subject}_id": row.pk}, changes=changes), by=by, at=at)
        return row


def _change(
    row: Setting,
    fact: type[Any],
    fields: frozenset[str],
    values: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> Setting:
    changes = {}
    for name, value in _checked(fields, values).items():
        old = getattr(row, name)
        if old != value:
            changes[name] = (plain(old), plain(value))
            setattr(row, name, value)
    if changes:
        _save(row)
        record(fact(**{f"{fact.subject}_id": row.pk}, changes=changes), by=by, at=at)
    return row


def _checked(fields: frozenset[str], values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(values) - fields)
    if unknown:
        raise Invalid(_("There is no setting %(name)s.") % {"name": unknown[0]}, field=unknown[0])
    checked = dict(values)
    if "name" in checked:
        checked["name"] = " ".join(clean(str(checked["name"]), max_length=LONGEST_NAME, field="name").split())
    return checked


def _save(row: models.Model) -> None:
    try:
        with transaction.atomic():
            # None is the database's to judge: Django would ask for a value wherever a form would.
            row.clean_fields(exclude=[field.name for field in row._meta.fields if getattr(row, field.attname) is None])
            row.save()
    except ValidationError as error:
        raise _misfit(error) from error
    except IntegrityError as error:
        raise _explained(error) from error
    except models.ObjectDoesNotExist as error:
        raise Invalid(_("That choice is gone."), hint=_("Reload the page.")) from error


def _misfit(error: ValidationError) -> Invalid:
    field, texts = next(iter(error.message_dict.items()))
    return Invalid(str(texts[0]), field=field, hint=_("Look at this value again."))


def _explained(error: IntegrityError) -> Conflict | Invalid:
    text = str(error)
    if "_name" in text:
        return Conflict(_("That name is taken."), field="name", hint=_("Choose another name."))
    if "reminds_before_closing" in text:
        return Invalid(_("The reminder must come before the closing."), field="remind_after")
    if "capacity" in text:
        return Invalid(_("An agent takes at least one ticket."), field="capacity")
    return Invalid(_("These values do not fit together."), hint=_("Look at them again."))


def _refuse_while_used(tickets: models.QuerySet[Ticket], hint: str) -> None:
    count = tickets[:1001].count()
    if count:
        shown = "1,000+" if count > 1000 else str(count)  # noqa: PLR2004 -- counting stops where it no longer matters
        raise Invalid(_("%(count)s tickets still stand in it.") % {"count": shown}, hint=hint)


def plain(value: Any) -> str | int | bool | None:
    """Give a setting's value as a fact keeps it: an id for a row, seconds for a duration."""
    if isinstance(value, models.Model):
        return int(value.pk)
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    return value if value is None or isinstance(value, str | int | bool) else str(value)
