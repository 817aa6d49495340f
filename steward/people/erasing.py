"""What erasing a person takes away: each package above says at start what it holds of people, and how it lets go of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from steward.people.actor import Actor

TOMBSTONE = "∅"


@dataclass(frozen=True)
class Whom:
    """Whose values go: somebody who asks for help, somebody who signs in, or both at once."""

    requester_id: int | None = None
    user_id: int | None = None


@dataclass(frozen=True)
class Held:
    """So many things of one kind that are held of a person, as far as the one who asks may see them."""

    label: str | Promise
    count: int


Count = Callable[[Whom, Actor], Sequence[Held]]
Erase = Callable[[Whom, Actor, datetime], bool]
Forget = Callable[[Sequence[str]], None]


@dataclass(frozen=True)
class Part:
    """What one package holds of people: counted for the preview, erased piece by piece in short transactions.

    `erase` takes one piece and says whether there is more; called again after the last it says no. `forget`, where there
    is one, is told name and address while they are still known, for what is found by nothing else.
    """

    name: str
    count: Count
    erase: Erase
    forget: Forget | None = None


_parts: dict[str, Part] = {}


def declare_part(part: Part) -> None:
    """Have this erased with a person."""
    _parts[part.name] = part


def parts() -> list[Part]:
    """Give every part, in the order of their declaration: from the bottom of the house up."""
    return list(_parts.values())
