"""Defining custom fields: what each holds, where it is asked, when it must be filled, and the choices it offers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.errors import Invalid, NotFound
from steward.core.text import clean
from steward.desk.actions.setting_rows import LONGEST_NAME, checked_setting, locked_setting, plain, save_setting
from steward.desk.facts.settings import Changes, FieldCreated, FieldOptionAdded, FieldOptionChanged, FieldRedefined
from steward.desk.models import Category, CustomField, FieldCategory, FieldOption
from steward.desk.permissions import may_manage_desk
from steward.desk.rules.fields import CHOSEN, Definition, Kind, Option, bounds_fit, checked
from steward.desk.rules.patterns import read_pattern
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.permissions import require

FIELD_FIELDS = frozenset(
    {
        "name",
        "kind",
        "help",
        "default",
        "pattern",
        "lowest",
        "highest",
        "everywhere",
        "asks_requester",
        "required_at_open",
        "required_at_solve",
        "position",
        "is_active",
    },
)
OPTION_FIELDS = frozenset({"name", "position", "is_active"})
LONGEST_HELP = 500
MOST_OPTIONS = 500


def create_field(
    *,
    values: Mapping[str, Any],
    category_ids: Sequence[int] = (),
    options: Sequence[str] = (),
    by: Actor,
    at: datetime,
) -> CustomField:
    """Define a field; with categories it is asked under those only, with options those are its first choices.

    Raises `Conflict` for a name in use and `Invalid` for a default, bound or pattern that does not fit its kind.
    """
    require(may_manage_desk(by), _("Only admins change the desk's settings."))
    with transaction.atomic():
        field = CustomField(**_cleaned(values), everywhere=not category_ids)
        field.default = None
        _judge(field)
        save_setting(field)
        changes: Changes = {name: (None, plain(getattr(field, name))) for name in sorted({*values} - {"default"})}
        changes |= {"category_ids": (None, _attach(field, category_ids))} if category_ids else {}
        record(FieldCreated(field_id=field.pk, changes=changes), by=by, at=at)
        if options:
            add_options(field_id=field.pk, names=options, by=by, at=at)
        if values.get("default") is not None:
            change_field(field_id=field.pk, values={"default": values["default"]}, by=by, at=at)
        return field


def change_field(
    *, field_id: int, values: Mapping[str, Any], category_ids: Sequence[int] | None = None, by: Actor, at: datetime
) -> CustomField:
    """Define a field anew, retire it or take it into use again; what tickets hold stays as it is. Its kind is fixed."""
    with transaction.atomic():
        field = locked_setting(CustomField, field_id, by)
        wanted = _cleaned(values)
        if wanted.get("kind", field.kind) != field.kind:
            raise Invalid(_("What a field holds is fixed."), field="kind", hint=_("Retire it and make another one."))
        changes: dict[str, Any] = {}
        if category_ids is not None:
            wanted["everywhere"] = not category_ids
            old = _attached(field)
            if sorted(category_ids) != old:
                changes["category_ids"] = (old, _attach(field, category_ids))
        for name, value in wanted.items():
            if (before := getattr(field, name)) != value:
                changes[name] = (plain(before), plain(value))
                setattr(field, name, value)
        _judge(field)
        if changes:
            save_setting(field)
            record(FieldRedefined(field_id=field.pk, changes=changes), by=by, at=at)
        return field


def add_options(*, field_id: int, names: Iterable[str], by: Actor, at: datetime) -> list[FieldOption]:
    """Add choices to a field behind those it has; a name it has already, in use or retired, raises `Conflict`."""
    with transaction.atomic():
        field = locked_setting(CustomField, field_id, by)
        if field.kind not in CHOSEN:
            raise Invalid(_("This field has no choices."), field="options")
        place = field.options.count()
        made: list[FieldOption] = []
        for name in names:
            option = FieldOption(field=field, name=_option_name(name), position=place + len(made))
            save_setting(option)
            record(_added(option), by=by, at=at)
            made.append(option)
        if place + len(made) > MOST_OPTIONS:
            raise Invalid(_("A field has at most %(most)s choices.") % {"most": MOST_OPTIONS}, field="options")
        return made


def change_option(*, field_id: int, option_id: int, values: Mapping[str, Any], by: Actor, at: datetime) -> FieldOption:
    """Rename, move, retire a choice or take it into use again; tickets that hold it go on holding it."""
    with transaction.atomic():
        field = locked_setting(CustomField, field_id, by)
        option = FieldOption.objects.filter(pk=option_id, field_id=field_id).first()
        if option is None:
            raise NotFound(_("There is no such choice."), hint=_("Reload the page: it may have been changed."))
        if values.get("is_active") is False and option_id in (
            field.default if isinstance(field.default, list) else [field.default]
        ):
            raise Invalid(_("This choice is the field's default."), hint=_("Choose another default first."))
        changes: dict[str, Any] = {}
        for name, value in checked_setting(OPTION_FIELDS, values).items():
            if (old := getattr(option, name)) != value:
                changes[name] = (plain(old), plain(value))
                setattr(option, name, value)
        if changes:
            save_setting(option)
            record(FieldOptionChanged(field_id=field_id, option_id=option_id, changes=changes), by=by, at=at)
        return option


def _added(option: FieldOption) -> FieldOptionAdded:
    return FieldOptionAdded(field_id=option.field_id, option_id=option.pk, changes={"name": (None, option.name)})


def _option_name(name: str) -> str:
    return " ".join(clean(name, max_length=LONGEST_NAME, field="options").split())


def _cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    found = checked_setting(FIELD_FIELDS - {"everywhere"}, values)
    for name, longest in (("help", LONGEST_HELP), ("pattern", LONGEST_HELP), ("lowest", 20), ("highest", 20)):
        if name in found:
            found[name] = clean(str(found[name]), max_length=longest, field=name, required=False)
    return found


def _judge(field: CustomField) -> None:
    """Hold together what the values of a field say about each other."""
    kind = Kind(field.kind) if field.kind in set(Kind) else None
    if kind is None:
        raise Invalid(_("There is no such kind of field."), field="kind")
    if kind == Kind.PERSON and field.asks_requester:
        raise Invalid(_("Who works at the desk is not shown to requesters."), field="asks_requester")
    if field.pattern and kind not in {Kind.TEXT, Kind.LONG_TEXT}:
        raise Invalid(_("Only text has a pattern."), field="pattern", hint=_("Leave it empty."))
    read_pattern(field.pattern)
    bounds_fit(kind, field.lowest, field.highest)
    if field.default is not None:
        _judge_default(field, kind)


def _judge_default(field: CustomField, kind: Kind) -> None:
    if kind == Kind.PERSON:
        raise Invalid(_("A field for a person has no default."), field="default", hint=_("Leave it empty."))
    options = tuple(Option(one.pk, one.name, one.is_active) for one in field.options.all()) if kind in CHOSEN else ()
    definition = Definition(
        id=field.pk or 0,
        name=field.name,
        kind=kind,
        pattern=field.pattern,
        lowest=field.lowest,
        highest=field.highest,
        options=options,
    )
    try:
        checked(definition, field.default)
    except Invalid as error:
        raise Invalid(error.message, field="default", hint=error.hint) from error


def _attached(field: CustomField) -> list[int]:
    return sorted(FieldCategory.objects.filter(field=field).values_list("category_id", flat=True))


def _attach(field: CustomField, category_ids: Sequence[int]) -> list[int]:
    wanted = sorted(set(category_ids))
    if Category.objects.filter(pk__in=wanted).count() != len(wanted):
        raise Invalid(_("There is no such category."), field="category_ids", hint=_("Choose one from the list."))
    FieldCategory.objects.filter(field=field).exclude(category_id__in=wanted).delete()
    FieldCategory.objects.bulk_create(
        [FieldCategory(field=field, category_id=category_id) for category_id in wanted], ignore_conflicts=True
    )
    return wanted
