"""What people do, over HTTP, through the whole application: session, permissions, rules, events, search row, templates."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, cycle

from bench import words
from bench.data import Desk
from bench.drawing import drawn_filters
from bench.plain import Plain
from bench.site import Client, Site, token

HUNDRED, DRAWN = 100, 20
_numbers = count(1)


@dataclass(frozen=True)
class Operation:
    """One thing that is timed, and the same rows with plain SQL where that says anything."""

    key: str
    name: str
    run: Callable[[], object]
    plain: Callable[[], object] | None = None
    before: Callable[[], object] | None = None


class People:
    """An agent who sees three big queues, an engineer who sees one small one, and a requester."""

    def __init__(self, site: Site, desk: Desk) -> None:
        self.desk = desk
        self.agent, self.engineer, self.asker = (Client(site, user) for user in (desk.agent, desk.engineer, desk.asker))
        self._opened, self._answered = cycle(desk.talkative_ids), cycle(desk.talkative_ids[1::2])
        working = desk.working_ids
        self._hundreds = cycle([working[place : place + HUNDRED] for place in range(0, len(working) - HUNDRED, HUNDRED)])
        self._run = ""

    def view(self, **query: str) -> Callable[[], bytes]:
        """Draw a list."""
        return lambda: self.agent.get("/tickets/", **query)

    def search(self, said: str, *, as_engineer: bool = False) -> Callable[[], bytes]:
        """Look for words."""
        client = self.engineer if as_engineer else self.agent
        return lambda: client.get("/tickets/", q=said)

    def open_ticket(self) -> None:
        """Draw a ticket with eight messages, another one each time."""
        self.agent.get(f"/tickets/{next(self._opened)}/")

    def create(self) -> None:
        """Ask for help in the portal."""
        ask(self.asker)

    def reply(self) -> None:
        """Answer a ticket, another one each time."""
        values = {"body": "Please reload the page.", "client_token": token(), "anyway": "1"}
        self.agent.post(f"/tickets/{next(self._answered)}/replies/", values)

    def select(self) -> None:
        """Gather the next hundred tickets for a bulk change; what is timed is the change itself."""
        self.agent.post("/tickets/bulk/", {"id": next(self._hundreds), "client_token": token()})
        self._run = self.agent.location.partition("?")[0]

    def change(self, verb: str, **values: str) -> Callable[[], object]:
        """Do one thing to the tickets gathered, its other values in turn."""
        turns = {name: cycle(choices.split()) for name, choices in values.items()}
        return lambda: self.agent.post(
            f"{self._run}start/", {"verb": verb, **{f"0.{name}": next(turn) for name, turn in turns.items()}}
        )

    def my_shift(self) -> bytes:
        """Draw the start page."""
        return self.agent.get("/shift/")

    def get_next(self) -> None:
        """Take the next ticket."""
        self.agent.post("/tickets/next/")


def ask(asker: Client) -> None:
    """Send a new request."""
    asker.post("/portal/ask/", {"subject": "", "body": f"My queue is empty, number {next(_numbers)}.", "client_token": token()})


def operations(people: People, plain: Plain, *, seed: int) -> Iterator[Operation]:
    """List what is timed, in order."""
    yield Operation("my_shift", "My shift", people.my_shift)
    for view in ("mine", "unassigned", "open", "pending", "on_hold", "solved", "closed", "all"):
        yield Operation(f"view_{view}", f"Queue page: {view}", people.view(view=view), plain.queue_page if view == "open" else None)
    yield Operation("open_ticket", "Open ticket, 8 messages", people.open_ticket, plain.open_ticket)
    yield Operation("create", "Create", people.create, plain.create)
    yield Operation("reply", "Reply", people.reply, plain.reply)
    yield Operation("get_next", "Get next", people.get_next, plain.get_next)
    yield Operation("search_number", "Search: number", people.search(f"{people.desk.tickets - 3}"), plain.search)
    for who, as_engineer in (("three big queues", False), ("one small queue", True)):
        for key, said in (
            ("rare", words.RARE), ("common", words.COMMON), ("one in a hundred", words.MIDDLING), ("frequent pair", "stuck review"),
            ("prefix", "ba*"), ("Chinese pair", words.FREQUENT_PAIR), ("Chinese, four", words.RARER_CHINESE),
        ):  # fmt: skip
            run = people.search(said, as_engineer=as_engineer)
            yield Operation(f"search_{key}_{who}".replace(" ", "_"), f"Search: {key}, {who}", run)
    for place, said in enumerate(drawn_filters(seed, most=DRAWN), start=1):
        yield Operation(f"drawn_{place}", said, people.search(said))
    for verb, values in (("priority", {"priority": "2 4 1"}), ("assign", {"to": "me"}), ("add_tag", {"tag": "outage wave late"})):
        yield Operation(f"bulk_{verb}", f"Bulk change of 100: {verb}", people.change(verb, **values), before=people.select)
