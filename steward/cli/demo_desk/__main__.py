"""The child process that fills the demo desk, with Django pointed at its database."""

import sys

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from steward.cli import preparation


def main() -> int:
    """Bring the demo database up to this release and fill it; 1 when it is not empty."""
    preparation.set_up_django()
    preparation.migrate_now()
    from django.conf import settings  # noqa: PLC0415 -- Django must be set up first

    from steward.cli.demo_desk.build import build  # noqa: PLC0415 -- Django must be set up first
    from steward.core import clock  # noqa: PLC0415 -- Django must be set up first
    from steward.desk.models import Queue  # noqa: PLC0415 -- Django must be set up first

    if settings.DESK != "demo" or Queue.objects.exists():
        sys.stderr.write("This database holds a desk already; the demo desk needs one of its own.\n")
        return 1
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("The demo desk's week", total=1.0)
        build(now=clock.now(), progress=lambda share: bar.update(task, completed=share))
    return 0


if __name__ == "__main__":
    sys.exit(main())
