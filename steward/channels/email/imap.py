"""Staying at a mailbox by IMAP: what comes is kept first, and only then marked as seen."""

import select
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from imapclient import SEEN, IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError

from steward.channels.contract import Account, Arrival, Later, Line
from steward.channels.email.large import without_files
from steward.channels.email.letters import arrival_of
from steward.channels.email.mailbox import imap_of
from steward.core import clock

# Larger ones are taken without their files; a batch is held in memory at once.
LARGEST = 30 * 1024 * 1024
MOST_AT_ONCE, MOST_BYTES_AT_ONCE = 50, 8 * 1024 * 1024
# Servers end an idle connection after 30 minutes; one that was cut on the way is noticed when it is renewed.
RENEW_EVERY, LOOK_EVERY, SAY_EVERY, POLL_EVERY = 5 * 60.0, 1.0, 20.0, 30.0
FIRST_WAIT = 2.0
CONNECT_WITHIN, ANSWER_WITHIN = 20.0, 60.0


@dataclass(frozen=True)
class Cursor:
    """How far a folder was taken in: its numbering, the last number, and the day from which on letters are the desk's."""

    validity: int = 0
    last: int = 0
    since: date | None = None

    def __str__(self) -> str:
        return f"{self.validity}:{self.last}:{self.since or ''}"

    @staticmethod
    def read(text: str) -> "Cursor":
        """Read a cursor; what is none is the beginning."""
        validity, _one, rest = text.partition(":")
        last, _two, since = rest.partition(":")
        if not (validity.isdigit() and last.isdigit()):
            return Cursor()
        with suppress(ValueError):
            return Cursor(int(validity), int(last), date.fromisoformat(since))
        return Cursor(int(validity), int(last))


@dataclass(frozen=True)
class Folder:
    """A folder as it was opened: its numbering, and the number the next letter gets."""

    validity: int
    next_uid: int


def stay(account: Account, line: Line) -> None:
    """Stay connected and keep what arrives until told to stop. Raises `Later`."""
    with open_mailbox(account) as mailbox:
        folder = _selected(mailbox, folder_of(account))
        has_idle = mailbox.has_capability("IDLE")
        line.well()
        wait = FIRST_WAIT
        while not line.stopped():
            # What is told of beside another answer is not told again: asked until there is nothing, and soon once more.
            new = take_new(mailbox, line, folder)
            wait = FIRST_WAIT if new else min(wait * 4, RENEW_EVERY)
            if new:
                continue
            if has_idle:
                _idle(mailbox, line, within=wait)
            elif not line.stopped(within=POLL_EVERY):
                mailbox.noop()
                line.well()


def _selected(mailbox: IMAPClient, name: str) -> Folder:
    told = mailbox.select_folder(name)
    next_uid = told.get(b"UIDNEXT") or max([0, *mailbox.search()]) + 1
    return Folder(int(told.get(b"UIDVALIDITY", 0)), int(next_uid))


def folder_of(account: Account) -> str:
    """Give the folder that is taken in."""
    return str(account.settings.get("folder") or "INBOX")


@contextmanager
def open_mailbox(account: Account) -> Iterator[IMAPClient]:
    """Connect and sign in; everything the server or the network refuses is a `Later` with its words."""
    where = imap_of(account)
    private = ssl.create_default_context()
    try:
        mailbox = IMAPClient(
            where.host,
            port=where.port,
            ssl=where.security == "ssl",
            ssl_context=private if where.security == "ssl" else None,
            timeout=SocketTimeout(CONNECT_WITHIN, ANSWER_WITHIN),
        )
        try:
            if where.security == "starttls":
                mailbox.starttls(private)
            mailbox.login(where.user, str(account.secrets.get("imap_password", "")))
            yield mailbox
        finally:
            with suppress(IMAPClientError, OSError):
                mailbox.logout()
    except (IMAPClientError, OSError, ValueError) as error:
        raise Later(f"{type(error).__name__}: {error}"[:400]) from error


def take_new(mailbox: IMAPClient, line: Line, folder: Folder) -> int:
    """Keep what came since the cursor, a batch at a time; give how many were there."""
    cursor = Cursor.read(line.cursor)
    if not cursor.validity:
        return _take_first(mailbox, line, folder)
    if cursor.validity != folder.validity:
        # Its numbers begin anew. Everything is looked at again; what is kept already is known by its name.
        since = (cursor.since or _today()) - timedelta(days=1)
        found, cursor = mailbox.search(["SINCE", since]), Cursor(folder.validity, 0, cursor.since)
    else:
        found = mailbox.search(["UID", f"{cursor.last + 1}:*"])
    uids = sorted(uid for uid in found if uid > cursor.last)
    for batch, arrivals in _fetched(mailbox, uids):
        line.keep(arrivals, cursor=str(_at(cursor, batch[-1])))
        _mark(mailbox, batch)
        if line.stopped():
            break
    if not uids and str(cursor) != line.cursor:
        line.keep((), cursor=str(cursor))
    return len(uids)


def _take_first(mailbox: IMAPClient, line: Line, folder: Folder) -> int:
    """Keep what is unread in a mailbox that may have been in use before; what was read there is not the desk's."""
    uids = sorted(mailbox.search("UNSEEN"))
    for batch, arrivals in _fetched(mailbox, uids):
        line.keep(arrivals)
        _mark(mailbox, batch)
        if line.stopped():
            # Begun again: what is kept is marked as read by now, or known by its name.
            return len(uids)
    line.keep((), cursor=str(Cursor(folder.validity, folder.next_uid - 1, _today())))
    return len(uids)


def _mark(mailbox: IMAPClient, batch: Sequence[int]) -> None:
    with suppress(IMAPClientError):
        # A folder that may only be read is taken in all the same: how far is known by its numbers.
        mailbox.add_flags(batch, [SEEN], silent=True)


def _today() -> date:
    return clock.now().astimezone(UTC).date()


def _at(cursor: Cursor, uid: int) -> Cursor:
    return Cursor(cursor.validity, max(cursor.last, uid), cursor.since)


def _sizes(mailbox: IMAPClient, uids: Sequence[int]) -> dict[int, int]:
    sizes: dict[int, int] = {}
    for start in range(0, len(uids), 500):
        found = mailbox.fetch(uids[start : start + 500], ["RFC822.SIZE"])
        sizes |= {uid: int(data.get(b"RFC822.SIZE", 0)) for uid, data in found.items()}
    return sizes


def batches(uids: Sequence[int], sizes: dict[int, int]) -> Iterator[list[int]]:
    """Divide letters, in their order, so that no batch weighs too much."""
    batch: list[int] = []
    weight = 0
    for uid in uids:
        size = min(sizes.get(uid, 0), LARGEST)
        if batch and (len(batch) >= MOST_AT_ONCE or weight + size > MOST_BYTES_AT_ONCE):
            yield batch
            batch, weight = [], 0
        batch.append(uid)
        weight += size
    if batch:
        yield batch


def _fetched(mailbox: IMAPClient, uids: Sequence[int]) -> Iterator[tuple[list[int], list[Arrival]]]:
    sizes = _sizes(mailbox, uids)
    for batch in batches(uids, sizes):
        yield batch, [one for uid in batch for one in _arrived(mailbox, uid, sizes)]


def _arrived(mailbox: IMAPClient, uid: int, sizes: dict[int, int]) -> Iterator[Arrival]:
    left: Sequence[tuple[str, int]] = ()
    if sizes.get(uid, 0) > LARGEST:
        original, left = without_files(mailbox, uid)
    else:
        original = bytes(mailbox.fetch([uid], ["BODY.PEEK[]"]).get(uid, {}).get(b"BODY[]", b""))
    # Nothing comes of one that was taken out of the folder meanwhile.
    if original:
        yield arrival_of(original, left=left)


def _idle(mailbox: IMAPClient, line: Line, *, within: float) -> None:
    """Wait until the server says anything, or it is time to ask it anew; what it said is asked for, not read here."""
    mailbox.idle()
    wire = mailbox.socket()
    waiting = select.poll()
    waiting.register(wire, select.POLLIN)
    renew_at, said = time.monotonic() + within, time.monotonic()
    while time.monotonic() < renew_at and not line.stopped():
        # Of an encrypted line, what was read and not yet asked for waits where no poll sees it.
        if getattr(wire, "pending", int)() or waiting.poll(LOOK_EVERY * 1_000):
            break
        if time.monotonic() - said > SAY_EVERY:
            said = time.monotonic()
            line.well()
    mailbox.idle_done()
