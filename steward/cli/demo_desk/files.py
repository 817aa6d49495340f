"""The files people of the demo attach: a drawn picture of a console, and a log."""

import struct
import zlib
from datetime import datetime, timedelta
from random import Random

WIDTH, HEIGHT = 480, 270
# Milliseconds and status of the console's requests: most are quick, some hang in a proxy.
_ANSWERS = ((31, 200), (44, 200), (87, 200), (120, 200), (9_012, 200), (9_104, 504), (15_330, 504))
_PAPER, _BAR, _LINE, _ALERT = (246, 247, 249), (38, 50, 86), (205, 210, 219), (214, 69, 65)


def screenshot(random: Random) -> bytes:
    """Draw a small picture of a console with an error bar, as PNG."""
    rows = [[_PAPER] * WIDTH for _ in range(HEIGHT)]
    _fill(rows, 0, 0, WIDTH, 28, _BAR)
    _fill(rows, 0, 28, 96, HEIGHT, (232, 235, 240))
    _fill(rows, 112, 44, WIDTH - 16, 74, _ALERT)
    for line in range(6):
        _fill(rows, 12, 44 + line * 22, 44 + random.randint(10, 40), 52 + line * 22, _LINE)
        _fill(rows, 112, 96 + line * 26, 200 + random.randint(0, 240), 106 + line * 26, _LINE)
    raw = b"".join(b"\x00" + bytes(value for pixel in row for value in pixel) for row in rows)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(raw, 9)) + _chunk(b"IEND", b"")


def log(random: Random, at: datetime) -> bytes:
    """Write a console's log of the minutes before an instant."""
    lines = [f"# Lantern diagnostics, saved {at:%Y-%m-%d %H:%M:%S}Z"]
    for step in range(40):
        moment = at - timedelta(seconds=(40 - step) * 7)
        took, status = random.choice(_ANSWERS)
        lines.append(f"{moment:%H:%M:%S} GET /review/items/itm_{random.getrandbits(32):08x} {status} {took} ms")
    return "\n".join(lines).encode()


def _fill(
    rows: list[list[tuple[int, int, int]]], left: int, top: int, right: int, bottom: int, color: tuple[int, int, int]
) -> None:
    for row in rows[top:bottom]:
        row[left:right] = [color] * (right - left)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
