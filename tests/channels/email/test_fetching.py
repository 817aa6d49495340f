"""Staying at a mailbox of a real IMAP server."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from steward.channels.contract import Later
from steward.channels.email import imap as fetching
from steward.channels.email.carrier import Email
from steward.channels.email.imap import Cursor, batches
from steward.channels.email.letters import read
from tests.channels.email.desk import account
from tests.mail_servers import PASSWORD, Imap, imap_server, letter, settings_for
from tests.site import wait_for


class Line:
    """The desk's end, which may fall before it has kept anything."""

    def __init__(self, cursor: str = "") -> None:
        self.cursor, self.kept, self.names, self.wells, self.falls = cursor, [], set(), 0, []
        self._stop = threading.Event()

    def keep(self, arrivals, *, cursor=None):
        if self.falls:
            raise self.falls.pop()
        new = [one for one in arrivals if one.original not in self.names]
        self.names |= {one.original for one in new}
        self.kept += new
        if cursor is not None:
            self.cursor = cursor
        return len(new)

    def well(self):
        self.wells += 1

    def stopped(self, *, within=0):
        return self._stop.wait(within) if within else self._stop.is_set()

    def stop(self):
        self._stop.set()

    @property
    def bodies(self):
        return [
            one.original.split(b"\n\n" if b"\r\n" not in one.original else b"\r\n\r\n")[1].strip().decode() for one in self.kept
        ]


@pytest.fixture
def imap() -> Iterator[Imap]:
    with imap_server() as imap:
        yield imap


def at(imap: Imap, **settings: str):
    return replace(account(**settings_for(imap, None, **settings)), secrets={"imap_password": PASSWORD})


@contextmanager
def staying(imap: Imap, line: Line, **settings: str):
    fell: list[Exception] = []

    def stay() -> None:
        try:
            Email().listen(at(imap, **settings), line)
        except Exception as error:
            fell.append(error)

    thread = threading.Thread(target=stay)
    thread.start()
    try:
        yield fell
    finally:
        line.stop()
        thread.join(60)
        assert not thread.is_alive()


def test_what_is_there_and_what_comes_is_kept_in_its_order_and_marked_as_seen(imap):
    line = Line()
    imap.append(*(letter(f"Letter {number}") for number in range(3)))
    with staying(imap, line) as fell:
        assert wait_for(lambda: len(line.kept) == 3, 30), fell
        imap.append(letter("Letter 3"), letter("Letter 4"))
        assert wait_for(lambda: len(line.kept) == 5, 30), fell
        assert wait_for(lambda: all(imap.seen().values()), 30)
    assert line.bodies == [f"Letter {number}" for number in range(5)]
    assert Cursor.read(line.cursor).last == max(imap.seen())
    assert line.wells > 0


def test_nothing_is_marked_that_is_not_kept_and_it_comes_again(imap):
    line = Line()
    line.falls.append(RuntimeError("no database"))
    imap.append(letter("One"))
    with staying(imap, line) as fell:
        assert wait_for(lambda: bool(fell), 30)
    assert list(imap.seen().values()) == [False]
    again = Line(line.cursor)
    with staying(imap, again) as fell:
        assert wait_for(lambda: len(again.kept) == 1, 30), fell


def test_what_was_read_before_the_desk_came_is_not_the_desks(imap):
    client = imap.client()
    client.append("INBOX", letter("Old"), flags=[b"\\Seen"])
    imap.append(letter("Waiting"))
    client.append("INBOX", letter("Also old"), flags=[b"\\Seen"])
    client.logout()
    line = Line()
    with staying(imap, line) as fell:
        assert wait_for(lambda: bool(line.cursor), 30), fell
        imap.append(letter("New"))
        assert wait_for(lambda: len(line.kept) == 2, 30), fell
    assert line.bodies == ["Waiting", "New"]


def test_an_empty_mailbox_has_a_beginning(imap):
    line = Line()
    with staying(imap, line) as fell:
        assert wait_for(lambda: bool(line.cursor), 30), fell
        client = imap.client()
        client.append("INBOX", letter("Read on a telephone at once"), flags=[b"\\Seen"])
        client.logout()
        assert wait_for(lambda: len(line.kept) == 1, 30), fell


def test_when_its_numbers_begin_anew_everything_is_looked_at_again_and_nothing_is_twice(imap):
    line = Line()
    imap.append(letter("One", id="one@x"), letter("Two", id="two@x"))
    with staying(imap, line) as fell:
        assert wait_for(lambda: len(line.kept) == 2, 30), fell
    since = Cursor.read(line.cursor).since
    later = Line(str(Cursor(1, 10_000, since)))
    later.names = set(line.names)
    imap.append(letter("Three"))
    with staying(imap, later) as fell:
        assert wait_for(lambda: len(later.kept) == 1, 30), fell
    assert later.bodies == ["Three"]
    assert Cursor.read(later.cursor).validity == Cursor.read(line.cursor).validity


def test_of_what_is_too_large_the_words_are_taken_and_the_files_named(imap, monkeypatch):
    monkeypatch.setattr(fetching, "LARGEST", 5_000)
    raw = letter(
        "See the film",
        html="<p>See the film</p>",
        files=[("film.mp4", b"x" * 50_000, "video/mp4"), ("a.txt", b"log", "text/plain")],
    )
    imap.append(raw, letter("Small"))
    line = Line()
    with staying(imap, line) as fell:
        assert wait_for(lambda: len(line.kept) == 2, 30), fell
    large = line.kept[0]
    assert len(large.original) < 5_000
    assert [name for name, _size in large.raw["left"]] == ["film.mp4", "a.txt"]
    (heard,) = read(account(), {**large.raw, "original": large.original})
    assert (heard.body, heard.subject, heard.speaker.email) == ("See the film", "The console is slow", "mara@people.example")
    assert [file.name for file in heard.files] == ["film.mp4", "a.txt"]


def test_without_idle_it_is_asked_from_time_to_time(imap, monkeypatch):
    monkeypatch.setattr(fetching, "POLL_EVERY", 0.1)
    monkeypatch.setattr(fetching.IMAPClient, "has_capability", lambda _client, _name: False)
    line = Line()
    with staying(imap, line) as fell:
        assert wait_for(lambda: line.wells > 2, 30), fell
        imap.append(letter("One"))
        assert wait_for(lambda: len(line.kept) == 1, 30), fell


def test_it_is_renewed_from_time_to_time_and_loses_nothing(imap, monkeypatch):
    monkeypatch.setattr(fetching, "RENEW_EVERY", 0.05)
    monkeypatch.setattr(fetching, "LOOK_EVERY", 0.05)
    line = Line()
    with staying(imap, line) as fell:
        for number in range(5):
            imap.append(letter(f"Letter {number}"))
        assert wait_for(lambda: len(line.kept) == 5, 30), fell
    assert len(line.names) == 5


def test_a_server_that_goes_is_later(imap):
    line = Line()
    with staying(imap, line) as fell:
        assert wait_for(lambda: line.wells > 0, 30)
        imap.stop()
        assert wait_for(lambda: bool(fell), 60)
    assert isinstance(fell[0], Later)


@pytest.mark.parametrize(
    "settings",
    [{"imap_user": "nobody"}, {"imap_host": "127.0.0.1", "imap_port": "1"}, {"imap_security": "ssl"}, {"folder": "None"}],
)
def test_what_does_not_let_the_desk_in_is_later_in_words(imap, settings):
    with pytest.raises(Later) as error:
        Email().listen(at(imap, **settings), Line())
    assert str(error.value)
    assert PASSWORD not in str(error.value)


def test_only_a_mailbox_with_a_server_is_stayed_at(imap):
    assert Email().listens(at(imap))
    assert not Email().listens(account())


def test_a_batch_weighs_no_more_than_is_held_at_once():
    sizes = dict(enumerate([1, 2, 9_000_000, 9_000_000, 3, *[1] * 120]))
    found = list(batches(list(sizes), sizes))
    assert [uid for batch in found for uid in batch] == list(sizes)
    assert found[:3] == [[0, 1], [2], [3]]
    assert max(map(len, found)) == fetching.MOST_AT_ONCE


@pytest.mark.parametrize("text", ["", "x", "1", "1:x:", "x:1:", ":::", "1:2", "1:2:", "1:2:2026-03-02", "1:2:soon"])
def test_a_cursor_is_read_back_or_is_the_beginning(text):
    found = Cursor.read(text)
    assert Cursor.read(str(found)) == found
