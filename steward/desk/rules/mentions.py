"""Who is named in a note: `@` and a name as it is written here, the longest that fits."""

import re
from collections.abc import Iterable

_SIGN = re.compile(r"(?<![\w@.])@")
MOST = 50


def named_in(text: str, names: Iterable[str]) -> list[str]:
    """Give the names that stand behind an `@` in a text, in the order of their first mention, each once.

    Upper and lower case are alike; a name ends where a word ends, so that `@Anna` does not name Ann.
    """
    by_length = sorted({name for name in names if name.strip()}, key=len, reverse=True)
    found: dict[str, None] = {}
    for sign in _SIGN.finditer(text):
        rest = text[sign.end() :]
        name = next((one for one in by_length if _begins(rest, one)), None)
        if name is not None:
            found[name] = None
        if len(found) >= MOST:
            break
    return list(found)


def _begins(rest: str, name: str) -> bool:
    head, after = rest[: len(name)], rest[len(name) : len(name) + 1]
    return head.casefold() == name.casefold() and not (after.isalnum() or after == "_")
