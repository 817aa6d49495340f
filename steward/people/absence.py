"""Who is away from work: answered by the roster, which stands above and hands its answer down at start."""

from collections.abc import Callable, Collection
from datetime import datetime

Asked = Callable[[Collection[int], datetime], set[int]]
_answers: list[Asked] = []


def declare_absence(answer: Asked) -> None:
    """Have this asked who of some users is off shift at an instant."""
    if answer not in _answers:
        _answers.append(answer)


def off_shift(user_ids: Collection[int], at: datetime) -> set[int]:
    """Give those of the users who are off shift; nobody, on a desk without a roster."""
    found: set[int] = set()
    for answer in _answers:
        found |= answer(user_ids, at)
    return found
