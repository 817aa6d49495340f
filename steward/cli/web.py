"""`steward web`: the screens, the live stream and, in front of them, the web server."""

import gc
import os
from importlib import import_module
from typing import Annotated

import typer

from steward.cli import preparation
from steward.cli.parents import VARIABLE, end_with_parent

# A client that reads nothing would hold a stop for ever; what runs is answered well before.
STOP_WITHIN = 8


def web(
    host: Annotated[str, typer.Option(help="Address to listen on; STEWARD_HOST otherwise.")] = "",
    port: Annotated[int, typer.Option(help="Port to listen on; STEWARD_PORT otherwise.", min=0, max=65535)] = 0,
    workers: Annotated[int, typer.Option(help="Processes to answer with.", min=1, max=64)] = 1,
) -> None:
    """Serve the screens until stopped; the database must be at this release (`steward migrate`)."""
    for name, value in (("STEWARD_HOST", host), ("STEWARD_PORT", port)):
        if value:
            os.environ[name] = str(value)
    ground = preparation.read_ground()
    preparation.attach_embedded(ground)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steward.config.settings")
    _load_what_is_shared()
    end_with_parent()
    os.environ[VARIABLE] = str(os.getpid())  # our workers end with us in their turn
    _serve(ground, workers)


def _load_what_is_shared() -> None:
    """Load the code before the workers fork, so that they share its memory; no connection is opened, each opens its own."""
    preparation.set_up_django()
    import_module("steward.config.urls")
    warm_up()
    # Frozen, the collector never touches these objects again, and their pages stay common.
    gc.collect()
    gc.freeze()


def warm_up() -> None:
    """Compile every template and read every catalog, which otherwise the first person to open each screen waits for."""
    from django.conf import settings  # noqa: PLC0415 -- slow import
    from django.template import engines  # noqa: PLC0415 -- slow import
    from django.utils import translation  # noqa: PLC0415 -- slow import

    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("Tickets")
    screens = engines["jinja2"].env  # type: ignore[attr-defined]
    for name in screens.list_templates(extensions=["html"]):
        screens.get_template(name)


def _serve(ground: preparation.Ground, workers: int) -> None:
    from granian.constants import Interfaces, Loops  # noqa: PLC0415 -- slow import
    from granian.log import LogLevels  # noqa: PLC0415 -- slow import
    from granian.server import Server as WebServer  # noqa: PLC0415 -- slow import

    WebServer(
        "steward.config.asgi:application",
        address=ground.environment.host,
        port=ground.environment.port,
        interface=Interfaces.ASGI,
        workers=workers,
        loop=Loops.asyncio,
        backlog=1024,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_WITHIN,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()
