"""What an admin is asked for when a channel is set up, and what of it cannot be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Literal
from urllib.parse import urlsplit

from steward.core.errors import Invalid, marked

Value = str | float | bool
LONGEST_VALUE = 2_000
MOST_NUMBER = 1_000_000


@dataclass(frozen=True)
class Setting:
    """One thing to fill in. A secret is kept apart and never shown again; `usual` is what counts where nothing is given.

    Labels and hints are texts, or texts that are translated when they are read.
    """

    name: str
    label: object
    hint: object = ""
    form: Literal["line", "address", "number", "yes", "choice"] = "line"
    choices: tuple[tuple[str, object], ...] = ()
    usual: Value = ""
    is_secret: bool = False
    is_needed: bool = False


def split(asked: Sequence[Setting]) -> tuple[list[Setting], list[Setting]]:
    """Give what is shown and what is secret of what is asked."""
    return [one for one in asked if not one.is_secret], [one for one in asked if one.is_secret]


def checked(asked: Sequence[Setting], given: Mapping[str, Any]) -> dict[str, Value]:
    """Give what was filled in, in the form it has; raises `Invalid` for what was not asked or cannot be."""
    known = {one.name: one for one in asked}
    values: dict[str, Value] = {}
    for name, value in given.items():
        if name not in known:
            there = ", ".join(known) or "-"
            raise Invalid(
                marked("This kind of channel has no setting %(name)s: it has %(there)s."),
                field=name,
                values={"name": name[:80], "there": there},
            )
        values[name] = _checked(known[name], value)
    return values


def missing(asked: Sequence[Setting], given: Mapping[str, Any]) -> Setting | None:
    """Give the first that is needed and not there."""
    return next((one for one in asked if one.is_needed and not str(given.get(one.name) or "").strip()), None)


def _checked(one: Setting, value: object) -> Value:
    if one.form == "yes":
        return value if isinstance(value, bool) else str(value).strip().lower() in {"1", "true", "yes", "on"}
    if one.form == "number":
        return _number(one, value)
    words = str(value).replace("\x00", "").strip()
    if len(words) > LONGEST_VALUE:
        raise Invalid(marked("This is too long: %(most)s characters at most."), field=one.name, values={"most": LONGEST_VALUE})
    if "\n" in words or "\r" in words:
        raise Invalid(marked("This has to be one line."), field=one.name)
    if one.form == "choice" and words and words not in {key for key, _label in one.choices}:
        can_be = ", ".join(key for key, _label in one.choices)
        raise Invalid(marked("This can be one of: %(choices)s."), field=one.name, values={"choices": can_be})
    if one.form == "address" and words:
        return _address(one, words)
    return words


def _number(one: Setting, value: object) -> Value:
    if value == "":
        return one.usual
    try:
        found = float(str(value))
    except ValueError:
        found = float("nan")
    if not isfinite(found) or not 0 <= found <= MOST_NUMBER:
        raise Invalid(marked("This has to be a number, not below zero."), field=one.name)
    return int(found) if found.is_integer() else found


def _address(one: Setting, words: str) -> str:
    try:
        parts = urlsplit(words)
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good or any(mark.isspace() for mark in words):
        raise Invalid(marked("This has to be an address such as https://chat.example."), field=one.name)
    return words.rstrip("/")
