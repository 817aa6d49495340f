"""Taking tickets over from a file."""

import csv
import json
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from steward.cli.importing import Rejects
from steward.cli.ticket_files import LONGEST_ROW, BadMap, open_tickets, read_map, rows_of
from steward.core.errors import Invalid, NotAllowed
from steward.desk.actions.importing import ImportedRow, import_tickets
from steward.desk.actions.replies import reply
from steward.desk.models import Category, Message, Ticket
from steward.desk.queries.verification import problems
from steward.desk.rules.states import State
from steward.ledger.models import Event
from steward.people.actor import ActorKind, system
from tests.cast import NOW

BY = system("import tickets", kind=ActorKind.IMPORT)
BANKING = Path(__file__).resolve().parents[3] / "shared" / "assist-data" / "banking77"


def run(rows, **values):
    refused = []
    outcome = import_tickets(
        rows=rows,
        reject=lambda row, reason: refused.append((row.number, reason)),
        **{"source": "old", "by": BY, "at": NOW, **values},
    )
    return outcome, refused


def run_file(path, mapping=None, **values):
    return run(rows_of(open_tickets(path, mapping=mapping or {})), **values)


def write(tmp_path, text, name="t.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding) if isinstance(text, str) else text)
    return path


def rows(count):
    return [
        ImportedRow(n, external_id=f"x{n}", body=f"My queue {n} is empty", category="Queues / Empty") for n in range(1, count + 1)
    ]


def test_a_row_becomes_a_ticket_with_its_own_time_category_and_requester(cast):
    row = ImportedRow(
        1, external_id="7", subject="Locked out", body="I cannot sign in", category="Access / Sign-in",
        requester_email="Mo@Console.example", created_at="2026-01-05T08:00:00+01:00",
    )  # fmt: skip
    outcome, refused = run([row])
    ticket = Ticket.objects.get()
    assert (outcome.created, refused) == (1, [])
    assert (ticket.subject, ticket.source, ticket.external_id) == ("Locked out", "old", "7")
    assert ticket.created_at == datetime(2026, 1, 5, 7, tzinfo=UTC)
    assert (ticket.category.name, ticket.category.parent.name) == ("Sign-in", "Access")
    assert ticket.requester.email == "mo@console.example"
    assert Event.objects.get(kind="desk.ticket_opened").occurred_at == ticket.created_at
    assert list(problems()) == []


def test_running_it_again_makes_nothing_twice(cast):
    first, _ = run(rows(5))
    again, _ = run([*rows(5), ImportedRow(6, external_id="x6", body="One more")])
    assert (first.created, again.created, again.skipped) == (5, 1, 5)


def test_the_same_id_of_another_source_is_another_ticket(cast):
    run(rows(2))
    other, _ = run(rows(2), source="older")
    assert other.created == 2


def test_an_id_that_comes_twice_in_a_file_is_one_ticket(cast):
    outcome, _ = run([ImportedRow(1, external_id="7", body="One"), ImportedRow(2, external_id="7", body="Two")])
    assert (outcome.created, outcome.skipped) == (1, 1)


def test_rows_without_an_id_are_known_by_content_and_occurrence(cast):
    same = [ImportedRow(n, body="Where is my queue?") for n in range(1, 4)]
    first, _ = run(same)
    again, _ = run([*same, ImportedRow(4, body="Where is my queue?")])
    assert (first.created, first.without_id, first.without_time) == (3, 3, 3)
    assert (again.created, again.skipped) == (1, 3)


def test_a_dry_run_changes_nothing_and_counts_like_the_real_one(cast):
    wanted = [*rows(250), ImportedRow(251, external_id="x3", body="Again"), ImportedRow(252, external_id="x252", body="  ")]
    tried, _ = run(wanted, dry_run=True)
    assert not Ticket.objects.exists()
    assert not Category.objects.exists()
    real, _ = run(wanted)
    assert (tried.read, tried.created, tried.skipped, tried.rejected) == (real.read, real.created, real.skipped, real.rejected)
    assert real.rejected == 1


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"body": ""}, "no text"),
        ({"body": "\u200b\u200e"}, "no text"),
        ({"body": "a\x00b"}, "NUL"),
        ({"body": "\ud800"}, "damaged"),
        ({"body": "x" * 1_000_001}, "1,000,000"),
        ({"created_at": "yesterday"}, "not a time"),
        ({"created_at": "2026-03-02T09:00:01Z"}, "future"),
        ({"created_at": "1890-01-01"}, "too long ago"),
        ({"requester_email": "not an address"}, ""),
        ({"category": "x" * 90}, "80"),
        ({"category": " / "}, "path"),
        ({"category": " / ".join("abcdefg")}, "path"),
        ({"external_id": "y" * 201}, "200"),
    ],
)
def test_a_bad_row_is_refused_with_its_reason_and_the_others_go_on(cast, values, reason):
    bad = ImportedRow(2, **{"external_id": "bad", "body": "Fine", **values})
    outcome, refused = run([ImportedRow(1, external_id="a", body="Fine"), bad, ImportedRow(3, external_id="b", body="Fine")])
    assert (outcome.created, outcome.rejected) == (2, 1)
    assert refused[0][0] == 2
    assert reason in refused[0][1]
    assert list(problems()) == []


def test_a_refused_row_leaves_no_category_and_no_requester_behind(cast):
    bad = ImportedRow(1, external_id="1", body="\x00", category="Fresh / Node", requester_email="new@x.example")
    good = ImportedRow(2, external_id="2", body="Fine", category="Fresh / Node", requester_email="new@x.example")
    outcome, _ = run([bad, good])
    assert outcome.created == 1
    assert Ticket.objects.get().category.parent.name == "Fresh"
    assert list(problems()) == []


def test_a_time_without_a_zone_is_of_the_zone_given(cast):
    run([ImportedRow(1, external_id="1", body="Hello", created_at="2026-01-05 08:00:00")], zone="Asia/Shanghai")
    assert Ticket.objects.get().created_at == datetime(2026, 1, 5, 0, tzinfo=UTC)


def test_right_to_left_and_zero_width_text_is_kept_as_it_is(cast):
    text = "مرحبا \u200fقائمة\u200d 👩\u200d💻"
    run([ImportedRow(1, external_id="1", body=text)])
    assert Message.objects.get().body == text


def test_only_the_desk_may_import(cast):
    with pytest.raises(NotAllowed):
        run(rows(1), by=cast.actor(cast.ravi))


def test_imported_tickets_can_be_worked(cast):
    run(rows(1))
    ticket = Ticket.objects.get()
    reply(ticket_id=ticket.pk, body="Reload the page.", then=State.SOLVED, by=cast.actor(cast.ada), at=NOW + timedelta(hours=1))
    ticket.refresh_from_db()
    assert ticket.state == "solved"
    assert list(problems()) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_a_file_is_read_in_its_encoding_and_an_unusual_one_is_said(cast, tmp_path, encoding):
    path = write(tmp_path, "external_id,body\n1,Die Übersicht ist leer – seit heute früh und für alle\n", encoding=encoding)
    file = open_tickets(path, mapping={})
    run(rows_of(file))
    assert Message.objects.get().body == "Die Übersicht ist leer – seit heute früh und für alle"
    assert bool(file.notes) == (not encoding.startswith("utf-8"))


def test_bytes_of_no_encoding_are_still_read_and_said(tmp_path):
    file = open_tickets(write(tmp_path, b"external_id,body\n1,caf\xe9 \x81\n"), mapping={})
    assert "Latin-1" in file.notes[0]
    assert next(rows_of(file)).body == "caf\xe9 \x81"


def test_a_column_text_is_taken_for_the_body_and_that_is_said(tmp_path):
    file = open_tickets(write(tmp_path, "text,category,mood\nHi,Greeting,good\n"), mapping={})
    (row,) = rows_of(file)
    assert (row.body, row.category) == ("Hi", "Greeting")
    assert "text was taken" in file.notes[0]
    assert "mood" in file.notes[1]


def test_a_map_says_which_column_fills_which_field(tmp_path):
    mapping, own = read_map(write(tmp_path, "body: question\ncategory: intent\nfields:\n  Console build: version\n", "m.yaml"))
    (row,) = rows_of(open_tickets(write(tmp_path, "question;intent;version\nHi;Greeting;KX-204\n"), mapping=mapping, own=own))
    assert row.fields == {"Console build": "KX-204"}
    assert (row.body, row.category) == ("Hi", "Greeting")


@pytest.mark.parametrize("text", ["colour: body\n", "- body\n", "body: [1]\n", "{", "body: 3\n"])
def test_a_map_that_makes_no_sense_is_wrong_usage(tmp_path, text):
    with pytest.raises(BadMap):
        read_map(write(tmp_path, text, "m.yaml"))


def test_a_map_to_a_column_that_is_not_there_is_wrong_usage(tmp_path):
    with pytest.raises(BadMap, match="no column question"):
        open_tickets(write(tmp_path, "body\nHi\n"), mapping={"body": "question"})


@pytest.mark.parametrize(
    ("name", "text"),
    [("t.xlsx", "body\nHi\n"), ("t.csv", ""), ("t.csv", "a,a\n1,2\n"), ("t.csv", "subject\nHi\n"), ("t.jsonl", "")],
)
def test_a_file_that_cannot_be_imported_is_refused_before_anything_happens(tmp_path, name, text):
    with pytest.raises(Invalid):
        open_tickets(write(tmp_path, text, name), mapping={})


def test_a_quoted_cell_keeps_its_line_ends_commas_and_quotes(tmp_path):
    (row,) = rows_of(open_tickets(write(tmp_path, 'external_id,body\r\n1,"Line one,\r\nline ""two"""\r\n'), mapping={}))
    assert row.body == 'Line one,\r\nline "two"'


def test_a_quote_within_a_plain_cell_is_only_a_quote(tmp_path):
    found = list(rows_of(open_tickets(write(tmp_path, 'external_id,body\n1,a 5" screen\n2,fine\n'), mapping={})))
    assert [row.body for row in found] == ['a 5" screen', "fine"]


def test_a_stray_quote_costs_only_its_own_line(tmp_path):
    text = 'external_id,body\n1,"never closed\n2,fine\n3,also fine\n4,"a third\n5,good\n'
    found = list(rows_of(open_tickets(write(tmp_path, text), mapping={})))
    assert [(row.number, row.external_id) for row in found if not row.problem] == [(2, "2"), (3, "3"), (5, "5")]
    assert [row.columns[""] for row in found if row.problem] == ['1,"never closed', '4,"a third']


def test_ragged_rows_say_how_many_cells_they_have(tmp_path):
    found = list(rows_of(open_tickets(write(tmp_path, "external_id,body\n1\n2,b,c\n\n3,d\n"), mapping={})))
    assert [row.problem for row in found] == [
        "The row has 1 cells, the file has 2 columns.",
        "The row has 3 cells, the file has 2 columns.",
        "",
    ]


def test_a_row_that_never_ends_is_refused_and_the_next_one_is_read(tmp_path):
    text = f"external_id,body\n1,{'x' * (LONGEST_ROW + 10)}\n2,fine\n"
    found = list(rows_of(open_tickets(write(tmp_path, text), mapping={})))
    assert [bool(row.problem) for row in found] == [True, False]


def test_bad_lines_of_json_are_told_one_by_one(tmp_path):
    text = '{"body": "Hi", "external_id": 7}\nnot json\n[1]\n{"body": {"a": 1}}\n\n' + "[" * 100_000 + '\n{"body": null}\n'
    found = list(rows_of(open_tickets(write(tmp_path, text, "t.jsonl"), mapping={})))
    assert [row.problem for row in found] == [
        "",
        "The line is not JSON.",
        "The line is not a JSON object.",
        "body holds no text.",
        "The line is not JSON.",
        "",
    ]
    assert found[0].external_id == "7"


def test_the_file_of_rejects_cannot_run_a_formula(tmp_path):
    path = write(tmp_path, "external_id,body\n=1+1,\x00\n")
    file = open_tickets(path, mapping={})
    with Rejects(path, file) as rejects:
        for row in rows_of(file):
            rejects.add(row, "=because")
    with (tmp_path / "t.csv.rejects.csv").open(encoding="utf-8-sig", newline="") as back:
        header, row = csv.reader(back)
    assert header == ["row", "reason", "external_id", "body", "unread"]
    assert row == ["1", "'=because", "'=1+1", "␀", ""]


def test_a_run_without_rejects_takes_the_old_file_of_rejects_away(tmp_path):
    path = write(tmp_path, "external_id,body\n1,Hi\n")
    (tmp_path / "t.csv.rejects.csv").write_text("old")
    with Rejects(path, open_tickets(path, mapping={})):
        pass
    assert not (tmp_path / "t.csv.rejects.csv").exists()


def test_a_share_of_the_real_questions_comes_in_and_is_worked(cast):
    if not BANKING.exists():
        pytest.skip("the set of real customer questions is not on this machine")
    from itertools import islice

    file = open_tickets(BANKING / "test.csv", mapping={})
    outcome, refused = run(islice(rows_of(file), 120), source="banking77")
    assert (outcome.created, refused) == (120, [])
    first = Ticket.objects.order_by("id").first()
    reply(ticket_id=first.pk, body="It is on its way.", then=State.SOLVED, by=cast.actor(cast.ada), at=NOW + timedelta(minutes=5))
    assert list(problems()) == []


@pytest.mark.long
def test_all_the_real_questions_come_in_once(fresh_cast):
    if not BANKING.exists():
        pytest.skip("the set of real customer questions is not on this machine")
    for name in ("train", "test"):
        outcome, refused = run_file(BANKING / f"{name}.csv", source=f"banking77-{name}")
        assert refused == []
        assert outcome.created == outcome.read
    assert Ticket.objects.count() == 13_083
    again, _ = run_file(BANKING / "train.csv", source="banking77-train")
    assert (again.created, again.skipped) == (0, 10_003)
    assert list(problems()) == []


_CHILD = """
import sys
import django
from django.conf import settings
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from datetime import UTC, datetime
from steward.desk.actions.importing import ImportedRow, import_tickets
from steward.people.actor import ActorKind, system
rows = (ImportedRow(n, external_id=f"x{n}", body=f"My queue {n} is empty") for n in range(1, 1001))
at = datetime(2026, 3, 2, 9, tzinfo=UTC)
import_tickets(rows=rows, source="old", by=system("import tickets", kind=ActorKind.IMPORT), at=at,
               progress=lambda outcome: print(outcome.read, flush=True))
"""


@pytest.mark.crash
def test_an_import_that_is_killed_goes_on_where_it_stopped(fresh_cast, fresh_database):
    child = subprocess.Popen([sys.executable, "-c", _CHILD, fresh_database], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        assert int(child.stdout.readline()) > 0
        time.sleep(0.05)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
    connection.close()
    there = Ticket.objects.count()
    assert 0 < there < 1000
    outcome, refused = run(ImportedRow(n, external_id=f"x{n}", body=f"My queue {n} is empty") for n in range(1, 1001))
    assert (outcome.created, outcome.skipped, refused) == (1000 - there, there, [])
    assert Ticket.objects.count() == 1000
    assert list(problems()) == []


def test_what_a_row_says_in_json_keeps_its_numbers_as_text(tmp_path):
    path = write(tmp_path, json.dumps({"external_id": 12, "body": 3.5}) + "\n", "t.jsonl")
    (row,) = rows_of(open_tickets(path, mapping={}))
    assert (row.external_id, row.body) == ("12", "3.5")
