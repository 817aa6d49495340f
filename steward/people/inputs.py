"""Reading what people type into values that can be stored; each raises `Invalid` naming the field."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _

from steward.core.errors import Invalid
from steward.core.text import clean
from steward.people import rules
from steward.people.rules import Role

LONGEST = 200


def line(value: str, *, field: str, required: bool = False) -> str:
    """Read one line of text: a name, a market, a version."""
    return " ".join(clean(value, max_length=LONGEST, field=field, required=required).split())


def email(value: str, *, field: str = "email") -> str:
    """Read an address into the form in which it is stored."""
    address = rules.normalize_email(clean(value, max_length=LONGEST * 2, field=field, required=False))
    if not rules.is_email(address):
        raise Invalid(
            _("This is not an e-mail address: %(value)s") % {"value": address[:LONGEST] or "–"},
            field=field,
            hint=_("Write it like name@example.com."),
        )
    return address


def roles(values: Iterable[str], *, field: str = "roles") -> list[str]:
    """Read roles into their stored order, once each."""
    try:
        read = [role.value for role in rules.ordered_roles(values)]
    except ValueError as error:
        raise Invalid(
            _("There is no such role."),
            field=field,
            hint=_("Choose from: %(roles)s.") % {"roles": ", ".join(Role)},
        ) from error
    if not read:
        raise Invalid(_("Everybody has at least one role."), field=field, hint=_("Choose one."))
    return read


def language(value: str, *, field: str = "language", required: bool = True) -> str:
    """Read a language tag; nothing gives the desk's language where one is required."""
    tag = value.strip() or (settings.DESK_LANGUAGE if required else "")
    if tag and not rules.is_language(tag):
        raise Invalid(_("This is not a language tag."), field=field, hint=_("Write it like en or zh-hans."))
    return tag.lower()


def time_zone(value: str, *, field: str = "time_zone", required: bool = True) -> str:
    """Read the name of a time zone; nothing gives the desk's zone where one is required."""
    name = value.strip() or (settings.DESK_TIME_ZONE if required else "")
    if name and not rules.is_time_zone(name):
        raise Invalid(_("There is no such time zone."), field=field, hint=_("Write it like Asia/Shanghai."))
    return name
