"""Who looks at which ticket, and who writes on it: kept in the memory of each process, in no table, and forgotten by itself."""

from collections.abc import Iterator
from dataclasses import dataclass, field

# A page that is looked at says so more often than this.
FORGET_AFTER = 60.0
# Whoever stops typing says so; should that get lost, they stop soon all the same.
TYPING_FOR = 15.0
MODES = ("view", "note", "reply")
REQUESTER = "requester"


@dataclass(frozen=True)
class Seen:
    """Somebody at a ticket at this moment: in which of their tabs, and doing what; `mode` "left" ends it.

    `person` is the user's id; for the requester it is 0, and their only mode is `reply`.
    """

    ticket_id: int
    queue_id: int
    person: int
    name: str
    mode: str
    tab: str
    left: float = FORGET_AFTER

    def as_list(self) -> list[object]:
        """Give it as it travels between processes."""
        return [self.ticket_id, self.queue_id, self.person, self.name, self.mode, self.tab, round(self.left, 1)]


@dataclass
class _Person:
    name: str
    tabs: dict[str, tuple[str, float]] = field(default_factory=dict)

    def does(self) -> str:
        modes = {mode for mode, _until in self.tabs.values()}
        return max(modes, key=MODES.index) if modes else ""


@dataclass
class _Room:
    queue_id: int
    people: dict[int, _Person] = field(default_factory=dict)


def _later(mode: str, until: float, now: float, *, looks_on: bool) -> tuple[str, float] | None:
    if until > now:
        return mode, until
    # Whoever stopped typing without saying so is still looking, until that too is long ago.
    still = until + FORGET_AFTER - TYPING_FOR
    return ("view", still) if looks_on and mode != "view" and still > now else None


class Presence:
    """The rooms of all tickets that somebody is at."""

    def __init__(self) -> None:
        self._rooms: dict[int, _Room] = {}

    def hear(self, seen: Seen, *, now: float) -> bool:
        """Take in that somebody was seen, or left; True when what others see has changed by it."""
        before = self.people_at(seen.ticket_id)
        room = self._rooms.setdefault(seen.ticket_id, _Room(seen.queue_id))
        room.queue_id = seen.queue_id
        person = room.people.setdefault(seen.person, _Person(seen.name))
        person.name = seen.name
        if seen.mode in MODES:
            lasts = min(seen.left, FORGET_AFTER if seen.mode == "view" else TYPING_FOR)
            person.tabs[seen.tab] = (seen.mode, now + lasts)
        else:
            person.tabs.pop(seen.tab, None)
        self._tidy(seen.ticket_id)
        return self.people_at(seen.ticket_id) != before

    def expire(self, *, now: float) -> list[int]:
        """Forget whoever has not been seen for long; give the tickets where others see a difference."""
        changed = []
        for ticket_id, room in list(self._rooms.items()):
            before = self.people_at(ticket_id)
            for number, person in room.people.items():
                kept = ((tab, _later(mode, until, now, looks_on=number != 0)) for tab, (mode, until) in person.tabs.items())
                person.tabs = {tab: one for tab, one in kept if one is not None}
            self._tidy(ticket_id)
            if self.people_at(ticket_id) != before:
                changed.append(ticket_id)
        return changed

    def move(self, ticket_id: int, queue_id: int) -> bool:
        """Follow a ticket into another queue, so that only those who see that one hear on; True when somebody is there."""
        room = self._rooms.get(ticket_id)
        if room is None or room.queue_id == queue_id:
            return False
        room.queue_id = queue_id
        return True

    def queue_of(self, ticket_id: int) -> int:
        """Give the queue of a ticket that somebody is at, 0 for one where nobody is."""
        room = self._rooms.get(ticket_id)
        return room.queue_id if room else 0

    def people_at(self, ticket_id: int, *, but: int = -1) -> list[dict[str, object]]:
        """Give who is at a ticket, the loudest first, leaving one out."""
        room = self._rooms.get(ticket_id)
        found = [
            {"id": person, "name": one.name, "does": REQUESTER if person == 0 else one.does()}
            for person, one in (room.people.items() if room else ())
            if person != but
        ]
        order = [REQUESTER, *reversed(MODES)]
        return sorted(found, key=lambda one: (order.index(str(one["does"])), str(one["name"]).casefold(), str(one["id"])))

    def everybody(self, *, now: float) -> Iterator[Seen]:
        """Give everybody who is anywhere, for a process that has just started."""
        for ticket_id, room in self._rooms.items():
            for person, one in room.people.items():
                for tab, (mode, until) in one.tabs.items():
                    yield Seen(ticket_id, room.queue_id, person, one.name, mode, tab, until - now)

    def _tidy(self, ticket_id: int) -> None:
        room = self._rooms[ticket_id]
        room.people = {person: one for person, one in room.people.items() if one.tabs}
        if not room.people:
            del self._rooms[ticket_id]
