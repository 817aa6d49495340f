"""Slack's names of messages and places: a channel and, in it, an instant."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from steward.channels.contract import Unreadable

DIRECT = "im"


def message_name(channel: str, ts: str) -> str:
    """Give the one name of a message, since an instant is one only within its channel."""
    return f"{channel}:{ts}"


def parts_of(name: str) -> tuple[str, str]:
    """Give the channel and the instant of a message's name; the instant is empty where there is none."""
    channel, _colon, ts = name.partition(":")
    return channel, ts


def an_object(value: Any) -> dict[str, Any]:
    """Give an object, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def a_text(found: Mapping[str, Any], key: str) -> str:
    """Give a text, an empty one for anything else."""
    value = found.get(key)
    return value if isinstance(value, str) else ""


def wanted(found: Mapping[str, Any], key: str) -> str:
    """Give a text that has to be there. Raises `Unreadable`."""
    value = a_text(found, key)
    if not value:
        raise Unreadable(_("The event lacks %(key)s.") % {"key": key})
    return value


def objects(value: Any) -> list[dict[str, Any]]:
    """Give the objects of a list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
