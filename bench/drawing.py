"""Drawing lists nobody thought of: filters from the grammar itself, by a seed that is printed so that they can be drawn again."""

from collections.abc import Callable
from random import Random

from bench import words
from steward.desk.rules.filters.known import OPERATORS
from steward.desk.rules.filters.operators import Operator

# Names that the filled desk has, one it does not have, and rows by number.
_NAMES = {
    "from": ["Requester", "Requester 12", "nobody"], "in": ["Access", "Appeals", "Rules"], "assignee": ["me", "none", "Agent"],
    "tag": ["none", "outage"], "category": ["none"], "team": ["Reviewers"], "market": ["US", "IN"], "lang": ["en", "zh"],
}  # fmt: skip
_DAYS = ["today", "yesterday", "3d", "7d", "5w", "6mo", "1y", "2026-03", "2025-06-10"]
_MOST_PARTS = 4


def drawn_filters(seed: int, *, most: int) -> list[str]:
    """Draw so many different filters of one to four parts each: operators with their values, words, phrases, also negated."""
    by_chance, found = Random(seed), dict[str, None]()
    while len(found) < most:
        parts = [_part(by_chance) for _ in range(by_chance.randint(1, _MOST_PARTS))]
        found[" ".join(parts)] = None
    return list(found)


def _part(by_chance: Random) -> str:
    sign = "-" if by_chance.random() < 0.2 else ""  # noqa: PLR2004 -- one in five says what it does not want
    if by_chance.random() < 0.2:  # noqa: PLR2004 -- one in five is a word
        return sign + by_chance.choice([words.COMMON, words.MIDDLING, words.RARE, '"stuck review"', "ba*", words.FREQUENT_PAIR])
    operator = by_chance.choice([one for one in OPERATORS if _values(one)])
    values = by_chance.sample(_values(operator), k=min(by_chance.choice([1, 1, 1, 2]), len(_values(operator))))
    return f"{sign}{operator.name}:" + ",".join(f'"{value}"' if " " in value else value for value in values)


def _values(operator: Operator) -> list[str]:
    if operator.takes_days:
        return _DAYS
    return _NAMES.get(operator.name) or list(operator.choices)


def views(seed: int, draw: Callable[[str], Callable[[], bytes]], *, most: int = 20) -> list[tuple[str, str, Callable[[], bytes]]]:
    """Give the drawn lists as key, name and how each is asked for."""
    return [(f"drawn_{place}", said, draw(said)) for place, said in enumerate(drawn_filters(seed, most=most), start=1)]
