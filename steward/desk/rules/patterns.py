"""A small grammar for how a value must look: `A` a letter, `9` a digit, `*` either, the rest as written.

`{2,4}` behind a sign says how often it may stand, `?` that it may be missing, and a backslash takes the next sign as written.
`AA-9{3,6}` takes `KX-20471`. Unlike a regular expression no pattern can take long: it is one step of a set of places per character.
"""

from dataclasses import dataclass

from steward.core.errors import Invalid
from steward.core.errors import marked as _

LONGEST_PATTERN = 120
MOST_TIMES = 200
_CLASSES = frozenset("A9*")


@dataclass(frozen=True)
class Sign:
    """One sign of a pattern: a class or a character as written, and how often it may stand."""

    text: str
    literal: bool
    least: int = 1
    most: int = 1

    def takes(self, character: str) -> bool:
        """Tell whether a character is one of those this sign stands for."""
        if self.literal:
            return character == self.text
        if self.text == "A":
            return character.isalpha()
        if self.text == "9":
            return character.isascii() and character.isdigit()
        return character.isalnum()


def read_pattern(pattern: str) -> tuple[Sign, ...]:
    """Read a pattern into its signs; raises `Invalid` that says where it cannot be read."""
    if len(pattern) > LONGEST_PATTERN:
        raise _unreadable(_("A pattern has at most %(most)s characters."), most=LONGEST_PATTERN)
    signs: list[Sign] = []
    place = 0
    while place < len(pattern):
        character, literal = pattern[place], pattern[place] not in _CLASSES
        if character in "{}?":
            raise _unreadable(_("“%(sign)s” at place %(place)s follows no sign."), sign=character, place=place + 1)
        place += 1
        if character == "\\":
            if place == len(pattern):
                raise _unreadable(_("The pattern ends in a backslash."))
            character, literal, place = pattern[place], True, place + 1
        least, most, place = _times(pattern, place)
        signs.append(Sign(character, literal, least, most))
    return tuple(signs)


def _times(pattern: str, place: int) -> tuple[int, int, int]:
    if pattern[place : place + 1] == "?":
        return 0, 1, place + 1
    if pattern[place : place + 1] != "{":
        return 1, 1, place
    end = pattern.find("}", place)
    least, comma, most = pattern[place + 1 : end].partition(",") if end > 0 else ("", "", "")
    most = most if comma else least
    if not all(part.isascii() and part.isdigit() for part in (least, most)):
        raise _unreadable(_("“{” at place %(place)s needs a number, as in {3} or {2,5}."), place=place + 1)
    if not 0 <= int(least) <= int(most) <= MOST_TIMES:
        raise _unreadable(_("“{” at place %(place)s: from few to many, at most %(most)s."), place=place + 1, most=MOST_TIMES)
    return int(least), int(most), end + 1


def fits(pattern: tuple[Sign, ...], text: str) -> bool:
    """Tell whether a whole text is as the pattern says."""
    places = _beyond(pattern, {(0, 0)})
    for character in text:
        stepped = {
            (index, count + 1)
            for index, count in places
            if index < len(pattern) and count < pattern[index].most and pattern[index].takes(character)
        }
        if not stepped:
            return False
        places = _beyond(pattern, stepped)
    return any(index == len(pattern) for index, _count in places)


def _beyond(pattern: tuple[Sign, ...], places: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Add the places that are reached without another character."""
    found = set(places)
    waiting = list(places)
    while waiting:
        index, count = waiting.pop()
        if index < len(pattern) and count >= pattern[index].least and (index + 1, 0) not in found:
            found.add((index + 1, 0))
            waiting.append((index + 1, 0))
    return found


def _unreadable(message: str, **values: object) -> Invalid:
    return Invalid(
        message, values=values or None, field="pattern", hint=_("A is a letter, 9 a digit, * either; write others as they are.")
    )
