"""Which of several texts to use for somebody's language."""

from collections.abc import Iterable


def choose_language(available: Iterable[str], *wanted: str) -> str | None:
    """Choose among languages: the first wanted one, else its kin (`pt` for `pt-br`), else the text for all, else the first.

    The text for every language is the empty one. None when there is nothing to choose from.
    """
    known = sorted({language.lower() for language in available})
    for language in (one.lower() for one in wanted if one):
        if language in known:
            return language
        kin = [one for one in known if one and one.partition("-")[0] == language.partition("-")[0]]
        if kin:
            return min(kin, key=lambda one: (not language.startswith(one), len(one), one))
    if "" in known:
        return ""
    return known[0] if known else None
