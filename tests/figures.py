"""Figures that tests measure and nobody should have to guess: shown, and kept beside the pictures."""

import sys
from collections.abc import Iterable

from tests.chromium import PICTURES


def show(name: str, lines: Iterable[str]) -> None:
    """Write figures to the terminal whatever is captured, and to a file of this name."""
    text = "\n".join(lines) + "\n"
    folder = PICTURES / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    sys.__stdout__.write(f"\n{text}") if sys.__stdout__ else None
