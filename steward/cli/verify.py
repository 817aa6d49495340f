"""`steward verify`: hold what the tables say against what the ledger tells."""

import json
import time
from typing import Annotated, Any

import typer
from rich.console import Console

FOUND = 1
MOST_SHOWN = 200


def verify(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> int:
    """Check that the present is what the ledger tells: every ticket, clock, count and search row.

    Ends with 1 when something is off, naming each ticket and what differs.
    """
    from steward.ledger.subscriptions import checks  # noqa: PLC0415 -- slow import

    started, results = time.monotonic(), dict[str, list[str]]()
    with Console(stderr=True).status("") as status:
        for name, check in sorted(checks().items()):
            status.update(name)
            results[name] = list(check())
    count = sum(len(problems) for problems in results.values())
    if as_json:
        typer.echo(json.dumps(_told(results, count), ensure_ascii=False))
    else:
        _say(results, count, seconds=time.monotonic() - started)
    return FOUND if count else 0


def _told(results: dict[str, list[str]], count: int) -> dict[str, Any]:
    checked = [{"name": name, "problems": problems} for name, problems in results.items()]
    return {"ok": not count, "problems": count, "checks": checked}


def _say(results: dict[str, list[str]], count: int, *, seconds: float) -> None:
    for name, problems in results.items():
        typer.echo(f"{name}: {'as the ledger tells' if not problems else f'{len(problems)} off'}")
        for problem in problems[:MOST_SHOWN]:
            typer.echo(f"  {problem}")
        if len(problems) > MOST_SHOWN:
            typer.echo(f"  and {len(problems) - MOST_SHOWN} more; --json lists all")
    typer.echo(
        f"{'Everything is as the ledger tells' if not count else f'{count} things are not as the ledger tells'} ({seconds:.1f} s)."
    )
