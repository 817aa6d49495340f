"""The child processes of `steward up`: started, watched, started again with patience, stopped."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from steward.cli.parents import VARIABLE

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
# A child that ran this long was well; its next fall starts the count anew.
WELL_AFTER = 60.0


@dataclass
class Child:
    """One role run as a process of its own."""

    role: str
    arguments: list[str]
    process: subprocess.Popen[bytes] | None = None
    begun: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = field(default=0.0)

    def start(self) -> None:
        """Start the process, out of reach of the terminal's Ctrl-C: the parent stops its children itself."""
        self.begun = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "steward.cli.main", *self.arguments],
            stdin=subprocess.DEVNULL,
            process_group=0,
            env={**os.environ, VARIABLE: str(os.getpid())},
        )

    @property
    def is_running(self) -> bool:
        """Say whether the process lives."""
        return self.process is not None and self.process.poll() is None


class Family:
    """All children, kept alive until they are stopped."""

    def __init__(self, children: list[Child], say: Callable[[str], None]) -> None:
        self._children = children
        self._say = say

    def start(self) -> None:
        """Start every child."""
        for child in self._children:
            child.start()

    def tend(self) -> None:
        """Start again whoever died, each time after a longer pause, and say so."""
        now = time.monotonic()
        for child in self._children:
            if child.is_running or child.process is None:
                continue
            if not child.due:
                if now - child.begun > WELL_AFTER:
                    child.pause = FIRST_PAUSE
                child.due = now + child.pause
                self._say(f"{child.role} ended with code {child.process.returncode}; it starts again in {child.pause:g} s.")
                child.pause = min(child.pause * 2, LONGEST_PAUSE)
            elif now >= child.due:
                child.due = 0.0
                child.start()

    def suit(self, wanted: list[Child], *, among: str, seconds: float) -> None:
        """Have exactly the wanted children among those whose role begins so: the others end, what is new starts."""
        roles = {child.role for child in wanted}
        gone = [child for child in self._children if child.role.startswith(among) and child.role not in roles]
        self._children = [child for child in self._children if child not in gone]
        _end([child.process for child in gone if child.process is not None], seconds=seconds)
        there = {child.role for child in self._children}
        for child in wanted:
            if child.role not in there:
                self._children.append(child)
                child.start()

    def stop(self, *, seconds: float) -> None:
        """Ask every child to stop, and kill those that do not in time."""
        _end([child.process for child in self._children if child.process is not None], seconds=seconds)


def _end(processes: list["subprocess.Popen[bytes]"], *, seconds: float) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + seconds
    for process in processes:
        try:
            process.wait(timeout=max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
