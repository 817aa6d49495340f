"""Bad input: a clear message, nothing lost, nothing twice."""

import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from steward.core.errors import Invalid
from steward.desk.actions import filing
from steward.desk.actions.filing import bytes_upload, open_file, path_of, storage, store_file
from steward.desk.actions.intake import receive_message
from steward.desk.actions.replies import reply
from steward.desk.models import Attachment, Message, Ticket, TicketSearch
from steward.desk.queries.search import search_tickets
from tests.desk.conftest import bodies, listing
from tests.pictures import png

PNG = png()


@pytest.fixture
def files(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"
    return tmp_path / "files"


@pytest.mark.parametrize("body", ["a\x00b", "half \ud83d", "", " \u200b\u200f\n", "x" * 1_000_001])
def test_a_body_that_cannot_be_kept_is_refused_and_nothing_is_written(cast, body):
    with pytest.raises(Invalid) as told:
        cast.ticket(body)
    assert told.value.field == "body"
    assert not Ticket.objects.exists()
    ticket = cast.ticket()
    with pytest.raises(Invalid):
        reply(ticket_id=ticket.pk, body=body, by=cast.actor(cast.ada), at=cast.at)
    assert len(bodies(ticket)) == 1


@pytest.mark.parametrize(
    "body",
    [
        "שלום \u202eעולם",
        "می\u200cخواهم",
        "👩\u200d💻",
        "'; DROP TABLE desk_ticket; --",
        "<script>alert(1)</script>",
        "{{ 7*7 }}",
        "%s %(x)s",
    ],
)
def test_a_body_in_any_script_is_kept_as_it_is(cast, body):
    assert bodies(cast.ticket(body)) == [body]


def test_the_longest_body_is_kept_whole(cast):
    assert len(bodies(cast.ticket("x" * 1_000_000))[0]) == 1_000_000


def test_a_paste_of_ten_thousand_rows_is_stored_whole_and_found_by_its_last_row(cast):
    rows = [f"mod-{number:05} queue{number} 2026-03-02T09:{number % 60:02} decision{number}" for number in range(10_000)]
    started = time.monotonic()
    ticket = cast.ticket("\n".join(rows))
    assert time.monotonic() - started < 10
    assert bodies(ticket)[0].splitlines() == rows
    for words in ("queue9999", "decision9999 09999", "queue0 "):
        assert [row.id for row in search_tickets(words, queue_ids=[cast.support.pk], at=cast.at)] == [ticket.pk]


def test_a_ticket_with_more_words_than_the_index_holds_goes_on_taking_messages(cast):
    ticket = cast.ticket()
    by = cast.actor(cast.ravi)
    for part in range(4):
        body = " ".join(f"{'ж' * 40}{part}x{number}" for number in range(6_000))
        receive_message(ticket_id=ticket.pk, body=body, by=by, at=cast.at)
    assert Message.objects.filter(ticket=ticket).count() == 5
    assert TicketSearch.objects.get(ticket=ticket).document


@pytest.mark.parametrize("token", ["a\x00b", "x" * 101, "\ud800"])
def test_a_made_up_token_is_refused(cast, token):
    with pytest.raises(Invalid) as told:
        cast.ticket(client_token=token)
    assert told.value.field == "client_token"


def test_the_same_token_is_the_same_ticket_and_the_same_message(cast):
    assert cast.ticket(client_token="t1") == cast.ticket("Another text", client_token="t1")
    assert cast.ticket(client_token="t1", requester=cast.oto) != cast.ticket(client_token="t1")
    ticket, by = cast.ticket(), cast.actor(cast.ada)
    one = reply(ticket_id=ticket.pk, body="Hi", client_token="t", by=by, at=cast.at)
    assert reply(ticket_id=ticket.pk, body="Hi", client_token="t", by=by, at=cast.at) == one
    assert reply(ticket_id=ticket.pk, body="Hi", client_token="t", by=cast.actor(cast.ben), at=cast.at) != one


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("shot.png", PNG, "image/png"),
        ("shot.jpg", PNG, "image/png"),
        ("log.txt", b"plain text", "text/plain"),
        ("page.html", b"<html><script>alert(1)</script>", "text/plain"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "text/plain"),
        ("plain.pdf", b"%PDF-1.4\n1 0 obj\n", "application/pdf"),
        ("data.unknown", b"\x00\x01\x02\x03", "application/octet-stream"),
        ("noname", b"\x00\x01\x02\x03", "application/octet-stream"),
    ],
)
def test_a_file_is_kept_as_what_it_is(files, name, content, kind):
    stored = store_file(bytes_upload(name, content))
    assert (stored.name, stored.media_type, stored.size) == (name, kind, len(content))
    with open_file(stored.sha256) as opened:
        assert opened.read() == content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("shot.png", b"<html><script>alert(1)</script></html>"),
        ("shot.png", b"\x00\x01\x02\x03\x04"),
        ("shot.jpg", b"%PDF-1.4 and so on"),
        ("paper.pdf", b"just text"),
        ("all.zip", b"just text"),
        ("film.mp4", PNG),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(files, name, content):
    with pytest.raises(Invalid, match="not what its name says"):
        store_file(bytes_upload(name, content))
    assert not list(files.rglob("*.*"))


def test_an_empty_and_a_too_large_file_are_refused(files, settings):
    with pytest.raises(Invalid, match=r"shot\.png is empty"):
        store_file(bytes_upload("shot.png", b""))
    settings.MAX_FILE_BYTES = 1_000_000
    assert store_file(bytes_upload("a.txt", b"x" * 1_000_000))
    with pytest.raises(Invalid, match=r"has 1\.0 MB; 1 MB fit"):
        store_file(bytes_upload("a.txt", b"x" * 1_000_001))


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "..\\..\\boot.ini", "x" * 300 + ".txt", "photo\u202egpj.txt", "\x00", "", ".", "a/b/c.txt", "\ud800.txt"],
)
def test_no_name_leaves_its_folder_or_misleads(cast, files, name):
    upload = ContentFile(b"text")
    upload.name = name
    stored = store_file(upload)
    assert not set(stored.name) & set("/\\\x00\u202e")
    assert {path.parent.parent for path in files.rglob("*") if path.is_file()} == {files}
    cast.ticket(files=[stored])
    assert Attachment.objects.get().name == stored.name


def test_the_same_bytes_are_stored_once_in_a_private_place(files):
    one, other = store_file(bytes_upload("a.txt", b"same")), store_file(bytes_upload("b.txt", b"same"))
    assert one.sha256 == other.sha256
    (kept,) = [path for path in files.rglob("*") if path.is_file()]
    assert oct(kept.stat().st_mode)[-3:] == "600"
    assert oct(files.stat().st_mode)[-3:] == "700"
    assert kept == Path(storage().path(path_of(one.sha256)))


def test_a_crash_while_storing_leaves_no_half_file(files, monkeypatch):
    class Cut(Exception):
        pass

    def cut(_descriptor):
        raise Cut

    with monkeypatch.context() as patch:
        patch.setattr(filing.os, "fsync", cut)
        with pytest.raises(Cut):
            store_file(bytes_upload("a.txt", b"half"))
    assert not [path for path in files.rglob("*") if path.is_file()]
    assert store_file(bytes_upload("a.txt", b"half"))


def test_a_message_of_files_alone_needs_no_text_but_not_more_than_ten(cast, files):
    stored = [store_file(bytes_upload(f"{number}.txt", str(number).encode())) for number in range(11)]
    ticket = cast.ticket("", files=stored[:1])
    assert ticket.subject == "0.txt"
    with pytest.raises(Invalid, match="11 files; 10 fit"):
        receive_message(ticket_id=ticket.pk, body="", files=stored, by=cast.actor(cast.ravi), at=cast.at)
    assert [row.id for row in search_tickets("0.txt", queue_ids=[cast.support.pk], at=cast.at)] == [ticket.pk]


@pytest.mark.parametrize("page", ["x", "%00", "W10", "WzEsMl0", "A" * 9000])
@pytest.mark.parametrize("order", ["due", "priority", "waiting", "updated", "newest"])
def test_a_made_up_page_is_refused_in_words(cast, page, order):
    with pytest.raises(Invalid, match="page of the list"):
        listing(queues=[cast.support], order=order, page=page)
