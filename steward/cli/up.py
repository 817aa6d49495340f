"""`steward up`: the whole desk in one command, from an empty folder to an address in the browser."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import Annotated, Any

import typer

from steward.cli import preparation
from steward.cli.children import Child, Family
from steward.core import clock
from steward.core.errors import DomainError
from steward.core.postgres.server import Server

READY_WITHIN = 90.0
STOP_WITHIN = 12.0
LOOK_FOR_CHANNELS_EVERY = 5.0
PORTS_TRIED = 50


class CannotStart(DomainError):
    """Web or worker do not come up."""

    code = "cannot_start"


def up(
    demo: Annotated[bool, typer.Option("--demo", help="On the very first start, fill a demo desk to look around in.")] = False,
) -> None:
    """Start everything and keep it running until Ctrl-C; data is kept, the second start is fast."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: _interrupt(stop))
    ground = preparation.read_ground()
    say(f"Steward starts; its data is in {ground.data.absolute()}.")
    server = preparation.attach_embedded(ground)
    if server:
        say(server.location)
    ground = _first_start(ground, server, demo=demo, stop=stop)
    _choose_port(ground)
    ground = preparation.read_ground()
    preparation.set_up_django()
    if preparation.pending_migrations():
        say("The database is brought up to this release.")
        preparation.migrate_now()
    admin = _first_admin(ground)
    family = Family([Child("web", ["web"]), Child("worker", ["worker"])], say)
    family.start()
    try:
        _wait_until_ready(ground, family, stop)
        if not stop.is_set():
            _welcome(ground, admin)
        _keep(family, server, stop)
    finally:
        say("Stopping.")
        family.stop(seconds=STOP_WITHIN)
        if server:
            server.leave()
        say("Stopped; everything is kept.")


def say(line: str) -> None:
    """Tell the person at the terminal."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _interrupt(stop: threading.Event) -> None:
    if stop.is_set():
        raise KeyboardInterrupt  # asked twice: do not wait for anybody
    stop.set()


def _first_start(ground: preparation.Ground, server: Server | None, *, demo: bool, stop: threading.Event) -> preparation.Ground:
    """On the first start fill the demo desk if asked; a start that was cut short counts as none."""
    started = ground.data / "started"
    if started.exists():
        return ground
    if demo and not ground.environment.desk:
        _fill_demo(stop)
    ground.data.mkdir(parents=True, exist_ok=True)
    started.touch()
    ground = preparation.read_ground()
    if server:
        server.ensure_database(ground.database)
    return ground


def _fill_demo(stop: threading.Event) -> None:
    say("The demo desk is being filled; this happens once.")
    # What it prints are the sign-ins, told below with the address; its progress goes to the terminal.
    command = [sys.executable, "-m", "steward.cli.main", "demo"]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, process_group=0)  # noqa: S603
    while process.poll() is None:
        if stop.wait(0.2):
            os.killpg(process.pid, signal.SIGTERM)  # it fills the desk in a process of its own
            process.wait()
            raise KeyboardInterrupt
    if process.returncode != 0:
        raise CannotStart("The demo desk could not be filled.", hint="Start again, or without --demo for an empty desk.")


def _choose_port(ground: preparation.Ground) -> None:
    host, wanted = ground.environment.host, ground.environment.port
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        if _is_free(host, port):
            if port != wanted:
                say(f"Port {wanted} is taken; using {port}. Set STEWARD_PORT to choose another.")
            os.environ["STEWARD_PORT"] = str(port)
            return
    raise CannotStart(
        f"Ports {wanted} to {wanted + PORTS_TRIED - 1} of {host} are all taken.", hint="Set STEWARD_PORT to a free one."
    )


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError as error:
            if error.errno is not None and error.strerror and "assign" in error.strerror.lower():
                raise CannotStart(f"This machine has no address {host}.", hint="Set STEWARD_HOST to one of its own.") from error
            return False
    return True


def _first_admin(ground: preparation.Ground) -> str:
    """Give the one-time link that makes the first admin of an empty desk."""
    if ground.desk != "main":
        return ""
    from django.conf import settings  # noqa: PLC0415 -- slow import
    from django.urls import reverse  # noqa: PLC0415 -- slow import

    from steward.people.actions import first_admin_link  # noqa: PLC0415 -- slow import

    token = first_admin_link(at=clock.now())
    return settings.BASE_URL.rstrip("/") + reverse("account:join", args=[token]) if token else ""


def _wait_until_ready(ground: preparation.Ground, family: Family, stop: threading.Event) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while not stop.is_set() and not _answers(ground):
        family.tend()
        if time.monotonic() > deadline:
            raise CannotStart(f"The web server did not answer within {READY_WITHIN:.0f} seconds.", hint="Read the lines above.")
        stop.wait(0.1)


def _answers(ground: preparation.Ground) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(ground.environment.host, ground.environment.host)  # noqa: S104
    connection = http.client.HTTPConnection(host, ground.environment.port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": f"localhost:{ground.environment.port}"})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _welcome(ground: preparation.Ground, admin: str) -> None:
    from django.conf import settings  # noqa: PLC0415 -- slow import

    say(f"\n  Steward is ready: {settings.BASE_URL}")
    for line in _sign_ins(ground):
        say(f"    {line}")
    if admin:
        say(f"\n  Make the first admin with this link, which works once:\n    {admin}")
    say("\n  Ctrl-C stops it.\n")


def _sign_ins(ground: preparation.Ground) -> list[str]:
    """Read how to sign in to the demo desk from its marker."""
    if ground.desk != "demo":
        return []
    try:
        told: Any = json.loads(ground.demo_marker.read_text(encoding="utf-8"))
        rows = [(str(row["role"]), str(row["email"]), str(row["password"])) for row in told["sign_ins"]]
    except (OSError, ValueError, KeyError, TypeError):
        return ["This is the demo desk. `steward demo --remove` leaves an empty one."]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)] if rows else [0, 0]
    lines = [f"{role:<{widths[0]}}  {email:<{widths[1]}}  {password}" for role, email, password in rows]
    return ["This is the demo desk. Sign in as:", *lines, "`steward demo --remove` leaves an empty desk."]


def _keep(family: Family, server: Server | None, stop: threading.Event) -> None:
    looked = 0.0
    while not stop.wait(0.5):
        if server and not server.is_running:
            say("The database server ended; it starts again.")
            try:
                server.ensure_running()
            except DomainError as error:
                say(f"{error.message} {error.hint}")
        if time.monotonic() - looked >= LOOK_FOR_CHANNELS_EVERY:
            looked = time.monotonic()
            _suit_listeners(family)
        family.tend()


def _suit_listeners(family: Family) -> None:
    """Have one process listen for each kind of channel that is set up so; they come and go with the settings."""
    from steward.channels.actions.listening import kinds_listened  # noqa: PLC0415 -- slow import

    kinds = kinds_listened()
    if kinds is not None:
        family.suit([Child(f"listen {kind}", ["listen", kind]) for kind in kinds], among="listen ", seconds=STOP_WITHIN)
