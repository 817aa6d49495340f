"""Taking people over from a file."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.errors import DomainError, Invalid
from steward.people import inputs
from steward.people.actions.requesters import change_requester, ensure_requester
from steward.people.actions.teams import add_member, create_team
from steward.people.actions.users import add_user, change_user, set_roles
from steward.people.actor import Actor
from steward.people.changes import differing
from steward.people.models import Membership, Requester, Team, User
from steward.people.permissions import may_manage_people, require
from steward.people.rules import Role, is_requester_only

COLUMNS = (
    "email",
    "name",
    "roles",
    "teams",
    "language",
    "time_zone",
    "platform_role",
    "team",
    "market",
    "client_version",
)
_LISTS = ("roles", "teams")
_OF_USER = ("name", "language", "time_zone")
_OF_REQUESTER = ("name", "language", "time_zone", "platform_role", "team", "market", "client_version")
# Small, so that nothing that follows the ledger waits long for the importer.
_CHUNK = 100

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Reject:
    """A row that was not taken over, and why; the number counts rows from 1."""

    number: int
    reason: str
    row: Row | str


@dataclass
class ImportResult:
    """What an import did; `ignored` names the columns that mean nothing to it."""

    read: int = 0
    created: int = 0
    updated: int = 0
    skipped: int = 0
    rejects: list[Reject] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    @property
    def rejected(self) -> int:
        """Count the rows that were not taken over."""
        return len(self.rejects)


def import_people(
    *,
    rows: Iterable[Row | str],
    by: Actor,
    at: datetime,
    dry_run: bool = False,
    create_teams: bool = False,
    progress: Callable[[int], None] | None = None,
) -> ImportResult:
    """Take users and requesters over; idempotent by address, so a broken-off import is simply run again.

    A row without roles, or with requester alone, makes a requester; any other makes a user without a
    password. Empty cells change nothing, roles given replace those there are, teams given are added.
    A row that cannot be taken is rejected with its reason and the others go on; a text instead of a
    row is a line that could not be read. Commits in chunks; a dry run undoes each.
    """
    require(may_manage_people(by))
    result, seen = ImportResult(), set[str]()
    for chunk in _chunks(rows):
        with transaction.atomic():
            for row in chunk:
                result.read += 1
                _take(row, result, seen, create_teams=create_teams, by=by, at=at)
            transaction.set_rollback(dry_run)
        if progress:
            progress(result.read)
    return result


def _chunks(rows: Iterable[Row | str]) -> Iterator[list[Row | str]]:
    rest = iter(rows)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk


def _take(row: Row | str, result: ImportResult, seen: set[str], *, create_teams: bool, by: Actor, at: datetime) -> None:
    try:
        with transaction.atomic():
            values = _values(row, result)
            if values["email"] in seen:
                raise Invalid(_("An earlier row has the same address."), field="email")
            user = User.objects.with_email(values["email"]).first()
            requester = Requester.objects.with_email(values["email"]).first()
            is_new = user is None and requester is None
            has_changed = _write(values, user, requester, create_teams=create_teams, by=by, at=at)
    except DomainError as error:
        result.rejects.append(Reject(result.read, f"{error.message} {error.hint}".strip(), row))
        return
    seen.add(values["email"])
    if is_new:
        result.created += 1
    elif has_changed:
        result.updated += 1
    else:
        result.skipped += 1


def _values(row: Row | str, result: ImportResult) -> dict[str, Any]:
    if isinstance(row, str):
        raise Invalid(_("This line could not be read."), hint=_("Each line is one JSON object, or one CSV row."))
    if None in row:
        raise Invalid(_("This row has more cells than the file has columns."))
    result.ignored += [name for name in row if name not in COLUMNS and name not in result.ignored]
    values: dict[str, Any] = {}
    for name in COLUMNS:
        value = row.get(name)
        values[name] = _list(value, name) if name in _LISTS else _text(value, name)
    values["email"] = inputs.email(values["email"])
    values["roles"] = inputs.roles(values["roles"]) if values["roles"] else []
    values["language"] = inputs.language(values["language"], required=False)
    values["time_zone"] = inputs.time_zone(values["time_zone"], required=False)
    return values


def _text(value: object, name: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Invalid(_("This field holds no text: %(field)s.") % {"field": name}, field=name)
    return inputs.line(str(value), field=name)


def _list(value: object, name: str) -> list[str]:
    parts = value if isinstance(value, list) else _text(value, name).replace(",", ";").split(";")
    return [text for part in parts if (text := _text(part, name))]


def _write(
    values: dict[str, Any],
    user: User | None,
    requester: Requester | None,
    *,
    create_teams: bool,
    by: Actor,
    at: datetime,
) -> bool:
    roles = values["roles"] or (list(user.roles) if user else [Role.REQUESTER.value])
    has_changed = False
    if user is not None or not is_requester_only(roles):
        user, has_changed = _write_user(values, roles, user, by=by, at=at)
        has_changed |= _write_teams(user, values["teams"], create_teams=create_teams, by=by, at=at)
    elif values["teams"]:
        raise Invalid(
            _("A requester is in no team of this desk."),
            field="teams",
            hint=_("The team on the platform goes into the column team."),
        )
    if Role.REQUESTER.value in roles:
        has_changed |= _write_requester(values, requester, by=by, at=at)
    return has_changed


def _write_user(values: dict[str, Any], roles: list[str], user: User | None, *, by: Actor, at: datetime) -> tuple[User, bool]:
    given = {name: values[name] for name in _OF_USER if values[name]}
    if user is None:
        made = add_user(
            email=values["email"],
            name=values["name"],
            roles=roles,
            language=values["language"],
            time_zone=values["time_zone"],
            by=by,
            at=at,
        )
        return made, True
    changes = differing(user, given)
    if changes:
        change_user(user_id=user.pk, changes=changes, by=by, at=at)
    other_roles = set(roles) != set(user.roles)
    if other_roles:
        set_roles(user_id=user.pk, roles=roles, by=by, at=at)
    return user, bool(changes) or other_roles


def _write_teams(user: User, names: list[str], *, create_teams: bool, by: Actor, at: datetime) -> bool:
    has_changed = False
    for name in names:
        team = Team.objects.filter(name__iexact=name).first()
        if team is None:
            if not create_teams:
                raise Invalid(
                    _("There is no team named %(name)s.") % {"name": name},
                    field="teams",
                    hint=_("Create it first, or import with --create-teams."),
                )
            team = create_team(name=name, by=by, at=at)
        if not Membership.objects.filter(team=team, user=user).exists():
            add_member(team_id=team.pk, user_id=user.pk, by=by, at=at)
            has_changed = True
    return has_changed


def _write_requester(values: dict[str, Any], requester: Requester | None, *, by: Actor, at: datetime) -> bool:
    given = {name: values[name] for name in _OF_REQUESTER if values[name]}
    if requester is None:
        ensure_requester(email=values["email"], source="import", **given, by=by, at=at)
        return True
    changes = differing(requester, given)
    if changes:
        change_requester(requester_id=requester.pk, changes=changes, by=by, at=at)
    return bool(changes)
