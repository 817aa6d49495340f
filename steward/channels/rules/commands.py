"""What a person can ask of the desk in a chat: words after a slash or an exclamation mark."""

import re
from dataclasses import dataclass

_COMMAND = re.compile(r"\A\s*[/!]([a-z][a-z-]*)(?:\s+(.*))?\s*\Z", re.DOTALL | re.IGNORECASE)
FOR_REQUESTERS = frozenset({"status", "mine", "resolve", "help"})
FOR_AGENTS = frozenset({"reply", "take", "pending", "solve", "resolve", "status", "mine", "queue", "follow-up", "help"})


@dataclass(frozen=True)
class Command:
    """A command and the words after it."""

    name: str
    rest: str = ""


def command_of(text: str, *, of_agent: bool = False) -> Command | None:
    """Read a text as a command; what is none of those known is ordinary words."""
    found = _COMMAND.match(text)
    if found is None:
        return None
    name = found[1].lower()
    return Command(name, (found[2] or "").strip()) if name in (FOR_AGENTS if of_agent else FOR_REQUESTERS) else None


_SPAN = re.compile(r"\A(?:in\s+)?(\d{1,4})\s*(m|min|h|d)\b\s*:?\s*(.*)\Z", re.DOTALL | re.IGNORECASE)
_MINUTES = {"m": 1, "min": 1, "h": 60, "d": 1440}


def span_and_words(text: str) -> tuple[int, str] | None:
    """Read "2h call them" as minutes and words; None where no span stands in front."""
    found = _SPAN.match(text)
    return (int(found[1]) * _MINUTES[found[2].lower()], found[3].strip()) if found else None
