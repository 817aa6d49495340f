"""Prints, at the end of a run, which channel kept which share of the conformance suite, and against what counterpart."""

from collections import Counter, defaultdict
from typing import Any

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Add the table, where the suite ran."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    reasons: dict[str, set[str]] = defaultdict(set)
    for outcome in ("passed", "failed", "skipped"):
        for report in terminalreporter.stats.get(outcome, []):
            for name, value in getattr(report, "user_properties", ()):
                if name == "conformance" and getattr(report, "when", "") == "call":
                    counted[str(value)][outcome] += 1
                    if outcome == "skipped":
                        reasons[str(value)].add(_reason(report))
    if not counted:
        return
    terminalreporter.section("conformance of channels")
    for key, outcomes in sorted(counted.items()):
        kind, _bar, counterpart = key.partition("|")
        held = outcomes["passed"] + outcomes["failed"]
        terminalreporter.write_line(f"{kind:<8} {outcomes['passed']} of {held} behaviors, against {counterpart}")
        for reason in sorted(reasons[key]):
            terminalreporter.write_line(f"{'':<8} left out: {reason}")


def _reason(report: Any) -> str:
    said = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    return str(said).removeprefix("Skipped: ")
