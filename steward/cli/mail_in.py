"""`steward mail-in`: one raw e-mail from standard input, with the exit codes by which a mail server knows whether to try again."""

import json
import sys
from enum import IntEnum
from typing import TYPE_CHECKING, Annotated

import typer

from steward.core.errors import Invalid

if TYPE_CHECKING:
    from steward.channels.models import Channel


class Exit(IntEnum):
    """The codes of sysexits.h: kept, wrong usage, no message, and not now but later."""

    KEPT = 0
    USAGE = 64
    NO_MESSAGE = 65
    TRY_AGAIN = 75


class NoChannel(Exception):
    """No channel, or not one alone, is meant."""


def mail_in(
    channel: Annotated[str, typer.Option(help="The channel's name or number, where there are several for e-mail.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> int:
    """Keep one raw e-mail from standard input. Exit codes: 0 kept, 64 wrong usage, 65 no message, 75 try again later."""
    from steward.cli.mail import read_file  # noqa: PLC0415 -- slow import

    try:
        raw = read_file("-")
    except Invalid as error:
        return _say(Exit.NO_MESSAGE, error.message, as_json)
    try:
        return _keep(channel, raw, as_json=as_json)
    except NoChannel as error:
        return _say(Exit.USAGE, str(error), as_json)
    except Exception as error:  # noqa: BLE001 -- whatever fails here is not the letter's fault: it is brought again
        return _say(Exit.TRY_AGAIN, f"It could not be kept now ({type(error).__name__}). Try again later.", as_json)


def _keep(named: str, raw: bytes, *, as_json: bool) -> int:
    from steward.cli.preparation import open_database  # noqa: PLC0415 -- slow import

    open_database()
    from steward.channels.actions.arriving import keep  # noqa: PLC0415 -- app ready
    from steward.channels.email.letters import arrival_of  # noqa: PLC0415 -- app ready
    from steward.core import clock  # noqa: PLC0415 -- app ready

    found = _channel(named)
    new = keep(channel_id=found.pk, arrivals=[arrival_of(raw)], at=clock.now())
    told = {"channel": found.pk, "new": bool(new), "bytes": len(raw)}
    sys.stdout.write(json.dumps(told) + "\n" if as_json else ("Kept.\n" if new else "It was kept before.\n"))
    return Exit.KEPT


def _channel(named: str) -> "Channel":
    from steward.channels.queries.accounts import carried  # noqa: PLC0415 -- app ready

    channels = list(carried().filter(kind="email"))
    if not named and not channels:
        raise RuntimeError("no channel for e-mail is set up yet")
    wanted = [one for one in channels if named.lower() in {one.name.lower(), str(one.pk)}] if named else channels
    if len(wanted) != 1:
        known = ", ".join(one.name for one in channels) or "none"
        raise NoChannel(f"Name one channel for e-mail with --channel. There are: {known}.")
    return wanted[0]


def _say(code: Exit, words: str, as_json: bool) -> int:
    if as_json:
        sys.stdout.write(json.dumps({"error": words, "exit": int(code)}) + "\n")
    else:
        sys.stderr.write(f"{words}\n")
    return code
