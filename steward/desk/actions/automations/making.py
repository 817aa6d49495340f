"""Making automations: writing versions down, switching them on after a dry run, off, and putting them in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from steward.core.errors import Conflict, Invalid, NotFound
from steward.core.text import clean, one_line
from steward.desk.actions.automations.occasions import When
from steward.desk.actions.filling import check_variables
from steward.desk.actions.macros import check_calls
from steward.desk.actions.verbs.registry import Call, verb_named
from steward.desk.facts.automations import (
    AutomationChanged,
    AutomationCreated,
    AutomationSwitchedOff,
    AutomationSwitchedOn,
    AutomationVersionPublished,
)
from steward.desk.facts.settings import Changes
from steward.desk.models import Automation, AutomationVersion, DryRun
from steward.desk.permissions import may_manage_automations
from steward.desk.queries.automations import newest_version
from steward.desk.rules.conditions import Condition
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.permissions import require

LONGEST_NAME = 80
MOST_CONDITIONS = 20
_NOBODY = frozenset({"me"})


@dataclass(frozen=True)
class Content:
    """What an automation is to do: on which occasions, under which conditions, and what then."""

    whens: Sequence[When]
    calls: Sequence[Call]
    conditions: Sequence[Condition] = ()
    any_conditions: Sequence[Condition] = ()

    def dump(self) -> dict[str, Any]:
        """Give it as it is stored."""
        return {
            "whens": [one.dump() for one in self.whens],
            "conditions": [one.dump() for one in self.conditions],
            "any_conditions": [one.dump() for one in self.any_conditions],
            "calls": [one.dump() for one in self.calls],
        }


def content_of(version: AutomationVersion) -> Content:
    """Give what a version says."""
    return Content(
        whens=[When.load(one) for one in version.whens],
        calls=[Call.load(one) for one in version.calls],
        conditions=[Condition.load(one) for one in version.conditions],
        any_conditions=[Condition.load(one) for one in version.any_conditions],
    )


def create_automation(*, name: str, content: Content, by: Actor, at: datetime) -> Automation:
    """Make an automation; it is off until its version was tried and switched on."""
    _require(by)
    _check(content)
    with transaction.atomic():
        last = Automation.objects.aggregate(last=Max("position"))["last"]
        row = Automation(name=_name(name), position=0 if last is None else last + 1, owner_id=by.user_id or 0, created_at=at)
        _save(row)
        changes: Changes = {"name": (None, row.name), "position": (None, row.position)}
        record(AutomationCreated(automation_id=row.pk, changes=changes), by=by, at=at)
        _publish(row, content, version=1, by=by, at=at)
        return row


def change_automation(
    *, automation_id: int, name: str, content: Content, seen_version: int | None = None, by: Actor, at: datetime
) -> AutomationVersion:
    """Change an automation; another content becomes a new version, which acts once it is switched on: until then the old one does.

    With `seen_version`, raises `Conflict` when somebody published another one since.
    """
    _require(by)
    _check(content)
    with transaction.atomic():
        row = _locked(automation_id)
        newest = newest_version(row.pk)
        if seen_version is not None and newest.version != seen_version:
            raise Conflict(
                _("Somebody published version %(version)s of this automation meanwhile.") % {"version": newest.version},
                field="steps",
                theirs=newest.version,
                yours=seen_version,
                hint=_("Reload, look at what they changed, and change what is left to change."),
            )
        _set(row, {"name": _name(name)}, by=by, at=at)
        if content.dump() == content_of(newest).dump():
            return newest
        return _publish(row, content, version=newest.version + 1, by=by, at=at)


def switch_on(*, automation_id: int, version: int, by: Actor, at: datetime) -> Automation:
    """Let a version act from now on; refused without a dry run of this very version. Whoever switches it on answers for it."""
    _require(by)
    with transaction.atomic():
        row = _locked(automation_id)
        wanted = newest_version(row.pk)
        if wanted.version != version:
            raise Conflict(
                _("There is a newer version than the one you tried."), field="version", theirs=wanted.version, yours=version
            )
        if not row.is_active:
            raise Invalid(_("It was put away."), hint=_("Take it into use again first."))
        if not DryRun.objects.filter(version=wanted).exists():
            raise Invalid(
                _("This version was not tried yet."), field="version", hint=_("Look first at what it would have done last week.")
            )
        _check(content_of(wanted))
        if row.running_version == version:
            return row
        row.running_version, row.on_since, row.swept_at, row.owner_id = version, at, None, by.user_id or 0
        row.parked_at, row.parked_why, row.parked_detail = None, "", ""
        _save(row)
        record(AutomationSwitchedOn(automation_id=row.pk, version=version), by=by, at=at)
        return row


def switch_off(*, automation_id: int, by: Actor, at: datetime) -> Automation:
    """Let an automation act no more; off already is no error."""
    _require(by)
    with transaction.atomic():
        row = _locked(automation_id)
        if row.running_version is not None:
            fact = AutomationSwitchedOff(automation_id=row.pk, version=row.running_version)
            row.running_version = row.on_since = None
            _save(row)
            record(fact, by=by, at=at)
        return row


def put_away_automation(*, automation_id: int, is_active: bool, by: Actor, at: datetime) -> Automation:
    """Put an automation away, switching it off, or take it back; what it did stays traced to it."""
    with transaction.atomic():
        if not is_active:
            switch_off(automation_id=automation_id, by=by, at=at)
        _require(by)
        row = _locked(automation_id)
        _set(row, {"is_active": is_active}, by=by, at=at)
        return row


def move_automation(*, automation_id: int, down: bool, by: Actor, at: datetime) -> None:
    """Let an automation act one place earlier or later than others on the same occasion."""
    _require(by)
    with transaction.atomic():
        # All of them locked in one order, so that two moves at once do not leave two in one place.
        list(Automation.objects.select_for_update(no_key=True).order_by("id").values_list("pk"))
        order = list(Automation.objects.order_by("position", "id"))
        place = next((place for place, row in enumerate(order) if row.pk == automation_id), None)
        if place is None:
            raise _no_such()
        order.insert(max(0, place + (1 if down else -1)), order.pop(place))
        for position, row in enumerate(order):
            _set(row, {"position": position}, by=by, at=at)


def _set(row: Automation, values: dict[str, Any], *, by: Actor, at: datetime) -> None:
    changes = {name: (getattr(row, name), value) for name, value in values.items() if getattr(row, name) != value}
    for name, value in values.items():
        setattr(row, name, value)
    if changes:
        _save(row)
        record(AutomationChanged(automation_id=row.pk, changes=changes), by=by, at=at)


def _publish(row: Automation, content: Content, *, version: int, by: Actor, at: datetime) -> AutomationVersion:
    made = AutomationVersion.objects.create(automation=row, version=version, made_by_id=by.user_id, created_at=at, **content.dump())
    record(AutomationVersionPublished(automation_id=row.pk, version=version), by=by, at=at)
    return made


def _check(content: Content) -> None:
    if not content.whens:
        raise Invalid(_("Say when it acts."), field="when", hint=_("Choose at least one occasion."))
    if len(content.conditions) + len(content.any_conditions) > MOST_CONDITIONS:
        raise Invalid(_("That is more than %(most)s conditions.") % {"most": MOST_CONDITIONS}, field="condition")
    check_calls(content.calls)
    for call in content.calls:
        for argument in verb_named(call.verb).arguments:
            if argument.with_variables:
                check_variables(str(call.args.get(argument.name, "")), field=argument.name, no_agent=True)
            if argument.choices is not None and call.args.get(argument.name) in _NOBODY:
                raise Invalid(
                    _("“%(field)s” names whoever runs it, and here nobody does.") % {"field": argument.label},
                    field=argument.name,
                    hint=_("Choose somebody, or the ticket's owner."),
                )


def _require(by: Actor) -> None:
    require(may_manage_automations(by), _("Only leads and admins look after automations."))


def _locked(automation_id: int) -> Automation:
    row = Automation.objects.select_for_update(no_key=True).filter(pk=automation_id).first()
    if row is None:
        raise _no_such()
    return row


def _no_such() -> NotFound:
    return NotFound(_("There is no such automation."))


def _name(name: str) -> str:
    return one_line(clean(name, max_length=LONGEST_NAME, field="name"), max_length=LONGEST_NAME)


def _save(row: Automation) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "_name" not in str(error):
            raise
        raise Conflict(_("That name is taken."), field="name", hint=_("Choose another name.")) from error
