"""Making policies and publishing what they promise, version by version."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from steward.core.errors import Conflict, Invalid, NotFound
from steward.core.text import clean, one_line
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.permissions import require
from steward.roster.models import BusinessCalendar
from steward.sla.facts import PolicyChanged, PolicyCreated, PolicyVersionPublished
from steward.sla.models import Policy, PolicyVersion
from steward.sla.permissions import may_manage_policies
from steward.sla.rules.policy_shape import LONGEST_TARGET, BadPolicy, Fault, Promises, parse_promises

MAX_NAME = 100
MAX_POSITION = 10_000
WARN_AT = 0.75
_PARTS = ("conditions", "calendar_id", "targets", "warn_at", "pause_on")


def create_policy(  # noqa: PLR0913 -- a policy has that many independent parts
    *,
    name: str,
    calendar: BusinessCalendar,
    targets: Mapping[str, Mapping[str, int]],
    conditions: Mapping[str, Any] | None = None,
    warn_at: float | None = WARN_AT,
    pause_on: Mapping[str, Any] | None = None,
    position: int | None = None,
    by: Actor,
    at: datetime,
) -> Policy:
    """Make a policy with what it matches and promises, the last to be matched unless `position` says otherwise.

    Raises `Invalid` for promises that cannot be meant; `rules.policy_shape.parse_promises` says how they are written.
    """
    require(may_manage_policies(by))
    promises = _read(conditions or {}, targets, warn_at, pause_on)
    policy = Policy(name=_name(name), created_at=at)
    with transaction.atomic():
        last = Policy.objects.aggregate(last=Max("position"))["last"]
        policy.position = _position(position) if position is not None else (0 if last is None else last + 1)
        _save(policy)
        record(
            PolicyCreated(
                policy_id=policy.pk,
                changes={"name": (None, policy.name), "position": (None, policy.position)},
            ),
            by=by,
            at=at,
        )
        _publish(policy, calendar, promises, None, by=by, at=at)
    return policy


def change_policy(*, policy_id: int, changes: Mapping[str, Any], by: Actor, at: datetime) -> Policy:
    """Rename a policy (`name`), move it in the order (`position`), put it away or take it into use (`is_active`).

    Promises already made stand; they are looked at anew when their ticket changes queue, priority or category.
    """
    require(may_manage_policies(by))
    if unknown := set(changes) - {"name", "position", "is_active"}:
        raise Invalid(_("There is no such field."), field=min(unknown))
    wanted = dict(changes)
    if "name" in wanted:
        wanted["name"] = _name(wanted["name"])
    if "position" in wanted:
        wanted["position"] = _position(wanted["position"])
    if "is_active" in wanted:
        wanted["is_active"] = bool(wanted["is_active"])
    with transaction.atomic():
        policy = _locked(policy_id)
        updates = {name: value for name, value in wanted.items() if getattr(policy, name) != value}
        if not updates:
            return policy
        told = {name: (getattr(policy, name), value) for name, value in updates.items()}
        for name, value in updates.items():
            setattr(policy, name, value)
        _save(policy)
        record(PolicyChanged(policy_id=policy.pk, changes=told), by=by, at=at)
    return policy


def publish_policy_version(  # noqa: PLR0913 -- a policy has that many independent parts
    *,
    policy_id: int,
    calendar: BusinessCalendar,
    targets: Mapping[str, Mapping[str, int]],
    conditions: Mapping[str, Any] | None = None,
    warn_at: float | None = WARN_AT,
    pause_on: Mapping[str, Any] | None = None,
    seen_version: int | None = None,
    by: Actor,
    at: datetime,
) -> PolicyVersion:
    """Let a policy match or promise something else from now on; the same again publishes nothing.

    With `seen_version`, raises `Conflict` when somebody published another one since. Clocks already started keep the
    version they were promised.
    """
    require(may_manage_policies(by))
    promises = _read(conditions or {}, targets, warn_at, pause_on)
    with transaction.atomic():
        policy = _locked(policy_id)
        latest = PolicyVersion.objects.filter(policy=policy).order_by("-version").first()
        if latest and seen_version is not None and seen_version != latest.version:
            raise Conflict(
                _("Somebody published version %(version)s of this policy meanwhile.") % {"version": latest.version},
                field="targets",
                theirs=latest.version,
                yours=seen_version,
                hint=_("Reload, look at what they changed, and change what is left to change."),
            )
        if latest and _parts(latest) == _wanted(promises, calendar):
            return latest
        return _publish(policy, calendar, promises, latest, by=by, at=at)


def _publish(
    policy: Policy,
    calendar: BusinessCalendar,
    promises: Promises,
    latest: PolicyVersion | None,
    *,
    by: Actor,
    at: datetime,
) -> PolicyVersion:
    if not calendar.is_active:
        raise Invalid(_("This calendar was put away."), field="calendar", hint=_("Choose another one."))
    version = PolicyVersion.objects.create(
        policy=policy,
        version=latest.version + 1 if latest else 1,
        created_at=at,
        **_wanted(promises, calendar),
    )
    old = _parts(latest) if latest else {}
    changes = {name: (old.get(name), new) for name, new in _parts(version).items() if name not in old or old[name] != new}
    record(
        PolicyVersionPublished(policy_id=policy.pk, policy_version_id=version.pk, version=version.version, changes=changes),
        by=by,
        at=at,
    )
    return version


def _wanted(promises: Promises, calendar: BusinessCalendar) -> dict[str, Any]:
    return {
        "conditions": promises.conditions,
        "calendar_id": calendar.pk,
        "targets": promises.targets,
        "warn_at": promises.warn_at,
        "pause_on": promises.pause_on,
    }


def _parts(version: PolicyVersion) -> dict[str, Any]:
    return {name: getattr(version, name) for name in _PARTS}


def _name(name: object) -> str:
    return one_line(clean(str(name), max_length=MAX_NAME, field="name"), max_length=MAX_NAME)


def _position(value: object) -> int:
    if type(value) is not int or not 0 <= value <= MAX_POSITION:
        raise Invalid(_("A position is a number from 0 to %(most)s.") % {"most": MAX_POSITION}, field="position")
    return value


def _save(policy: Policy) -> None:
    try:
        with transaction.atomic():
            policy.save()
    except IntegrityError as error:
        raise Conflict(_("There is a policy of this name already."), field="name") from error


def _locked(policy_id: int) -> Policy:
    policy = Policy.objects.select_for_update().filter(id=policy_id).first()
    if policy is None:
        raise NotFound(_("There is no such policy."))
    return policy


def _read(conditions: object, targets: object, warn_at: object, pause_on: object) -> Promises:
    try:
        return parse_promises(conditions, targets, warn_at, pause_on)
    except BadPolicy as error:
        raise _invalid(error) from error


def _invalid(error: BadPolicy) -> Invalid:
    sentences = {
        Fault.CONDITION: _("This condition is not one a policy can have: %(value)s"),
        Fault.KIND: _("There is no such kind of clock: %(value)s"),
        Fault.PRIORITY: _("There is no such priority: %(value)s"),
        Fault.TARGET: _("A target is a number of seconds from a minute to a year, not %(value)s."),
        Fault.EMPTY: _("A policy promises at least one thing."),
        Fault.WARN_AT: _("The share of the target after which to warn lies between 0 and 1, not %(value)s."),
        Fault.PAUSE_ON: _("A clock cannot stand still on this: %(value)s"),
    }
    hints = {
        Fault.PRIORITY: _("Write 1 (urgent), 2 (high), 3 (normal) or 4 (low)."),
        Fault.TARGET: _("A year is %(seconds)s seconds.") % {"seconds": LONGEST_TARGET},
        Fault.PAUSE_ON: _("Use pending or on_hold, with a reason as in on_hold:engineering if need be."),
    }
    return Invalid(sentences[error.fault] % {"value": error.value}, field=error.field, hint=hints.get(error.fault, ""))
