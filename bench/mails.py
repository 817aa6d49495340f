"""`python -m bench.mails`: how long the desk takes to read an e-mail, over generated mails and those of a folder.

No server and no database: reading is arithmetic on bytes.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

from steward.channels.email.classifying import kind_of
from steward.channels.email.html import clean_html
from steward.channels.email.reading import read_mail
from steward.channels.email.trimming import trim_reply

LARGEST = 1_000_000
ROUNDS = 3
WORDS = [
    "the",
    "export",
    "of",
    "invoices",
    "is",
    "empty",
    "since",
    "发票",
    "导出",
    "还是",
    "空的",
    "bitte",
    "prüfen",
    "está",
    "vacía",
]
KINDS = ("plain", "reply", "newsletter", "files", "report", "forwarded")


def main() -> int:
    """Measure and print, as a table or as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.mails", description=__doc__)
    parser.add_argument("--mails", type=int, default=600, help="how many are generated")
    parser.add_argument("--folder", default="", help="a folder with more, as .eml")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000, help="draws the mails")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    wanted = parser.parse_args()
    chance = random.Random(wanted.seed)
    groups = {kind: [_made(kind, chance) for _mail in range(wanted.mails // len(KINDS))] for kind in KINDS}
    groups["all generated"] = [mail for mails in groups.values() for mail in mails]
    if wanted.folder:
        found = [path.read_bytes() for path in sorted(Path(wanted.folder).rglob("*.eml"))]
        groups["folder"] = [mail for mail in found if len(mail) < LARGEST]
    told = {"seed": wanted.seed, "groups": {name: _measured(mails) for name, mails in groups.items() if mails}}
    sys.stdout.write(json.dumps(told) + "\n" if wanted.json else _table(told))
    return 0


def _measured(mails: list[bytes]) -> dict[str, Any]:
    sizes = sorted(map(len, mails))
    return {
        "mails": len(mails),
        "median_kb": round(sizes[len(sizes) // 2] / 1_000, 1),
        "largest_kb": round(sizes[-1] / 1_000, 1),
        "parse": _taken(mails, read_mail),
        "all": _taken(mails, _all),
    }


def _taken(mails: list[bytes], work: Callable[[bytes], object]) -> dict[str, float]:
    """Take the time of each mail, as the least of some rounds: what else the machine did is no cost of reading."""
    took = [min(_once(work, mail) for _round in range(ROUNDS)) for mail in mails]
    cuts = quantiles(took, n=20)
    return {"p50": round(cuts[9], 2), "p95": round(cuts[18], 2), "worst": round(max(took), 2)}


def _once(work: Callable[[bytes], object], mail: bytes) -> float:
    started = perf_counter()
    work(mail)
    return (perf_counter() - started) * 1_000


def _all(raw: bytes) -> None:
    """Do what taking a message in costs: read it, tell its kind, trim it, clean its HTML."""
    mail = read_mail(raw)
    kind_of(mail)
    trim_reply(mail.text)
    if mail.html:
        clean_html(mail.html)


def _table(told: dict[str, Any]) -> str:
    lines = [
        f"--seed {told['seed']}",
        f"{'':16}{'mails':>7}{'median kB':>11}{'largest':>9}" + f"{'p50 ms':>9}{'p95':>8}{'worst':>8}" * 2,
    ]
    for name, one in told["groups"].items():
        times = "".join(f"{time['p50']:9.2f}{time['p95']:8.2f}{time['worst']:8.2f}" for time in (one["parse"], one["all"]))
        lines.append(f"{name:16}{one['mails']:7}{one['median_kb']:11.1f}{one['largest_kb']:9.1f}{times}")
    lines.append("First the message read; then also its kind told, the reply trimmed and its HTML cleaned.")
    return "\n".join(lines) + "\n"


def _made(kind: str, chance: random.Random) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = "李雷 Li Lei <li@customer.example>", "Help <help@desk.example>"
    mail["Subject"], mail["Date"] = " ".join(_words(chance, 8)), "Mon, 2 Nov 2026 10:00:00 +0800"
    mail["Message-ID"], mail["References"] = (
        "<1@customer.example>",
        " ".join(f"<{at}@desk.example>" for at in range(chance.randrange(20))),
    )
    for hop in range(chance.randrange(3, 9)):
        mail["Received"] = f"from mx{hop}.customer.example by mx{hop}.desk.example; Mon, 2 Nov 2026 10:00:0{hop} +0800"
    mail.set_content("\n".join(_lines(chance, chance.randrange(2, 40))))
    if kind == "reply":
        quoted = "\n".join(f"> {line}" for line in _lines(chance, chance.randrange(10, 600)))
        mail.set_content(
            f"Thanks, solved.\n\nOn Mon, Nov 2, 2026 at 10:03 AM Help <help@desk.example> wrote:\n\n{quoted}\n\n-- \nLi\n"
        )
    elif kind == "newsletter":
        mail.add_alternative(_newsletter(chance), subtype="html")
    elif kind == "files":
        for at in range(chance.randrange(1, 6)):
            size = chance.randrange(1_000, 140_000)
            mail.add_attachment(chance.randbytes(size), maintype="application", subtype="pdf", filename=f"发票 {at}.pdf")
    elif kind == "report":
        mail.add_attachment(
            b"Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n", maintype="message", subtype="x-status"
        )
    elif kind == "forwarded":
        inner = EmailMessage()
        inner["Subject"] = "inner"
        inner.set_content("\n".join(_lines(chance, chance.randrange(2, 400))))
        mail.add_attachment(inner)
    return mail.as_bytes()


def _newsletter(chance: random.Random) -> str:
    """Make HTML as shops send it: tables in tables, a style on each cell, a picture and a link in most."""
    rows = "".join(
        f"<tr><td style='padding:4px;color:#333;font-family:Arial'><table width='100%'><tr><td><a href='https://shop.example/{at}?a=1&amp;b=2'>"
        f"<img src='https://shop.example/{at}.png' alt='picture' width='120'></a></td><td>"
        f"<p><b>{' '.join(_words(chance, 6))}</b></p>"
        f"<p><font color='#666'>{' '.join(_words(chance, 30))}&nbsp;</font></p></td></tr></table></td></tr>\n"
        for at in range(chance.randrange(5, 900))
    )
    return f"<html><head><style>{'p {margin:0} ' * 60}</style></head><body><table>{rows}</table></body></html>"


def _lines(chance: random.Random, count: int) -> Iterator[str]:
    return (" ".join(_words(chance, chance.randrange(3, 12))) for _line in range(count))


def _words(chance: random.Random, count: int) -> list[str]:
    return chance.choices(WORDS, k=count)


if __name__ == "__main__":
    sys.exit(main())
