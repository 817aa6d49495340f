"""What a custom field takes: reading a value from a form or a file, and judging it."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import urlsplit

from steward.core.errors import Invalid, translated
from steward.core.errors import marked as _
from steward.core.text import clean, is_blank, one_line
from steward.desk.rules.patterns import fits, read_pattern

Value = str | int | float | bool | list[int] | None
LONGEST_TEXT, LONGEST_LONG_TEXT, LONGEST_LINK = 500, 10_000, 2_000
LARGEST = 10**15
DECIMALS = 6


class Kind(StrEnum):
    """What a field holds; fixed once the field is made."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    ONE_OF = "one_of"
    MANY_OF = "many_of"
    PERSON = "person"
    LINK = "link"


WRITTEN = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.LINK})
CHOSEN = frozenset({Kind.ONE_OF, Kind.MANY_OF})


@dataclass(frozen=True)
class Option:
    """One of the values to choose from; a retired one stays where it was chosen."""

    id: int
    name: str
    is_active: bool = True


@dataclass(frozen=True)
class Definition:
    """A field as it is asked: what it holds, what it takes, and when it must be filled."""

    id: int
    name: str
    kind: Kind
    help: str = ""
    default: Value = None
    pattern: str = ""
    lowest: str = ""
    highest: str = ""
    asks_requester: bool = False
    required_at_open: bool = False
    required_at_solve: bool = False
    options: tuple[Option, ...] = ()

    @property
    def input(self) -> str:
        """Name the input of this field in every form."""
        return f"field-{self.id}"

    def names_of(self, value: Value) -> str:
        """Say a value in words: options and people by their names."""
        if value is None:
            return ""
        if self.kind in CHOSEN or self.kind == Kind.PERSON:
            names = {option.id: option.name for option in self.options}
            return ", ".join(names.get(one, "?") for one in (value if isinstance(value, list) else [value]) if isinstance(one, int))
        if isinstance(value, bool):
            return translated(_("yes") if value else _("no"))
        return f"{value:.15g}" if isinstance(value, float) else str(value)

    def raw_of(self, value: Value) -> list[str]:
        """Write a value as a form sends it, from which `read` reads it back."""
        if value is None:
            return []
        if isinstance(value, bool):
            return ["yes" if value else "no"]
        if isinstance(value, list):
            return [str(one) for one in value]
        return [f"{value:.15g}" if isinstance(value, float) else str(value)]


def told(kind: str, value: Value) -> Value:
    """Give a value as the ledger may keep it: of what somebody wrote, only that there is something."""
    return "given" if kind in WRITTEN and value is not None else value


def read(definition: Definition, raw: Sequence[str]) -> Value:
    """Read what a form sent as a value of the field; nothing is None. Raises `Invalid` for what is no such value."""
    given = [one for one in raw if not is_blank(one)]
    if not given:
        return None
    if definition.kind == Kind.MANY_OF:
        return sorted({_id(definition, one) for one in given})
    reader = _READERS.get(definition.kind, _id)
    return reader(definition, given[-1])


def read_named(definition: Definition, text: str) -> Value:
    """Read a value as people write it in a file or a search: options and people by name, several with a semicolon between."""
    if is_blank(text):
        return None
    if definition.kind not in CHOSEN and definition.kind != Kind.PERSON:
        return read(definition, [text])
    parts = text.split(";") if definition.kind == Kind.MANY_OF else [text]
    known = {option.name.casefold(): option.id for option in definition.options if option.is_active}
    found = []
    for part in (" ".join(one.split()) for one in parts if not is_blank(one)):
        if part.casefold() not in known:
            raise _refused(
                definition,
                _("“%(name)s” is no choice of %(field)s."),
                name=part[:60],
                hint=_("Known are the choices under Settings, Fields."),
            )
        found.append(known[part.casefold()])
    return sorted(set(found)) if definition.kind == Kind.MANY_OF else found[0]


def checked(definition: Definition, value: Value, *, current: Value = None) -> Value:
    """Judge a value that was read; what stands there already may stay, even when an option was retired since.

    Raises `Invalid` that names the input and says what would fit.
    """
    if value is None or value == current:
        return value
    match definition.kind:
        case Kind.NUMBER:
            _within(definition, float(value), _("%(field)s: at least %(least)s."), _("%(field)s: at most %(most)s."))  # type: ignore[arg-type]
        case Kind.DATE:
            _between_days(definition, str(value))
        case Kind.ONE_OF | Kind.PERSON:
            _offered(definition, [value], kept=[current])
        case Kind.MANY_OF:
            assert isinstance(value, list)
            _offered(definition, value, kept=current if isinstance(current, list) else [])
            _within(definition, len(value), _("%(field)s: choose at least %(least)s."), _("%(field)s: choose at most %(most)s."))
        case Kind.YES_NO:
            pass
        case _:
            _written(definition, str(value))
    return value


def missing(definitions: Iterable[tuple[Definition, Value]], *, at_open: bool = False) -> list[Definition]:
    """Give the fields that must be filled before a ticket is solved, or opened, and are not."""
    return [
        definition
        for definition, value in definitions
        if value is None and (definition.required_at_open if at_open else definition.required_at_solve)
    ]


def bounds_fit(kind: Kind, lowest: str, highest: str) -> None:
    """Judge the bounds of a field; raises `Invalid` for what is no bound of this kind and for a lowest above the highest."""
    bound = Definition(id=0, name="", kind=kind)
    if kind == Kind.DATE:
        read_bounds: list[object] = [_date(bound, one) if one else None for one in (lowest, highest)]
    elif kind in {Kind.NUMBER, Kind.TEXT, Kind.LONG_TEXT, Kind.MANY_OF}:
        read_bounds = [_number(bound, one) if one else None for one in (lowest, highest)]
    else:
        read_bounds = [one or None for one in (lowest, highest)]
        if any(read_bounds):
            raise Invalid(_("A field of this kind has no bounds."), field="lowest", hint=_("Leave them empty."))
    if None not in read_bounds and read_bounds[0] > read_bounds[1]:  # type: ignore[operator]
        raise Invalid(_("The lowest is above the highest."), field="lowest", hint=_("Exchange the two."))


def _refused(definition: Definition, message: str, *, hint: str = "", **values: object) -> Invalid:
    return Invalid(message, values={"field": definition.name, **values}, field=definition.input, hint=hint)


def _number(definition: Definition, text: str) -> int | float:
    plain = text.strip().replace("\u2212", "-").replace("\u00a0", "").replace(" ", "")
    try:
        found = float(plain) if plain.isascii() and "_" not in plain else math.nan
    except ValueError:
        found = math.nan
    if not math.isfinite(found) or abs(found) > LARGEST:
        raise _refused(
            definition, _("%(field)s: “%(text)s” is not a number."), text=text[:50], hint=_("Write it like 1042 or 0.5.")
        )
    found = round(found, DECIMALS)
    return int(found) if found == int(found) else found


def _date(definition: Definition, text: str) -> str:
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        hint = _("Write it like 2026-03-02.")
        raise _refused(definition, _("%(field)s: “%(text)s” is not a date."), text=text[:50], hint=hint) from None


def _line(definition: Definition, text: str) -> str:
    return one_line(clean(text, max_length=LONGEST_LONG_TEXT, field=definition.input), max_length=LONGEST_LONG_TEXT)


def _lines(definition: Definition, text: str) -> str:
    return clean(text, max_length=LONGEST_LONG_TEXT, field=definition.input)


_WORDS = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False, "y": True, "n": False, "on": True}


def _yes_or_no(definition: Definition, text: str) -> bool:
    if (known := _WORDS.get(text.strip().lower())) is None:
        raise _refused(definition, _("%(field)s is yes or no."), hint=_("Write yes or no."))
    return known


def _id(definition: Definition, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 18):  # noqa: PLR2004 -- what fits a bigint
        raise _refused(definition, _("%(field)s: that is not one of the choices."), hint=_("Reload the page: it may have changed."))
    return int(text)


_READERS: dict[Kind, Callable[[Definition, str], Value]] = {
    Kind.TEXT: _line,
    Kind.LINK: _line,
    Kind.LONG_TEXT: _lines,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.YES_NO: _yes_or_no,
}


def _offered(definition: Definition, wanted: Sequence[object], *, kept: Sequence[object]) -> None:
    offered = {option.id for option in definition.options if option.is_active}
    if not all(one in offered or one in kept for one in wanted):
        raise _refused(definition, _("%(field)s: that is not one of the choices."), hint=_("Reload the page: it may have changed."))


def _within(definition: Definition, size: float, too_low: str, too_high: str) -> None:
    if definition.lowest and size < float(definition.lowest):
        raise _refused(definition, too_low, least=definition.lowest)
    if definition.highest and size > float(definition.highest):
        raise _refused(definition, too_high, most=definition.highest)


def _between_days(definition: Definition, day: str) -> None:
    if definition.lowest and day < definition.lowest:
        raise _refused(definition, _("%(field)s: not before %(day)s."), day=definition.lowest)
    if definition.highest and day > definition.highest:
        raise _refused(definition, _("%(field)s: not after %(day)s."), day=definition.highest)


def _written(definition: Definition, text: str) -> None:
    longest = {Kind.TEXT: LONGEST_TEXT, Kind.LINK: LONGEST_LINK}.get(definition.kind, LONGEST_LONG_TEXT)
    if len(text) > longest:
        raise _refused(definition, _("%(field)s: at most %(most)s characters fit."), most=longest)
    if definition.kind == Kind.LINK:
        _is_link(definition, text)
        return
    _within(
        definition,
        len(text),
        _("%(field)s: at least %(least)s characters."),
        _("%(field)s: at most %(most)s characters fit."),
    )
    if definition.pattern and not fits(read_pattern(definition.pattern), text):
        raise _refused(
            definition,
            _("%(field)s must look like %(pattern)s."),
            pattern=definition.pattern,
            hint=_("A is a letter, 9 a digit, * either; write others as they are."),
        )


def _is_link(definition: Definition, text: str) -> None:
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or any(character.isspace() for character in text):
        raise _refused(definition, _("%(field)s is not a web address."), hint=_("Write it like https://example.com/page."))
