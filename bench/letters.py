"""`python -m bench.letters`: how many e-mails a second become tickets, and how long one takes to read."""

import argparse
import json
import random
import sys
import time
from dataclasses import asdict
from email.message import EmailMessage
from typing import Any

from bench.alone import desk_alone

# Bytes of the file in one letter of so many: most have none, a few a screenshot, one in fifty a large one.
FILES = [0] * 38 + [40_000] * 8 + [200_000] * 3 + [700_000]
AT_ONCE = 50


def main() -> int:
    """Measure on a server and in a folder of this run alone, removed afterwards."""
    parser = argparse.ArgumentParser(prog="python -m bench.letters", description=__doc__)
    parser.add_argument("--letters", type=int, default=1_000, help="how many come in")
    wanted = parser.parse_args()
    with desk_alone("letters-"):
        told = _run(wanted.letters)
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


def _run(count: int) -> dict[str, Any]:
    import django  # noqa: PLC0415 -- after the environment names the database

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 -- app ready

    from bench.data import make_people  # noqa: PLC0415 -- app ready
    from steward.channels.actions.accounts import create_channel  # noqa: PLC0415 -- app ready
    from steward.core import clock  # noqa: PLC0415 -- app ready
    from steward.people.actor import system  # noqa: PLC0415 -- app ready

    call_command("migrate", verbosity=0)
    make_people(clock.now())
    letters = [_letter(number) for number in range(count)]
    channel = create_channel(
        kind="email", name="Help", settings={"address": "help@desk.example"}, secrets={}, by=system("bench"), at=clock.now()
    )
    return {
        "letters": count,
        "megabytes": round(sum(map(len, letters)) / 1e6, 1),
        "read_ms": _read(letters),
        **_taken_in(channel.pk, letters),
    }


def _read(letters: list[bytes]) -> dict[str, float]:
    """Take the time of reading a letter and trimming what it says."""
    from bench.measure import timing  # noqa: PLC0415 -- app ready
    from steward.channels.email.reading import read_mail  # noqa: PLC0415 -- app ready
    from steward.channels.email.trimming import trim_reply  # noqa: PLC0415 -- app ready

    took = []
    for letter in letters:
        started = time.perf_counter()
        trim_reply(read_mail(letter).text)
        took.append((time.perf_counter() - started) * 1_000)
    return {name: value for name, value in asdict(timing(took)).items() if value is not None}


def _taken_in(channel_id: int, letters: list[bytes]) -> dict[str, float]:
    """Keep letters as whoever fetches them does, and make tickets of them as the worker does, one after the other."""
    from steward.channels.actions.arriving import keep  # noqa: PLC0415 -- app ready
    from steward.channels.actions.hearing import hear  # noqa: PLC0415 -- app ready
    from steward.channels.email.letters import arrival_of  # noqa: PLC0415 -- app ready
    from steward.core import clock  # noqa: PLC0415 -- app ready
    from steward.desk.models import Ticket  # noqa: PLC0415 -- app ready

    started, used = time.perf_counter(), time.process_time()
    for first in range(0, len(letters), AT_ONCE):
        arrivals = [arrival_of(one) for one in letters[first : first + AT_ONCE]]
        keep(channel_id=channel_id, arrivals=arrivals, at=clock.now())
    kept = time.perf_counter() - started
    hear(channel_id=channel_id, now=clock.now, seconds=3_600)
    took = time.perf_counter() - started
    if Ticket.objects.filter(channel="email").count() != len(letters):
        raise RuntimeError("not every letter became a ticket")
    return {
        "kept_a_second": round(len(letters) / kept, 1),
        "tickets_a_second": round(len(letters) / took, 1),
        # Of this process alone; the database's is not in it.
        "cpu_ms_each": round((time.process_time() - used) * 1_000 / len(letters), 1),
    }


def _letter(number: int) -> bytes:
    drawn = random.Random(number)
    words = " ".join(
        drawn.choices(["queue", "console", "empty", "reload", "market", "slow", "since", "morning", "看不到", "部署"], k=120)
    )
    letter = EmailMessage()
    letter["From"] = f"Person {number} <person{number}@people.example>"
    letter["To"], letter["Subject"] = "help@desk.example", f"Question {number}"
    letter["Message-ID"] = f"<{number}@people.example>"
    letter["Received"] = "from mail.people.example by mx.desk.example; Mon, 02 Mar 2026 10:00:00 +0000"
    letter.set_content(f"{words}\n\n-- \nPerson {number}\n")
    letter.add_alternative(f"<html><body><div>{words}</div><table><tr><td>{words}</td></tr></table></body></html>", subtype="html")
    size = FILES[number % len(FILES)]
    if size:
        letter.add_attachment(drawn.randbytes(size), maintype="application", subtype="octet-stream", filename="core.dump")
    return letter.as_bytes()


if __name__ == "__main__":
    sys.exit(main())
