"""The kinds of notices there are: declared at start by the packages that give them, listed for a person to choose from."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.functional import Promise

from steward.people.rules import NoticeRule

Many = Callable[[int, int], str]
_kinds: dict[str, "NoticeKind"] = {}


@dataclass(frozen=True)
class NoticeKind:
    """A kind: the words a person chooses it by, and how it is told.

    `many` says a batch in words, given how many notices on how many tickets; none of these words ever holds what was
    written on a ticket. `always` is a kind nobody can switch off: without it something would reach nobody.
    """

    kind: str
    label: str | Promise
    sign: str = "bell"
    rule: NoticeRule = field(default_factory=NoticeRule)
    always: bool = False
    many: Many | None = None

    def words(self, count: int = 1, tickets: int = 1) -> str:
        """Say so many notices of this kind on so many tickets in one line, without anything of what is in them."""
        return str(self.label) if count == 1 or self.many is None else self.many(count, tickets)


def declare_notice_kind(
    kind: str,
    label: str | Promise,
    *,
    sign: str = "bell",
    rule: NoticeRule | None = None,
    always: bool = False,
    many: Many | None = None,
) -> None:
    """Make a kind of notice known, with the words a person chooses it by and the rule that holds until they choose."""
    _kinds[kind] = NoticeKind(kind, label, sign=sign, rule=rule or NoticeRule(), always=always, many=many)


def notice_kinds() -> dict[str, NoticeKind]:
    """Give every declared kind by its name, in the order of their declaration."""
    return dict(_kinds)


def notice_kind(kind: str) -> NoticeKind:
    """Give a kind; one that nobody declared is called by its name."""
    return _kinds.get(kind) or NoticeKind(kind, kind.replace("_", " ").capitalize())
