"""Knowing the people who ask for help."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from steward.core.errors import Conflict, Invalid, NotFound
from steward.ledger.actions.recording import record
from steward.people import changes as compare
from steward.people import inputs
from steward.people.actor import Actor
from steward.people.facts import RequesterChanged, RequesterCreated
from steward.people.models import Requester, User
from steward.people.permissions import may_change_requester, require

# Whatever is said of somebody in free words: the ledger keeps that it changed, never the words, so that they can be erased.
PERSONAL = frozenset({"email", "name", "external_id", "platform_role", "team", "market", "client_version"})
# What the platform says of somebody today replaces what it said before; what they said themselves stays.
_NEWEST_WINS = ("platform_role", "team", "market", "client_version")
_FIRST_STAYS = ("name", "language", "time_zone")
_CHANGEABLE = frozenset({"email", *_NEWEST_WINS, *_FIRST_STAYS})


def ensure_requester(  # noqa: PLR0913 -- keyword-only, each a field of the row
    *,
    email: str = "",
    name: str = "",
    platform_role: str = "",
    team: str = "",
    market: str = "",
    language: str = "",
    time_zone: str = "",
    client_version: str = "",
    source: str = "",
    external_id: str = "",
    by: Actor,
    at: datetime,
) -> Requester:
    """Find the requester with this address, or else with this id of that source, or make them.

    Idempotent: called twice, or twice at once, it gives the same row. Of one known already, the platform's
    data are brought up to date and blanks are filled; nothing is emptied.
    """
    require(may_change_requester(by))
    wanted = _read(
        {
            "email": email,
            "name": name,
            "platform_role": platform_role,
            "team": team,
            "market": market,
            "language": language,
            "time_zone": time_zone,
            "client_version": client_version,
            "source": source,
            "external_id": external_id,
        }
    )
    if not wanted["email"] and not wanted["external_id"]:
        raise Invalid(_("A requester needs an address or an id."), field="email", hint=_("Give an e-mail address."))
    with transaction.atomic():
        return _find_and_refresh(wanted, by=by, at=at) or _create(wanted, by=by, at=at)


def change_requester(*, requester_id: int, changes: Mapping[str, str], by: Actor, at: datetime) -> Requester:
    """Correct what is known of a requester."""
    require(may_change_requester(by))
    if unknown := set(changes) - _CHANGEABLE:
        raise Invalid(_("There is no such field."), field=min(unknown))
    with transaction.atomic():
        requester = _locked(requester_id)
        if requester.erased_at is not None:
            raise Conflict(_("The data of this person were erased."))
        wanted = _read(changes)
        if "email" in wanted and requester.user_id is not None and wanted["email"] != requester.email:
            raise Conflict(
                _("This requester signs in with this address."),
                field="email",
                hint=_("Change the address of their account instead."),
            )
        return _apply(requester, wanted, by=by, at=at)


def requester_for_user(user: User, *, by: Actor, at: datetime) -> Requester:
    """Make sure that a user with the requester role is a requester: the one with their address, or a new one.

    For use by the actions of this package, inside their transaction.
    """
    known: Requester | None = Requester.objects.select_for_update(no_key=True).filter(user=user).first()
    if known is not None:
        return known
    known = Requester.objects.select_for_update(no_key=True).with_email(user.email).filter(user=None).first()
    wanted = {"name": user.name, "language": user.language, "time_zone": user.time_zone}
    if known is not None:
        blanks = {field: value for field, value in wanted.items() if not getattr(known, field)}
        return _apply(known, {**blanks, "user_id": user.pk}, by=by, at=at)
    return _create({**wanted, "email": user.email, "user_id": user.pk}, by=by, at=at)


def move_requester_address(user: User, *, by: Actor, at: datetime) -> None:
    """Let a requester's address follow that of their account, inside the caller's transaction."""
    requester = Requester.objects.select_for_update(no_key=True).filter(user=user).first()
    if requester is not None:
        _apply(requester, {"email": user.email}, by=by, at=at)


def _read(values: Mapping[str, str]) -> dict[str, str | None]:
    read: dict[str, str | None] = {}
    for field, value in values.items():
        if field == "email":
            read[field] = inputs.email(value) if value.strip() else None
        elif field == "language":
            read[field] = inputs.language(value, required=False)
        elif field == "time_zone":
            read[field] = inputs.time_zone(value, required=False)
        else:
            read[field] = inputs.line(value, field=field)
    return read


def _find_and_refresh(wanted: Mapping[str, str | None], *, by: Actor, at: datetime) -> Requester | None:
    requester = _find(wanted)
    if requester is None:
        return None
    updates = {field: wanted[field] for field in _NEWEST_WINS if wanted[field]}
    updates |= {field: wanted[field] for field in _FIRST_STAYS if wanted[field] and not getattr(requester, field)}
    if not compare.differing(requester, updates):
        return requester
    return _apply(_locked(requester.pk), updates, by=by, at=at)


def _find(wanted: Mapping[str, str | None]) -> Requester | None:
    found: Requester | None = None
    if wanted["email"]:
        found = Requester.objects.with_email(wanted["email"]).first()
    if found is None and wanted["external_id"]:
        found = Requester.objects.filter(source=wanted["source"], external_id=wanted["external_id"]).first()
    return found


def _create(wanted: Mapping[str, object], *, by: Actor, at: datetime) -> Requester:
    requester = Requester(created_at=at, **wanted)
    try:
        with transaction.atomic():
            requester.save(force_insert=True)
    except IntegrityError:
        # Somebody else made the same requester a moment ago; theirs is now visible.
        found = _find({"email": None, "source": "", "external_id": "", **wanted})  # type: ignore[dict-item]
        if found is None or wanted.get("user_id"):
            raise
        return found
    kept = {field: (None, value) for field, value in wanted.items() if field not in PERSONAL and value}
    record(RequesterCreated(requester_id=requester.pk, changes=kept), by=by, at=at)  # type: ignore[arg-type]
    return requester


def _apply(requester: Requester, wanted: Mapping[str, object], *, by: Actor, at: datetime) -> Requester:
    updates = compare.differing(requester, wanted)
    if not updates:
        return requester
    changed, personal = compare.told(requester, updates, personal=PERSONAL)
    for field, value in updates.items():
        setattr(requester, field, value)
    try:
        with transaction.atomic():
            requester.save(update_fields=list(updates))
    except IntegrityError as error:
        raise Conflict(_("Another requester has this address."), field="email") from error
    record(RequesterChanged(requester_id=requester.pk, changes=changed, personal=personal), by=by, at=at)
    return requester


def _locked(requester_id: int) -> Requester:
    requester: Requester | None = Requester.objects.select_for_update(no_key=True).filter(id=requester_id).first()
    if requester is None:
        raise NotFound(_("There is no such requester."))
    return requester
