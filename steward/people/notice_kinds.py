"""The kinds of notices there are: declared at start by the packages that give them, listed for a person to choose from."""

from django.utils.functional import Promise

_kinds: dict[str, str | Promise] = {}


def declare_notice_kind(kind: str, label: str | Promise) -> None:
    """Make a kind of notice known, with the words a person chooses it by."""
    _kinds[kind] = label


def notice_kinds() -> dict[str, str | Promise]:
    """Give the label of every declared kind."""
    return dict(_kinds)
