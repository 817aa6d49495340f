"""`steward migrate`: bring the database up to this release, on a server of one's own before web and worker start."""

import json
from typing import Annotated

import typer

from steward.cli import preparation


def migrate(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False) -> None:
    """Bring the database up to this release; running it again changes nothing."""
    preparation.attach_embedded(preparation.read_ground())
    preparation.set_up_django()
    done = preparation.migrate_now()
    if as_json:
        typer.echo(json.dumps({"migrated": done}))
    else:
        typer.echo(f"{done} migrations were run." if done else "The database is up to date.")
