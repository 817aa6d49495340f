"""What a role may do, what a well-formed address, language, zone and link is, and how somebody is told of something."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class Role(StrEnum):
    """What somebody is at this desk; a person may be several things."""

    REQUESTER = "requester"
    AGENT = "agent"
    LEAD = "lead"
    ENGINEER = "engineer"
    REVIEWER = "reviewer"
    ADMIN = "admin"


class Capability(StrEnum):
    """What a role lets a person do; code asks for capabilities, never for roles."""

    ASK = "ask"
    WORK_TICKETS = "work_tickets"
    ASSIGN_OTHERS = "assign_others"
    MANAGE_SHIFTS = "manage_shifts"
    SEE_REPORTS = "see_reports"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_SETTINGS = "manage_settings"
    ANSWER_ENGINEERING = "answer_engineering"
    REVIEW_QUALITY = "review_quality"


_CAPABILITIES: dict[Role, frozenset[Capability]] = {
    Role.REQUESTER: frozenset({Capability.ASK}),
    Role.AGENT: frozenset({Capability.WORK_TICKETS}),
    Role.LEAD: frozenset(
        {
            Capability.WORK_TICKETS,
            Capability.ASSIGN_OTHERS,
            Capability.MANAGE_SHIFTS,
            Capability.SEE_REPORTS,
        }
    ),
    Role.ENGINEER: frozenset({Capability.ANSWER_ENGINEERING}),
    Role.REVIEWER: frozenset({Capability.REVIEW_QUALITY, Capability.SEE_REPORTS}),
    Role.ADMIN: frozenset(
        {
            Capability.MANAGE_PEOPLE,
            Capability.MANAGE_SETTINGS,
            Capability.MANAGE_SHIFTS,
            Capability.ASSIGN_OTHERS,
            Capability.SEE_REPORTS,
        }
    ),
}


class Scope(StrEnum):
    """What a token of the API may be used for; what its user may not do, it may not either."""

    TICKETS_READ = "tickets:read"
    TICKETS_WRITE = "tickets:write"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    ROSTER_READ = "roster:read"
    ROSTER_WRITE = "roster:write"
    SETTINGS_READ = "settings:read"
    SETTINGS_WRITE = "settings:write"
    REPORTS_READ = "reports:read"


TOKEN_RATE = 600  # requests a minute, unless a token is given another rate
MOST_TOKEN_RATE = 60_000

LINK_LIVES_FOR = timedelta(days=7)
PASSWORD_LINK_LIVES_FOR = timedelta(days=1)

# One address, no display name, no quoting: what a person types, not all that RFC 5322 permits.
_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}", re.IGNORECASE)
_LONGEST_EMAIL = 254


def capabilities_of(roles: Iterable[Role | str]) -> frozenset[Capability]:
    """Give everything that somebody with these roles may do; raises `ValueError` for an unknown role."""
    return frozenset().union(*(_CAPABILITIES[Role(role)] for role in roles))


def ordered_roles(roles: Iterable[Role | str]) -> list[Role]:
    """Give the roles once each, in the order in which they are declared; raises `ValueError` for an unknown one."""
    wanted = {Role(role) for role in roles}
    return [role for role in Role if role in wanted]


def is_requester_only(roles: Iterable[Role | str]) -> bool:
    """Tell whether somebody only asks for help and works at nothing here."""
    return {Role(role) for role in roles} == {Role.REQUESTER}


def normalize_email(email: str) -> str:
    """Write an address the one way it is stored and compared: trimmed and in small letters."""
    return email.strip().lower()


def is_email(email: str) -> bool:
    """Tell whether a normalized address can be one."""
    return len(email) <= _LONGEST_EMAIL and _EMAIL.fullmatch(email) is not None


def is_time_zone(name: str) -> bool:
    """Tell whether a name such as Asia/Shanghai is a known time zone."""
    # A folder of the zone database or a path out of it raises one of the other two.
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return bool(name)


def is_language(tag: str) -> bool:
    """Tell whether a text has the form of a language tag such as `en` or `zh-hans`."""
    return _LANGUAGE.fullmatch(tag) is not None


def token_hash(token: str) -> str:
    """Give the form in which a link's token is stored: its 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def scopes_granted(scopes: Iterable[str]) -> frozenset[Scope]:
    """Give every scope that these bring: whoever writes a thing may read it. Raises `ValueError` for an unknown one."""
    given = {Scope(scope) for scope in scopes}
    return frozenset(given | {Scope(scope.value.replace(":write", ":read")) for scope in given})


def has_expired(expires_at: datetime, at: datetime) -> bool:
    """Tell whether something that lives up to, not including, `expires_at` is over."""
    return at >= expires_at


class Told(StrEnum):
    """How somebody is told of a kind of notice."""

    OFF = "off"
    PLAIN = "plain"  # in the list and on the bell
    LOUD = "loud"  # also with a sound, and beside the desk where the browser may


@dataclass(frozen=True)
class NoticeRule:
    """How a person wants one kind of notice: how loud, of which queues (none: of all), and only on shift."""

    how: Told = Told.PLAIN
    queue_ids: frozenset[int] | None = None
    only_on_shift: bool = True


class Telling(StrEnum):
    """What becomes of one notice for one person."""

    NOT = "not"
    KEPT = "kept"  # without a sound and uncounted, summed up when the next shift begins
    PLAIN = "plain"
    LOUD = "loud"


BATCH_FOR = timedelta(minutes=10)


def telling(rule: NoticeRule, *, queue_id: int | None, is_off_shift: bool, always: bool = False) -> Telling:
    """Say what becomes of a notice about something in a queue, or in none.

    A kind that must always reach somebody is told whatever the rule says, off shift too; the rule only makes it louder.
    """
    if always:
        return Telling.LOUD if rule.how == Told.LOUD else Telling.PLAIN
    if rule.how == Told.OFF or (queue_id is not None and rule.queue_ids is not None and queue_id not in rule.queue_ids):
        return Telling.NOT
    if is_off_shift and rule.only_on_shift:
        return Telling.KEPT
    return Telling.LOUD if rule.how == Told.LOUD else Telling.PLAIN
