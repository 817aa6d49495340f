"""`python -m bench.chat`: from a chat to an agent's screen and back, through a real homeserver.

Two gates on loopback, in front of the desk and in front of the homeserver, note when each request came. What lies between the
homeserver's call and the agent's screen, and between the agent's reply and the desk's call, is the desk's own share of the way.
"""

import argparse
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.alone import desk_alone

WITHIN = 60.0
AT_ONCE, EACH = 8, 25


def main() -> int:
    """Measure on a database, a desk and a homeserver of this run alone, removed afterwards."""
    parser = argparse.ArgumentParser(prog="python -m bench.chat", description=__doc__)
    parser.add_argument("--samples", type=int, default=60, help="how often each way is timed")
    wanted = parser.parse_args()
    with desk_alone("chat-") as (folder, _server):
        told = _run(folder, wanted.samples)
    sys.stdout.write(json.dumps(told, indent=2) + "\n")
    return 0


def _run(folder: Path, samples: int) -> dict[str, Any]:
    import django  # noqa: PLC0415 -- after the environment names the database

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 -- app ready

    call_command("migrate", verbosity=0)
    from bench.site import Site  # noqa: PLC0415 -- app ready

    with Site(folder) as site, _homeserver(folder, site) as (server, at_desk, at_server):
        people = [_asks(server, number) for number in range(AT_ONCE)]
        agent = _agent(site)
        agent.get("/tickets/")
        _warm(people)
        sys.stderr.write("Measuring …\n")
        inward = [_inward(agent, people[number % AT_ONCE], at_desk, number) for number in range(samples)]
        outward = [_outward(agent, people[number % AT_ONCE], at_server, number) for number in range(samples)]
        return {
            "samples": samples,
            "from_a_chat_to_a_screen_ms": {"whole": _spread(inward, 0), "own_share": _spread(inward, 1)},
            "from_a_reply_to_a_chat_ms": {"whole": _spread(outward, 0), "own_share": _spread(outward, 1)},
            f"{AT_ONCE * EACH}_messages_{AT_ONCE}_at_once": _burst(people),
        }


@contextmanager
def _homeserver(folder: Path, site: Any) -> Iterator[Any]:
    from steward.channels.actions.accounts import create_channel  # noqa: PLC0415 -- app ready
    from steward.core import clock  # noqa: PLC0415 -- app ready
    from steward.desk.actions.settings import set_hold_time  # noqa: PLC0415 -- app ready
    from steward.desk.actions.starting import start_desk  # noqa: PLC0415 -- app ready
    from steward.people.actor import system  # noqa: PLC0415 -- app ready
    from tests.between import Between  # noqa: PLC0415 -- a homeserver as the tests run it
    from tests.homeserver import NAME, served  # noqa: PLC0415 -- as above

    setup, gates = system("bench"), []
    start_desk(by=setup, at=clock.now())
    set_hold_time(channel="matrix", seconds=0, by=setup, at=clock.now())

    def desk(server: Any) -> str:
        gates.extend([Between(f"http://127.0.0.1:{site.port}"), Between(server.address)])
        channel = create_channel(
            kind="matrix",
            name="Chat",
            settings={"homeserver_url": gates[1].address, "server_name": NAME, "quiet_seconds": 0},
            secrets={"as_token": server.as_token, "hs_token": server.hs_token},
            by=setup,
            at=clock.now(),
        )
        return f"{gates[0].address}/channels/matrix/{channel.pk}"

    try:
        with served(folder / "synapse", desk) as server:
            yield server, gates[0], gates[1]
    finally:
        for gate in gates:
            gate.stop()


class Asker:
    """Somebody with a ticket of theirs, in a private chat."""

    def __init__(self, client: Any, chat: str, ticket: Any) -> None:
        self.client, self.chat, self.ticket = client, chat, ticket

    def bodies(self) -> list[str]:
        """Give what they said on their ticket, in order."""
        from steward.desk.models import Message  # noqa: PLC0415 -- app ready

        said = Message.objects.filter(ticket=self.ticket, author_kind="requester").order_by("id")
        return list(said.values_list("body", flat=True))


def _asks(server: Any, number: int) -> Asker:
    from steward.desk.models import Ticket  # noqa: PLC0415 -- app ready

    client = server.person(f"Mara{number}")
    chat = client.direct()
    client.waits_for(chat, "Hello!")
    question = f"The queue of market {number} is empty"
    client.say(chat, question)
    _until(lambda: Ticket.objects.filter(subject=question).exists())
    client.waits_for(chat, "Received as")
    return Asker(client, chat, Ticket.objects.get(subject=question))


def _agent(site: Any) -> Any:
    from bench.site import Client  # noqa: PLC0415 -- app ready
    from steward.core import clock  # noqa: PLC0415 -- app ready
    from steward.people.actions import add_user  # noqa: PLC0415 -- app ready
    from steward.people.actor import system  # noqa: PLC0415 -- app ready

    user = add_user(email="ada@desk.example", name="Ada", roles=["agent"], by=system("bench"), at=clock.now())
    return Client(site, user)


def _warm(people: list[Asker]) -> None:
    for asker in people:
        asker.client.say(asker.chat, "Is anybody there?")
    _until(lambda: all(len(asker.bodies()) > 1 for asker in people))


def _inward(agent: Any, asker: Asker, at_desk: Any, number: int) -> tuple[float, float]:
    """Have somebody write; give how long until the agent's page shows it, and how much of that was the desk's."""
    words, shown = f"Still nothing, {number}", threading.Event()
    seen: list[float] = []
    stream = agent.stream(f"/live?topics=ticket:{asker.ticket.pk}")

    def follow() -> None:
        # As the page does: told that the ticket changed, it asks for what it shows.
        while not shown.is_set():
            line = stream.readline()
            if line.startswith(b"data: ") and b"topics" in line and words.encode() in _plain(agent, asker):
                seen.append(time.perf_counter())
                shown.set()

    page = threading.Thread(target=follow)
    page.start()
    time.sleep(0.3)
    at_desk.came.clear()
    started = time.perf_counter()
    asker.client.say(asker.chat, words)
    if not shown.wait(WITHIN):
        raise RuntimeError("it was never shown")
    page.join()
    stream.close()
    came = next(at for at, _path, body in at_desk.came if words.encode() in body)
    return (seen[0] - started) * 1000, (seen[0] - came) * 1000


def _plain(agent: Any, asker: Asker) -> bytes:
    import gzip  # noqa: PLC0415 -- here alone

    content: bytes = agent.get(f"/tickets/{asker.ticket.pk}/live/")
    return gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content


def _outward(agent: Any, asker: Asker, at_server: Any, number: int) -> tuple[float, float]:
    """Have the agent reply; give how long until it stands in the chat, and how much of that was the desk's."""
    from bench.site import token  # noqa: PLC0415 -- app ready

    words = f"We are on it, {number}"
    # One message after the other, as in a talk: the pace of the vendor is not what is measured.
    time.sleep(0.2)
    at_server.came.clear()
    started = time.perf_counter()
    agent.post(f"/tickets/{asker.ticket.pk}/replies/", {"body": words, "then": "", "client_token": token(), "anyway": "1"})
    _until(lambda: any(words.encode() in body for _at, _path, body in list(at_server.came)), pause=0.001)
    went = next(at for at, _path, body in at_server.came if words.encode() in body)
    _until(lambda: any(words in one for one in asker.client.texts(asker.chat)[-3:]), pause=0.005)
    return (time.perf_counter() - started) * 1000, (went - started) * 1000


def _burst(people: list[Asker]) -> dict[str, Any]:
    """Have everybody write at once; say how long until all stands there, and whether each is there once and in order."""
    before = {asker.ticket.pk: len(asker.bodies()) for asker in people}
    threads = [threading.Thread(target=_talk, args=(asker,)) for asker in people]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = time.perf_counter()
    _until(lambda: all(len(asker.bodies()) - before[asker.ticket.pk] >= EACH for asker in people))
    done = time.perf_counter()
    time.sleep(1)
    expected = [f"Word {number}" for number in range(EACH)]
    in_order = all(asker.bodies()[before[asker.ticket.pk] :] == expected for asker in people)
    return {"sent_s": round(sent - started, 2), "taken_in_s": round(done - started, 2), "all_once_and_in_order": in_order}


def _talk(asker: Asker) -> None:
    for number in range(EACH):
        asker.client.say(asker.chat, f"Word {number}")


def _until(ready: Callable[[], bool], *, pause: float = 0.05) -> None:
    deadline = time.monotonic() + WITHIN
    while not ready():
        if time.monotonic() > deadline:
            raise RuntimeError("it did not come")
        time.sleep(pause)


def _spread(rows: list[tuple[float, float]], column: int) -> dict[str, float]:
    ordered = sorted(row[column] for row in rows)
    return {
        "p50": round(ordered[len(ordered) // 2], 1),
        "p95": round(ordered[int(len(ordered) * 0.95)], 1),
        "max": round(ordered[-1], 1),
    }


if __name__ == "__main__":
    sys.exit(main())
