"""`steward listen`: the connections to vendors that do not call this desk, apart from web and worker."""

import signal
import threading
from typing import Annotated

import typer

from steward.cli.parents import end_with_parent
from steward.core import clock
from steward.core.errors import Invalid


def listen(
    kinds: Annotated[list[str], typer.Argument(help="Such as email, lark or slack; each kind may have a process of its own.")],
) -> None:
    """Listen on every channel of these kinds that is set up for it, until stopped. `steward up` does this by itself."""
    from steward.channels.actions.listening import listen_on  # noqa: PLC0415 -- app ready
    from steward.channels.adapters import listened_kinds  # noqa: PLC0415 -- app ready

    known = [kind.value for kind in listened_kinds()]
    for kind in kinds:
        if kind not in known:
            raise Invalid(f"No channel of the kind {kind} is listened on.", hint=f"Known: {', '.join(known)}.")
    end_with_parent()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    listen_on(kinds, stop, now=clock.now)
