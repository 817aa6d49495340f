"""A ticket's timeline as it is drawn: messages, lines between days, and events folded between messages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from steward.desk.models import Message
from steward.desk.queries.timeline import Entry, Through
from steward.web.shared.media import Eyes, File, drawn
from steward.web.ticket.wording import Names, Said, moved_away, say

# Who did it, where nobody did: the parts of the system have no name of their own.
_NAMELESS = frozenset({"system", "rule", "sync", "import", "bot", "macro"})


@dataclass(frozen=True)
class Line:
    """An event as drawn."""

    id: int
    at: datetime
    who: str
    said: Said


@dataclass
class Item:
    """One thing in the conversation: the start of a day, a message, or the events since the last message."""

    day: date | None = None
    message: Message | None = None
    author: str = ""
    detail: str = ""
    files: list[File] = field(default_factory=list)
    events: list[Line] = field(default_factory=list)

    @property
    def headline(self) -> Line:
        """Give the event that stands for a folded group: the last that matters, then the last that somebody did."""
        told = [line for line in self.events if not line.said.minor] or self.events
        return next((line for line in reversed(told) if line.said.tone), told[-1])


def items_of(entries: Iterable[Entry], *, names: Names, eyes: Eyes) -> list[Item]:
    """Fold the entries of a timeline into what is drawn; none is lost."""
    items: list[Item] = []
    today: date | None = None
    for entry in entries:
        if (day := timezone.localtime(entry.at).date()) != today:
            today = day
            items.append(Item(day=day))
        if entry.message is not None:
            items.append(replace(message_item(entry.message, eyes), detail=_detail(entry)))
            continue
        if not items[-1].events:
            items.append(Item())
        items[-1].events.append(_line(entry, names))
    return items


def items_of_messages(messages: Sequence[Message], eyes: Eyes) -> list[Item]:
    """Draw messages alone, for what lies before the newest ones."""
    return [message_item(message, eyes) for message in messages]


def message_item(message: Message, eyes: Eyes) -> Item:
    """Draw one message with its author and files."""
    author = message.author_user or message.requester
    who = str(author) if author else "Steward"
    files = [drawn(file, who=who, from_requester=message.from_requester, eyes=eyes) for file in message.files]
    return Item(message=message, author=who, files=files)


def _detail(entry: Entry) -> str:
    """Say what stands beside the author: the ticket it came from, and the macro or rule that wrote it."""
    return " · ".join(filter(None, [_origin(entry), through_words(entry.through)]))


def _origin(entry: Entry) -> str:
    if entry.message is not None and entry.message.shown_on_id is not None:
        return _("moved here from #%(number)s") % {"number": entry.message.ticket_id}
    return _("on #%(number)s") % {"number": entry.joined_from} if entry.joined_from else ""


def _line(entry: Entry, names: Names) -> Line:
    event = entry.event
    assert event is not None
    outside = names.parties.get(getattr(entry.fact, "conversation_id", 0), "") if event.actor_kind == "guest" else ""
    who = entry.who or outside or ("Steward" if event.actor_kind in _NAMELESS else _("Somebody"))
    said = moved_away(entry.moved_to) if entry.moved_to else say(event.kind, entry.fact, event.actor_id, names)
    if through := through_words(entry.through):
        said = replace(said, words=f"{said.words} · {through}")
    if entry.joined_from:
        said = replace(said, words=f"{said.words} (#{entry.joined_from})")
    return Line(event.id, entry.at, who, said)


def through_words(through: Through | None) -> str:
    """Say through which macro or rule something was done; nothing when a person did it by hand."""
    if through is None:
        return ""
    words = {"macro": _("by macro ‘%(name)s’ v%(version)s"), "rule": _("by rule ‘%(name)s’ v%(version)s")}
    return words[through.kind] % {"name": through.name, "version": through.version}
