"""What the processes tell each other beside the ledger: screens to stir, and who is at which ticket. Nothing of it is stored."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from steward.web.live.presence import Seen

CHANNEL = "steward_stir"
# A notification holds 8,000 bytes; a name of 100 characters may take 400 of them.
A_TIME = 12


@dataclass(frozen=True)
class Stir:
    """Topics that changed on a desk's screens, for those who see the queue, or for one of them."""

    topics: frozenset[str]
    queue_id: int
    user_id: int | None


@dataclass(frozen=True)
class Ask:
    """A process that has just started wants to know who is where; `by` tells one question from another."""

    by: str


@dataclass(frozen=True)
class Told:
    """People seen at tickets; `answers` the question it was asked by, if any."""

    seen: tuple[Seen, ...]
    answers: str = ""


def read(payload: str) -> Stir | Ask | Told | None:
    """Read a notification; None for one that another version sent or nobody meant."""
    try:
        told: dict[str, Any] = json.loads(payload)
        if "stir" in told:
            return Stir(frozenset(map(str, told["stir"])), int(told["queue"]), told["user"])
        if "ask" in told:
            return Ask(str(told["ask"]))
        return Told(tuple(Seen(*row) for row in told["here"]), str(told.get("answers", "")))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def ask(by: str) -> str:
    """Write the question of a process that has just started."""
    return json.dumps({"ask": by})


def tell(seen: Iterable[Seen], *, answers: str = "") -> Iterator[str]:
    """Write who was seen where, in as many notifications as it takes."""
    rows = [one.as_list() for one in seen]
    for start in range(0, len(rows), A_TIME):
        yield json.dumps({"here": rows[start : start + A_TIME], "answers": answers}, ensure_ascii=False)
