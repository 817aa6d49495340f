"""Reading what the demo desk is made of: threads, people, and the words that fill their gaps."""

from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import yaml

HERE = Path(__file__).parent
OUTAGE = "outage.yaml"
# The one in C where the library has it: ten times as fast.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FIRST_HALVES, _SECOND_HALVES = ("sunny", "nova", "real", "the", "mister", "lady"), ("fox", "deals", "kitchen", "news", "vibes")


@dataclass(frozen=True)
class Thread:
    """A conversation as written: where it comes in, what it is about, and its turns in order."""

    key: str
    talk: tuple[dict[str, Any], ...]
    about: str
    queue: str = "support"
    lang: str = "en"
    priority: int = 3
    times: int = 1

    @property
    def openings(self) -> list[str]:
        """Give the ways it may begin."""
        first = self.talk[0]["r"]
        return [first] if isinstance(first, str) else list(first)


def read_threads() -> list[Thread]:
    """Give every thread, in the order of the files."""
    return [_thread(one) for file in sorted((HERE / "threads").glob("*.yaml")) if file.name != OUTAGE for one in _read(file)]


def read_outage() -> dict[str, Any]:
    """Give what is said in the outage."""
    return dict(_read(HERE / "threads" / OUTAGE))


def read_people() -> dict[str, Any]:
    """Give the staff, the requesters and the shifts."""
    return dict(_read(HERE / "people.yaml"))


def _read(file: Path) -> Any:
    return yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 -- both loaders are the safe one


def _thread(raw: dict[str, Any]) -> Thread:
    return Thread(
        key=raw["key"],
        talk=tuple(raw["talk"]),
        about=raw["about"],
        queue=raw.get("in", "support"),
        lang=raw.get("lang", "en"),
        priority=raw.get("prio", 3),
        times=raw.get("times", 1),
    )


class Words:
    """The words that fill the gaps of a thread, drawn so that no two openings read alike."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.pools: dict[str, list[str]] = _read(HERE / "pools.yaml")
        self.used: set[str] = set()

    def draw(self, **fixed: str) -> dict[str, str]:
        """Draw a word for each gap."""
        random = self.random
        return {
            **{name: random.choice(pool) for name, pool in self.pools.items()},
            "item": f"itm_{random.getrandbits(40):010x}",
            "case": f"AP-{random.randint(20_000, 99_999)}",
            "account": f"@{random.choice(_FIRST_HALVES)}_{random.choice(_SECOND_HALVES)}{random.randint(2, 998)}",
            "hash": f"{random.getrandbits(64):016x}",
            "time": f"{random.randint(6, 22):02}:{random.choice((5, 10, 20, 35, 40, 50)):02}",
            "n": str(random.randint(6, 58)),
            **fixed,
        }

    def unique(self, openings: list[str], **fixed: str) -> tuple[str, dict[str, str]] | None:
        """Give an opening nobody has written yet, with its words; None when a thread without gaps is used up."""
        for _try in range(12):
            text, words = self.random.choice(openings), self.draw(**fixed)
            filled = text.format(**words)
            if filled not in self.used:
                self.used.add(filled)
                return filled, words
        return None
