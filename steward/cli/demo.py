"""`steward demo`: a desk to look around in, in a database of its own, and its removal."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from steward.cli import preparation
from steward.cli.demo_desk import PASSWORD, SIGN_INS
from steward.core.errors import Conflict, DomainError
from steward.core.postgres.server import Server

_DATABASE = "steward_demo"


class NotFilled(DomainError):
    """The demo desk could not be made."""

    code = "demo_failed"


def demo(
    remove: Annotated[bool, typer.Option("--remove", help="Drop the demo desk and leave an empty one.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before removing it.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Fill the demo desk: a week at the support team of some moderation consoles, with people to sign in as.

    It lies in a database of its own; your desk is not touched. While it is there it is the one that is served.
    """
    ground = preparation.read_ground()
    server = preparation.attach_embedded(ground)
    try:
        told = _remove(ground, server, yes=yes) if remove else _fill(ground, server)
    finally:
        if server:
            server.leave()
    typer.echo(json.dumps(told, ensure_ascii=False) if as_json else _said(told))


def _fill(ground: preparation.Ground, server: Server | None) -> dict[str, Any]:
    told = {"demo": "there", "sign_ins": [{"role": role, "email": email, "password": PASSWORD} for role, email in SIGN_INS]}
    if ground.demo_marker.exists():
        return told
    # What a run that was cut short left behind: without its marker nobody has worked on it.
    _drop(ground, server)
    _create(ground, server)
    environment = {**os.environ, "STEWARD_DESK": "demo", "DJANGO_SETTINGS_MODULE": "steward.config.settings"}
    command = [sys.executable, "-m", "steward.cli.demo_desk"]
    filled = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)  # noqa: S603 -- our own module
    if filled.returncode != 0:
        _drop(ground, server)
        raise NotFilled("The demo desk could not be filled; nothing of it was kept.", hint="See the lines above, and try again.")
    ground.demo_marker.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return told


def _remove(ground: preparation.Ground, server: Server | None, *, yes: bool) -> dict[str, Any]:
    if not ground.demo_marker.exists():
        return {"demo": "none"}
    if not yes and not sys.stdin.isatty():
        raise Conflict("Removing the demo desk drops everything in it.", hint="Say so with --yes.")
    if not yes and not typer.confirm("Drop the demo desk and everything done in it?", err=True):
        raise typer.Exit(1)
    # The marker first: whatever starts from now on serves the empty desk.
    ground.demo_marker.unlink(missing_ok=True)
    _drop(ground, server)
    return {"demo": "removed"}


def _create(ground: preparation.Ground, server: Server | None) -> None:
    if server:
        server.ensure_database(_DATABASE)
        return
    with _admin(ground) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_name(ground))))


def _drop(ground: preparation.Ground, server: Server | None) -> None:
    """Drop the demo database with whatever is connected to it, and the files attached there."""
    if server:
        server.drop_database(_DATABASE)
    else:
        with _admin(ground) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(_name(ground))))
    files = Path(ground.data) / "files" / "demo"
    shutil.rmtree(files, ignore_errors=True)


def _name(ground: preparation.Ground) -> str:
    """Name the demo database on a server of one's own, as the settings do."""
    return f"{conninfo_to_dict(ground.environment.database_url).get('dbname', 'steward')}_demo"


def _admin(ground: preparation.Ground) -> psycopg.Connection:
    try:
        return psycopg.connect(make_conninfo(ground.environment.database_url), autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise NotFilled(f"The database server does not answer: {str(error).strip()}", hint="Check DATABASE_URL.") from error


def _said(told: dict[str, Any]) -> str:
    if told["demo"] == "none":
        return "There is no demo desk."
    if told["demo"] == "removed":
        return "The demo desk is gone. The next start shows your own desk."
    rows = [f"  {one['role']:<14}{one['email']:<24}{one['password']}" for one in told["sign_ins"]]
    return "\n".join(
        ["The demo desk is there. `steward up` serves it. Sign in as:", *rows, "`steward demo --remove` takes it away."]
    )
