"""Taking the time of an operation, and the processor's time of both ends."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from time import perf_counter, process_time

TICKS = os.sysconf("SC_CLK_TCK")
WARM_UP = 8


@dataclass(frozen=True)
class Timing:
    """Milliseconds of one operation: half under p50, all but one in twenty under p95, processor's time of both ends."""

    p50: float
    p95: float
    cpu: float


def measure(operation: Callable[[], None], *, samples: int, backend_pid: int) -> Timing:
    """Do something `samples` times, warm, one after the other."""
    for _ in range(WARM_UP):
        operation()
    cpu, took = process_time() + _cpu_of(backend_pid), []
    for _ in range(samples):
        started = perf_counter()
        operation()
        took.append((perf_counter() - started) * 1_000)
    spent = process_time() + _cpu_of(backend_pid) - cpu
    parts = quantiles(took, n=20, method="inclusive")
    return Timing(p50=round(parts[9], 2), p95=round(parts[18], 2), cpu=round(spent * 1_000 / samples, 2))


def _cpu_of(pid: int) -> float:
    """Give the seconds of processor a database backend has used, where the system tells."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(after_name[11]) + int(after_name[12])) / TICKS
