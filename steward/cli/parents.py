"""A child process ends when its parent does, however that ended: nothing keeps a port or a job for nobody."""

import os
import signal
import threading
import time

VARIABLE = "STEWARD_PARENT"
# What runs is answered before; a stop that hangs on a dead database would hold port and lease for nobody.
STOP_WITHIN = 12.0


def end_with_parent() -> None:
    """Watch the parent named in the environment, and ask this process to stop when it is gone."""
    named = os.environ.get(VARIABLE, "")
    if named.isdigit() and os.getppid() == int(named):
        # A forked web worker inherits a handler that does nothing here; until its loop takes over, a stop is a stop.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        threading.Thread(target=_watch, args=(int(named),), name="watch-parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_WITHIN)
    os._exit(1)
