"""A running desk and a running homeserver that know each other."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from steward.channels.actions.accounts import create_channel
from steward.channels.models import Channel
from steward.core import clock
from steward.desk.actions.settings import set_hold_time
from tests.between import Between
from tests.cast import SETUP, Cast
from tests.databases import point_at
from tests.homeserver import NAME, Homeserver, served
from tests.site import Site, running


@dataclass
class World:
    """Both, and who is there."""

    site: Site
    cast: Cast
    server: Homeserver
    channel: Channel
    between: Between


@pytest.fixture(scope="module")
def _world(
    django_db_setup: None, template_database: str, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("synapse")
    with django_db_blocker.unblock(), running("steward_matrix", template=template_database) as (site, cast):
        set_hold_time(channel="matrix", seconds=0, by=SETUP, at=clock.now())
        cast.on_shift(cast.ada, cast.ben)
        made: list[Channel] = []

        fronts: list[Between] = []

        def desk(server: Homeserver) -> str:
            fronts.append(Between(server.address))
            channel = create_channel(
                kind="matrix",
                name="Console chat",
                settings={"homeserver_url": fronts[0].address, "server_name": NAME, "bot": "steward", "quiet_seconds": 1},
                secrets={"as_token": server.as_token, "hs_token": server.hs_token},
                by=cast.actor(cast.ana),
                at=clock.now(),
            )
            made.append(channel)
            return f"{site.address}/channels/matrix/{channel.pk}"

        with served(folder, desk) as server:
            yield World(site, cast, server, made[0], fronts[0])
            fronts[0].stop()


@pytest.fixture
def world(_world: World) -> World:
    """Give both; the connection leads to the running desk's database."""
    point_at(_world.site.database)
    _world.between.fails = ""
    return _world
