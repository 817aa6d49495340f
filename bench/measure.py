"""Taking the time of an operation, and the processor's time of everybody who works for it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import quantiles
from time import perf_counter

WARM_UP = 8


@dataclass(frozen=True)
class Timing:
    """Milliseconds of one operation: half under p50, all but one in twenty under p95, processor's time of both ends."""

    p50: float
    p95: float
    cpu: float | None = None


def measure(
    operation: Callable[[], object],
    *,
    samples: int,
    cpu: Callable[[], float] | None = None,
    before: Callable[[], object] | None = None,
) -> Timing:
    """Do something `samples` times, warm, one after the other; `cpu` gives the processor's seconds used so far.

    What is done `before` each time is not counted.
    """
    before = before or (lambda: None)
    for _ in range(WARM_UP):
        before()
        operation()
    spent, took = 0.0, []
    for _ in range(samples):
        before()
        used, started = cpu() if cpu else 0.0, perf_counter()
        operation()
        took.append((perf_counter() - started) * 1_000)
        spent += cpu() - used if cpu else 0.0
    return timing(took, cpu=spent * 1_000 / samples if cpu else None)


def timing(took: Iterable[float], *, cpu: float | None = None) -> Timing:
    """Sum up times in milliseconds."""
    parts = quantiles(list(took), n=20, method="inclusive")
    return Timing(p50=round(parts[9], 2), p95=round(parts[18], 2), cpu=None if cpu is None else round(cpu, 2))
