"""What commands stand on: the settings read, the embedded server attached to, Django set up, the tables brought up to date."""

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from steward.core.errors import DomainError
from steward.core.postgres.server import Server, attach

_MIGRATION_LOCK = 0x5753_4D49


class NotMigrated(DomainError):
    """The tables are not those of this release."""

    code = "not_migrated"


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Where this installation stands, before Django is loaded."""

    environment: Any
    desk: str
    database: str
    demo_marker: Path

    @property
    def data(self) -> Path:
        """Name the data folder."""
        return Path(self.environment.data)

    @property
    def is_embedded(self) -> bool:
        """Say whether the database is the embedded one."""
        return not self.environment.database_url


def read_ground() -> Ground:
    """Read the environment; raises pydantic's error naming each bad variable."""
    # The top of the house is found by name, as Django finds its settings: nothing below imports it.
    module: Any = importlib.import_module("steward.config.environment")
    environment = module.read()
    desk = module.served_desk(environment)
    return Ground(environment=environment, desk=desk, database=module.DATABASES[desk], demo_marker=module.demo_marker(environment))


def attach_embedded(ground: Ground) -> Server | None:
    """Make the embedded server run while this process lives, with the served desk's database; None with a server of one's own."""
    if not ground.is_embedded:
        return None
    server = attach(ground.data, os_user=ground.environment.os_user)
    server.ensure_database(ground.database)
    return server


def set_up_django() -> None:
    """Load Django with Steward's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steward.config.settings")
    import django  # noqa: PLC0415 -- slow import

    django.setup()


def open_database() -> Server | None:
    """Attach, set up, and make sure that the tables fit: the embedded database is brought up to date, another is refused."""
    ground = read_ground()
    server = attach_embedded(ground)
    set_up_django()
    if pending_migrations():
        if not ground.is_embedded:
            raise NotMigrated("The database is not at this release yet.", hint="Run `steward migrate`.")
        migrate_now()
    return server


def open_empty_database() -> Server | None:
    """Attach, set up, and make the tables of a desk that has none, bare: nothing is put into them. Another one is left as it is."""
    ground = read_ground()
    server = attach_embedded(ground)
    set_up_django()
    with _alone():
        if pending_migrations() and not _has_tables():
            from django.core.management import call_command  # noqa: PLC0415 -- slow import

            call_command("migrate", verbosity=0, interactive=False)
    if pending_migrations():
        raise NotMigrated("The database is not at this release, and is not empty.", hint="Name an empty one.")
    return server


def _has_tables() -> bool:
    from django.db import connection  # noqa: PLC0415 -- slow import

    return bool(connection.introspection.table_names())


def pending_migrations() -> list[str]:
    """Name the migrations that have not run."""
    from django.db import connection  # noqa: PLC0415 -- slow import
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415 -- slow import

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _is_backwards in plan]


def migrate_now() -> int:
    """Run the pending migrations, one process at a time, and say how many there were."""
    from django.core.management import call_command  # noqa: PLC0415 -- slow import

    with _alone():
        pending = pending_migrations()
        if pending:
            call_command("migrate", verbosity=0, interactive=False)
            _furnish()
    return len(pending)


def _furnish() -> None:
    """Give an empty desk its statuses, first queue and first promises; the demo desk is furnished by its own story."""
    from django.conf import settings  # noqa: PLC0415 -- slow import

    from steward.core import clock  # noqa: PLC0415 -- slow import
    from steward.desk.actions.starting import start_desk  # noqa: PLC0415 -- slow import
    from steward.people.actor import system  # noqa: PLC0415 -- slow import
    from steward.sla.actions import create_default_policy  # noqa: PLC0415 -- slow import

    if settings.DESK == "main":
        start_desk(by=system("set-up"), at=clock.now())
        create_default_policy(time_zone=settings.DESK_TIME_ZONE, by=system("set-up"), at=clock.now())


@contextmanager
def _alone() -> Iterator[None]:
    from django.db import connection  # noqa: PLC0415 -- slow import

    # A session lock, on Django's own connection: it ends with the process, and rebuilding a large table may take its time.
    with connection.cursor() as cursor:
        for setting in ("statement_timeout", "idle_in_transaction_session_timeout", "lock_timeout"):
            cursor.execute(f"SET {setting} = 0")
        cursor.execute("SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'transaction_timeout'")
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATION_LOCK])
    try:
        yield
    finally:
        connection.close()
