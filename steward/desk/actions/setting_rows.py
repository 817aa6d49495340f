"""Writing one row of the desk's settings: checked, saved, and told with old and new; used by every kind of setting."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from steward.core.errors import Conflict, Invalid, NotFound
from steward.core.text import clean
from steward.desk.models import Ticket
from steward.desk.permissions import may_manage_desk
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.permissions import require

Setting = TypeVar("Setting", bound=models.Model)
LONGEST_NAME = 80


def locked_setting(model: type[Setting], pk: int, by: Actor) -> Setting:
    """Lock a row of the settings for an admin; raises `NotFound` when there is none."""
    require(may_manage_desk(by), _("Only admins change the desk's settings."))
    rows: models.QuerySet[Setting] = models.QuerySet(model)
    row = rows.select_for_update(no_key=True).filter(pk=pk).first()
    if row is None:
        raise NotFound(_("There is no such setting."), hint=_("Reload the page: it may have been changed."))
    return row


def create_setting(
    model: type[Setting],
    fact: type[Any],
    fields: frozenset[str],
    values: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> Setting:
    """Make a row of the settings with the values given and record what it started with."""
    require(may_manage_desk(by), _("Only admins change the desk's settings."))
    with transaction.atomic():
        row = model(**checked_setting(fields, values))
        save_setting(row)
        changes = {name: (None, plain(getattr(row, name))) for name in sorted(values)}
        record(fact(**{f"{fact.subject}_id": row.pk}, changes=changes), by=by, at=at)
        return row


def change_setting(
    row: Setting,
    fact: type[Any],
    fields: frozenset[str],
    values: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> Setting:
    """Change a locked row of the settings and record old and new of every value that differs."""
    changes: dict[str, Any] = {}
    for name, value in checked_setting(fields, values).items():
        old = getattr(row, name)
        if old != value:
            changes[name] = (plain(old), plain(value))
            setattr(row, name, value)
    if changes:
        save_setting(row)
        record(fact(**{f"{fact.subject}_id": row.pk}, changes=changes), by=by, at=at)
    return row


def checked_setting(fields: frozenset[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values fit to be set; raises `Invalid` for a setting that this kind of row does not have."""
    unknown = sorted(set(values) - fields)
    if unknown:
        raise Invalid(_("There is no setting %(name)s.") % {"name": unknown[0]}, field=unknown[0])
    checked = dict(values)
    if "name" in checked:
        checked["name"] = " ".join(clean(str(checked["name"]), max_length=LONGEST_NAME, field="name").split())
    return checked


def save_setting(row: models.Model) -> None:
    """Save a row of the settings; raises `Conflict` for a name in use and `Invalid` for what the database refuses."""
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


def refuse_while_used(tickets: models.QuerySet[Ticket], hint: str) -> None:
    """Raise `Invalid` while tickets stand in a setting that is about to go; counting stops where it no longer matters."""
    count = tickets[:1001].count()
    if count:
        shown = "1,000+" if count > 1000 else str(count)  # noqa: PLR2004 -- counting stops where it no longer matters
        raise Invalid(_("%(count)s tickets still stand in it.") % {"count": shown}, hint=hint)


def plain(value: Any) -> str | int | float | bool | list[int] | None:
    """Give a setting's value as a fact keeps it: an id for a row, seconds for a duration."""
    if isinstance(value, models.Model):
        return int(value.pk)
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    return value if value is None or isinstance(value, str | int | float | bool | list) else str(value)
