"""What a role may do, and what a well-formed address, language, zone and link is."""

import hashlib
import re
from collections.abc import Iterable
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


def has_expired(expires_at: datetime, at: datetime) -> bool:
    """Tell whether something that lives up to, not including, `expires_at` is over."""
    return at >= expires_at
