"""The choices of language and time zone in the forms."""

from functools import cache
from zoneinfo import available_timezones

from django.conf import settings
from django.utils.translation import get_language_info


@cache
def zone_choices() -> list[tuple[str, str]]:
    """List the time zones named after places, and UTC."""
    places = sorted(
        name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/", "posix/", "right/"))
    )
    return [(name, name.replace("_", " ")) for name in ["UTC", *places]]


def language_choices() -> list[tuple[str, str]]:
    """List the languages the screens speak, each in its own words."""
    return [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]
