"""A desk carried out and in again is the same desk; a damaged export, and a desk that is not empty, are left alone."""

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection, connections, transaction

from steward.cli.exporting import MAY_STAND
from steward.core.errors import Conflict, Invalid
from steward.core.rows import first_row, rows
from steward.core.transfer import writing
from steward.core.transfer.declared import left_out
from steward.core.transfer.manifest import MANIFEST, Manifest
from steward.core.transfer.reading import import_desk
from steward.core.transfer.tables import all_tables, carried_tables
from steward.core.transfer.writing import export_desk
from steward.desk.actions.filing import store_file
from steward.desk.actions.replies import reply
from steward.desk.models import Attachment, Message, Ticket, TicketSearch
from steward.ledger.actions.following import settle
from steward.ledger.models import Event, Subscription
from steward.ledger.subscriptions import checks
from steward.people.models import User
from tests.cast import NOW
from tests.databases import drop, make, now_at, point_at
from tests.template import TEMPLATE

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def busy(fresh_cast, settings, tmp_path):
    """Give a desk in which some things have happened, with a file, in a folder of its own."""
    settings.FILES_FOLDER = tmp_path / "stored"
    cast = fresh_cast
    cast.on_shift(cast.ada, cast.ben)
    for number in range(5):
        ticket = cast.ticket(f'Line {number}\n\ttab \\ slash "quote" 雪 🐈 \x7f {number}')
        cast.later(minutes=7)
        reply(
            ticket_id=ticket.pk,
            body="Please try again.\r\nDone?",
            files=[store_file(ContentFile(b"log of %d" % number, name="a,b\\.txt"))],
            by=cast.actor(cast.ada),
            at=cast.at,
        )
    cast.ticket("Secret", queue=cast.restricted)
    settle()
    return cast


@pytest.fixture
def empty(fresh_database):
    """Give a way into an empty database, made and dropped beside the desk's own."""
    before, name = now_at(), f"{fresh_database}_empty"
    made = []

    def enter():
        make(name, template=TEMPLATE)
        made.append(name)
        point_at(name)

    yield enter
    connections.close_all()
    point_at(before)
    for one in made:
        drop(one)


def export(folder):
    return export_desk(folder, at=NOW)


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def is_empty():
    return [table.name for table in carried_tables() if first_row(f"SELECT 1 FROM {table.name} LIMIT 1")] == []


def test_an_imported_desk_is_the_same_desk_and_goes_on(busy, empty, tmp_path, settings):
    done = export(tmp_path / "one")
    assert done.files == 5
    assert done.missing_files == []
    events = list(Event.objects.order_by("id").values())
    positions = dict(Subscription.objects.values_list("name", "position"))
    found = {pk: set(document) for pk, document in rows("SELECT ticket_id, tsvector_to_array(document) FROM desk_ticketsearch")}
    body = Message.objects.latest("id").body
    empty()
    settings.FILES_FOLDER = tmp_path / "elsewhere"
    import_desk(tmp_path / "one")
    assert list(Event.objects.order_by("id").values()) == events
    assert dict(Subscription.objects.values_list("name", "position")) == positions
    assert {
        pk: set(document) for pk, document in rows("SELECT ticket_id, tsvector_to_array(document) FROM desk_ticketsearch")
    } == found
    assert {name: list(check()) for name, check in checks().items()} == {name: [] for name in checks()}
    assert Message.objects.latest("id").body == body
    assert not any(user.has_usable_password() for user in User.objects.all())
    # The same again, apart from the instant.
    export_desk(tmp_path / "two", at=NOW + timedelta(days=1))
    first, second = contents(tmp_path / "one"), contents(tmp_path / "two")
    pages = [json.loads(page.pop(MANIFEST)) for page in (first, second)]
    assert first == second
    assert pages[0].pop("exported_at") != pages[1].pop("exported_at")
    assert pages[0] == pages[1]
    # And it goes on: new rows, new events behind the old, heard by who follows.
    last, last_event = Ticket.objects.latest("id").pk, events[-1]
    made = busy.ticket("One more")
    assert made.pk == last + 1
    assert settle() > 0
    later = Event.objects.filter(id__gt=last_event["id"]).order_by("id").first()
    assert later is not None
    assert later.id == last_event["id"] + 1
    assert later.recorded_at > last_event["recorded_at"]
    assert {name: list(check()) for name, check in checks().items()} == {name: [] for name in checks()}
    assert TicketSearch.objects.filter(ticket=made).exists()


def test_an_event_cannot_choose_its_place_once_one_was_recorded(busy):
    event = Event.objects.order_by("id").values().first()
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(
            "INSERT INTO ledger_event SELECT (jsonb_populate_record(NULL::ledger_event, to_jsonb(e) || '{\"id\": 1000000}')).* "
            "FROM ledger_event e WHERE id = %s",
            [event["id"]],
        )
    again = Event.objects.order_by("-id").values().first()
    assert (again["id"], again["seq"]) != (1_000_000, event["seq"])
    assert again["recorded_at"] > event["recorded_at"]


def test_a_desk_that_is_not_empty_is_left_alone(busy, tmp_path):
    export(tmp_path / "one")
    before = contents(tmp_path / "one")
    with pytest.raises(Conflict, match="not empty"):
        import_desk(tmp_path / "one", may_stand=MAY_STAND)
    export(tmp_path / "two")
    again = contents(tmp_path / "two")
    before.pop(MANIFEST), again.pop(MANIFEST)
    assert before == again


def cut(path):
    path.write_bytes(path.read_bytes()[:-10])


def turn(path):
    path.write_bytes(path.read_bytes().replace(b"Line 3", b"Line 4", 1))


def grow(path):
    path.write_bytes(path.read_bytes() + b"{}\n")


def lose(path):
    path.unlink()


def other_version(path):
    path.write_text(path.read_text().replace("steward-export/1", "steward-export/9"))


def other_sequence(path):
    path.write_text(path.read_text().replace('"desk_ticket": 6', '"desk_ticket": 1'))


@pytest.mark.parametrize(
    ("place", "harm", "said"),
    [
        ("tables/desk_message.jsonl", cut, "cut off"),
        ("tables/desk_message.jsonl", turn, "damaged"),
        ("tables/ledger_event.jsonl", grow, "damaged"),
        ("tables/people_user.jsonl", lose, "missing"),
        ("files.jsonl", lose, "missing"),
        ("files.jsonl", cut, "cut off"),
        (MANIFEST, lose, "no whole export"),
        (MANIFEST, cut, "damaged"),
        (MANIFEST, other_version, "version"),
        (MANIFEST, other_sequence, "damaged"),
        ("files/*/*", cut, "damaged"),
        ("files/*/*", lose, "missing"),
    ],
)
def test_a_damaged_export_is_named_before_anything_is_written(exported, empty_desk, tmp_path, settings, place, harm, said):
    settings.FILES_FOLDER = tmp_path / "elsewhere"
    subprocess.run(["cp", "-r", str(exported), str(tmp_path / "copy")], check=True)
    path = next((tmp_path / "copy").glob(place))
    before = path.read_bytes()
    harm(path)
    assert not path.exists() or path.read_bytes() != before
    with pytest.raises(Invalid, match=said) as caught:
        import_desk(tmp_path / "copy")
    assert path.name in str(caught.value) or harm is lose
    assert is_empty()
    assert not settings.FILES_FOLDER.exists()


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Give the place where the module's one export lies; `empty_desk` makes it."""
    return tmp_path_factory.mktemp("exported") / "desk"


@pytest.fixture
def empty_desk(exported, request, fresh_database):
    """Give an empty database, and see to it that the module's export is there."""
    if not exported.exists():
        inner = f"{fresh_database}_source"
        from tests.conftest import CAST_TEMPLATE, _made

        make(inner, template=CAST_TEMPLATE)
        point_at(inner)
        settings = request.getfixturevalue("settings")
        settings.FILES_FOLDER = exported.parent / "stored"
        cast = _made["cast"]
        for number in range(6):
            ticket = cast.ticket(f"Line {number}")
        reply(
            ticket_id=ticket.pk,
            body="See",
            files=[store_file(ContentFile(b"a log", name="a.txt"))],
            by=cast.actor(cast.ada),
            at=cast.at,
        )
        export(exported)
        connections.close_all()
        point_at(fresh_database)
        drop(inner)
    return fresh_database


def test_rows_that_do_not_fit_leave_the_desk_empty(exported, empty_desk, tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "elsewhere"
    subprocess.run(["cp", "-r", str(exported), str(tmp_path / "copy")], check=True)
    path = tmp_path / "copy" / "tables" / "desk_ticket.jsonl"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[1:]))
    write_again(tmp_path / "copy", "desk_ticket")
    with pytest.raises(Invalid, match="do not fit together"):
        import_desk(tmp_path / "copy")
    assert is_empty()
    path.write_text("".join(lines[1:]) + "[1]\n")
    write_again(tmp_path / "copy", "desk_ticket")
    with pytest.raises(Invalid, match="refuses rows of desk_ticket"):
        import_desk(tmp_path / "copy")
    assert is_empty()
    import_desk(exported, may_stand=MAY_STAND)
    assert Ticket.objects.count() == 6


def write_again(folder, table):
    """Write the manifest of somebody who changed a table by hand and knew how."""
    page = json.loads((folder / MANIFEST).read_text())
    from hashlib import sha256

    content = (folder / "tables" / f"{table}.jsonl").read_bytes()
    page["tables"][table] |= {"rows": content.count(b"\n"), "bytes": len(content), "sha256": sha256(content).hexdigest()}
    from steward.core.transfer.manifest import checksum_of

    page["checksum"] = checksum_of(page)
    (folder / MANIFEST).write_text(json.dumps(page))


def test_an_export_of_another_release_is_refused_with_what_to_do(exported, empty_desk, tmp_path):
    for change, hint in (
        (lambda names: names.append("desk.9999_later"), "then upgrade"),
        (lambda names: names.pop(), "then upgrade"),
    ):
        folder = tmp_path / str(len(hint) + id(change))
        subprocess.run(["cp", "-r", str(exported), str(folder)], check=True)
        page = json.loads((folder / MANIFEST).read_text())
        change(page["migrations"])
        (folder / MANIFEST).write_text(json.dumps(page))
        write_again(folder, "desk_ticket")
        with pytest.raises(Invalid, match="release") as caught:
            import_desk(folder)
        assert hint in caught.value.hint
        assert is_empty()


def test_an_export_is_begun_again_where_it_was_cut_off_and_has_its_name_only_when_whole(busy, tmp_path, monkeypatch):
    whole = writing._write_file

    def fails(target, sha256):
        if len(list(target.parent.parent.glob("*/*"))) == 3:
            raise KeyboardInterrupt
        return whole(target, sha256)

    monkeypatch.setattr(writing, "_write_file", fails)
    with pytest.raises(KeyboardInterrupt):
        export(tmp_path / "one")
    assert not (tmp_path / "one").exists()
    with pytest.raises(Invalid, match="no whole export"):
        Manifest.read(tmp_path / "one.unfinished")
    kept = {path: path.stat().st_ino for path in (tmp_path / "one.unfinished" / "files").glob("*/*")}
    monkeypatch.setattr(writing, "_write_file", whole)
    assert export(tmp_path / "one").files == 5
    assert {path.name: path.stat().st_ino for path in (tmp_path / "one" / "files").glob("*/*")}.items() >= {
        path.name: inode for path, inode in kept.items()
    }.items()
    assert not (tmp_path / "one.unfinished").exists()
    assert (tmp_path / "one").stat().st_mode & 0o077 == 0
    with pytest.raises(Invalid, match="there already"):
        export(tmp_path / "one")


def test_a_file_the_storage_has_lost_is_named_and_the_rest_is_whole(busy, empty, tmp_path, settings):
    lost = Attachment.objects.order_by("id").values_list("sha256", flat=True)[0]
    (settings.FILES_FOLDER / lost[:2] / lost).unlink()
    done = export(tmp_path / "one")
    assert done.missing_files == [lost]
    assert done.files == 4
    empty()
    settings.FILES_FOLDER = tmp_path / "elsewhere"
    assert import_desk(tmp_path / "one").missing_files == [lost]


def test_every_table_is_carried_or_says_why_not_and_is_written_about(fresh_database):
    known = {table.name for table in all_tables()}
    carried = {table.name for table in carried_tables()}
    assert left_out().keys() <= known
    assert known - carried == left_out().keys()
    assert all(why.endswith(".") for why in left_out().values())
    page = (ROOT / "docs" / "export.md").read_text()
    told = {line.split("`")[1] for line in page.splitlines() if line.startswith("| `")}
    assert told == known, "docs/export.md says of each table what it holds, or why it stays behind"


SECRET = ("password", "secret", "token", "key", "hash", "credential")
# A hash of a long random token tells nobody the token; the others are no secrets.
HARMLESS = {
    "people_apitoken.token_hash",
    "channels_webhooksending.key",
    "channels_inboundenvelope.thread_key",
    "channels_outgoing.key",
    "channels_widgetsite.key",
    "people_invitation.token_hash",
    "people_passwordlink.token_hash",
    "desk_weight.key",
    "desk_viewchoice.key",
}


def test_no_secret_is_carried_unseen(fresh_database):
    found = {
        f"{table.name}.{column}"
        for table in carried_tables()
        for column in table.carried
        if any(word in column for word in SECRET) and column != "client_token"
    }
    assert found == HARMLESS
    assert any(table.left for table in carried_tables())


PROGRAM = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
from pathlib import Path
from django.db import connection
from steward.core.transfer.reading import import_desk
settings.DATABASES["default"].update(NAME=sys.argv[2], **{name: sys.argv[place] for place, name in enumerate(("USER", "PASSWORD", "HOST", "PORT"), 3)})
settings.FILES_FOLDER = Path(sys.argv[7])
def told(what, done, of):
    if what == "search":
        os.kill(os.getpid(), signal.SIGKILL)
import_desk(Path(sys.argv[1]), told=told)
"""


def test_an_import_that_is_killed_leaves_the_desk_empty_and_can_be_done_again(exported, empty_desk, tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "elsewhere"
    given = settings.DATABASES["default"]
    words = [
        str(exported),
        empty_desk,
        *(str(given[name]) for name in ("USER", "PASSWORD", "HOST", "PORT")),
        str(tmp_path / "elsewhere"),
    ]
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "steward.config.settings"},
        capture_output=True,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    assert is_empty()
    import_desk(exported)
    assert Ticket.objects.count() == 6
    assert {name: list(check()) for name, check in checks().items()} == {name: [] for name in checks()}
