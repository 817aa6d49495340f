"""The embedded server as the rest of the house sees it: make it run, give its address, leave it."""

import atexit
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from steward.core.postgres.binaries import binaries, version_of
from steward.core.postgres.cluster import ADMIN, OWNER, initialize, launch, make_owner, password, refuse_other_version
from steward.core.postgres.errors import ServerRefused
from steward.core.postgres.locks import Lease, mutex
from steward.core.postgres.placement import Place, control_folder, find_place, look_up_place, prepare_control
from steward.core.postgres.processes import Postmaster, read_postmaster, stop


@dataclass(frozen=True, kw_only=True)
class Status:
    """The server at this moment, for people and scripts."""

    is_running: bool
    pid: int | None
    version: str
    data: Path
    cluster: Path | None
    sockets: Path | None
    os_user: str


class Server:
    """The embedded PostgreSQL of one data folder, shared by every process that uses that folder.

    The first to come starts it, the others attach, the last to leave stops it. A server that outlived
    its starters is attached to again. Without `durable` a power cut may lose data: for tests only.
    """

    def __init__(self, data: Path, *, os_user: str = "", durable: bool = True) -> None:
        self.data = Path(os.path.abspath(data))  # noqa: PTH100 -- a link to the data folder stays a link
        self.os_user = os_user
        self._durable = durable
        self._place: Place | None = None
        self._lease = Lease(control_folder(self.data) / "lease")

    def ensure_running(self) -> None:
        """Make sure the server runs and that we hold our lease on it; made on first use, cheap when it runs."""
        control = prepare_control(self.data)
        with mutex(control / "mutex"):
            place = find_place(self.data, os_user=self.os_user)
            if not (place.cluster / "PG_VERSION").exists():
                initialize(place)
            refuse_other_version(place)
            running = self._running(place) or launch(place, durable=self._durable)
            self._place = replace(place, sockets=running.sockets)
            self._confirm()
            self._lease.take()

    def leave(self) -> None:
        """Give up our lease; the last to leave stops the server. Harmless when we never took one."""
        if not self._lease.is_held or self._place is None:
            return
        place = self._place
        with mutex(place.control / "mutex"):
            running = read_postmaster(place.cluster)
            is_last = self._lease.drop()
            if is_last and running and not stop(running.pid, is_gone=lambda: read_postmaster(place.cluster) is None):
                raise ServerRefused(
                    f"The database server (process {running.pid}) does not stop.",
                    hint="See its log, or end it by hand.",
                )

    @property
    def is_running(self) -> bool:
        """Say whether the server runs right now; reads one small file."""
        place = self._known_place()
        return place is not None and read_postmaster(place.cluster) is not None

    @property
    def location(self) -> str:
        """Say in one sentence where the database lies."""
        place = self._required_place()
        if place.is_elsewhere:
            return f"The database is in {place.home}, because its user {place.account.name} cannot enter {self.data}."
        return f"The database is in {place.home}."

    def dsn(self, database: str = "postgres") -> str:
        """Give the connection string of the role that owns the desk's databases, which is no superuser."""
        return make_conninfo(**self._of_role(database, OWNER))

    def parameters(self, database: str = "postgres") -> dict[str, str]:
        """Give the same as single libpq parameters; before the first start they lack the password and lead nowhere yet."""
        if self._known_place() is None:
            return self._parameters(database, OWNER, sockets=control_folder(self.data) / "run", word="")
        return self._of_role(database, OWNER)

    def admin_dsn(self, database: str = "postgres") -> str:
        """Give the connection string of the superuser, for administration only."""
        return make_conninfo(**self._of_role(database, ADMIN))

    def exists(self, name: str) -> bool:
        """Say whether there is a database of this name."""
        with self.admin() as connection:
            return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is not None

    def ensure_database(self, name: str, *, template: str = "", copy_files: bool = False) -> bool:
        """Make a database if it is missing, owned by the desk's role; say whether it was made now.

        `copy_files` copies the template's files instead of logging its pages: quicker where nothing must survive a crash.
        """
        statement = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER))
        if template:
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        if copy_files:
            statement += sql.SQL(" STRATEGY FILE_COPY")
        if self.exists(name):
            return False
        with self.admin() as connection:
            try:
                connection.execute(statement)
            except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                return False  # another process made it in the same moment
        return True

    def drop_database(self, name: str) -> bool:
        """Drop a database with everything in it, ending its sessions; say whether there was one."""
        existed = self.exists(name)
        with self.admin() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        return existed

    @contextmanager
    def admin(self, database: str = "postgres") -> Iterator[psycopg.Connection]:
        """Connect as the superuser, each statement its own transaction."""
        with psycopg.connect(self.admin_dsn(database), autocommit=True, connect_timeout=10) as connection:
            yield connection

    def status(self) -> Status:
        """Say how the server stands, changing nothing."""
        place = self._known_place()
        running = read_postmaster(place.cluster) if place else None
        return Status(
            is_running=running is not None,
            pid=running.pid if running else None,
            version=version_of(binaries()),
            data=self.data,
            cluster=place.cluster if place else None,
            sockets=running.sockets if running else None,
            os_user=place.account.name if place else "",
        )

    def _running(self, place: Place) -> Postmaster | None:
        """Find a server that runs, waiting for one that is still starting or stopping."""
        deadline = time.monotonic() + 300
        while running := read_postmaster(place.cluster):
            if running.is_ready or time.monotonic() > deadline:
                return running
            time.sleep(0.02)
        return None

    def _confirm(self) -> None:
        """Wait until the server lets us in, and make the desk's role the first time."""
        deadline = time.monotonic() + 60
        while True:
            try:
                with self.admin() as connection:
                    return make_owner(self._required_place(), connection)
            except psycopg.OperationalError as error:
                is_passing = "starting up" in str(error) or "shutting down" in str(error) or "recovery" in str(error)
                if not is_passing or time.monotonic() > deadline:
                    raise ServerRefused(
                        f"The database server of {self.data} runs but does not let us in: {str(error).strip()}",
                        hint="Run `steward doctor`.",
                    ) from error
            time.sleep(0.1)

    def _known_place(self) -> Place | None:
        if self._place is None:
            place = look_up_place(self.data, os_user=self.os_user)
            running = read_postmaster(place.cluster) if place else None
            self._place = replace(place, sockets=running.sockets) if place and running else place
        return self._place

    def _required_place(self) -> Place:
        place = self._known_place()
        if place is None:
            raise ServerRefused(f"There is no database in {self.data} yet.", hint="Run `steward up`.")
        return place

    def _of_role(self, database: str, role: str) -> dict[str, str]:
        place = self._required_place()
        return self._parameters(database, role, sockets=place.sockets, word=password(place.control, role))

    @staticmethod
    def _parameters(database: str, role: str, *, sockets: Path, word: str) -> dict[str, str]:
        given = {"host": str(sockets), "port": "5432", "user": role, "dbname": database}
        return given | ({"password": word} if word else {})


def attach(data: Path, *, os_user: str = "", durable: bool = True) -> Server:
    """Make the server of a data folder run for as long as this process lives."""
    server, process = Server(data, os_user=os_user, durable=durable), os.getpid()
    server.ensure_running()
    # A forked child inherits this exit, and must not stop what its parent uses.
    atexit.register(lambda: server.leave() if os.getpid() == process else None)
    return server
