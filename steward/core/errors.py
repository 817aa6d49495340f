"""What an action raises when it cannot act: said in words a person can use, and turned into an answer in one place."""

from collections.abc import Callable, Mapping


def marked(text: str) -> str:
    """Mark a text for translation where Django must not be imported; it is translated when it is read."""
    return text


class _Words:
    translate: Callable[[str], str] = staticmethod(marked)


def speak_by(translate: Callable[[str], str]) -> None:
    """Have messages marked in pure code translated by this function; called once, by whoever knows languages."""
    _Words.translate = staticmethod(translate)


def translated(text: str) -> str:
    """Say a text that was marked in pure code in the language of whoever is asking."""
    return _Words.translate(text)


def spoken(text: str, values: Mapping[str, object] | None = None) -> str:
    """Say a text that pure code marked, filled and in the language of whoever reads now."""
    said = _Words.translate(text)
    return said % values if values else said


class DomainError(Exception):
    """A request that cannot be carried out; nothing was written.

    `code` is stable for scripts, the message says what happened, `hint` what to do next. `values` fill a message
    that is marked in pure code and so translated only here; a text translated already is left as it is.
    """

    code = "refused"

    def __init__(self, message: str, *, hint: str = "", values: Mapping[str, object] | None = None) -> None:
        self.message = spoken(message, values)
        self.hint = _Words.translate(hint) if hint else ""
        super().__init__(self.message)


class NotAllowed(DomainError):
    """The actor lacks the permission; also raised for what the actor may not know to exist."""

    code = "not_allowed"


class NotFound(DomainError):
    """There is no such thing, or the actor may not see it: the two are told alike on purpose."""

    code = "not_found"


class Invalid(DomainError):
    """A value cannot be accepted; `field` names the input it came in."""

    code = "invalid"

    def __init__(self, message: str, *, field: str = "", hint: str = "", values: Mapping[str, object] | None = None) -> None:
        super().__init__(message, hint=hint, values=values)
        self.field = field


class Conflict(DomainError):
    """Somebody else changed the same thing first; both values are carried so that the person can choose."""

    code = "conflict"

    def __init__(
        self,
        message: str,
        *,
        field: str = "",
        theirs: object = None,
        yours: object = None,
        hint: str = "",
    ) -> None:
        super().__init__(message, hint=hint)
        self.field = field
        self.theirs = theirs
        self.yours = yours
