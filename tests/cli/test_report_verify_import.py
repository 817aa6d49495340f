"""The commands that report, verify and import, as they are called."""

import json
from pathlib import Path

import pytest
from django.db import connection

from steward.cli.importing import import_tickets_command
from steward.cli.report import daily
from steward.cli.verify import verify
from steward.core.errors import Invalid
from steward.desk.models import Ticket


def told(capsys):
    return json.loads(capsys.readouterr().out)


def take(file, **values):
    import_tickets_command(
        **{"file": file, "map_file": None, "source": "", "queue": "", "zone": "", "dry_run": False, "as_json": True, **values}
    )


def test_a_desk_as_its_ledger_tells_verifies(cast, capsys):
    cast.ticket()
    assert verify(as_json=True) == 0
    result = told(capsys)
    assert result["ok"]
    assert {check["name"] for check in result["checks"]} >= {"desk.tickets", "ledger.order"}
    assert verify(as_json=False) == 0
    assert "Everything is as the ledger tells" in capsys.readouterr().out


def test_a_ticket_changed_behind_the_ledgers_back_is_named(cast, capsys):
    ticket = cast.ticket()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE desk_ticket SET priority = 1 WHERE id = %s", [ticket.pk])
    assert verify(as_json=True) == 1
    result = told(capsys)
    assert not result["ok"]
    assert any(f"#{ticket.pk}" in problem and "priority" in problem for check in result["checks"] for problem in check["problems"])
    assert verify(as_json=False) == 1
    assert f"#{ticket.pk}" in capsys.readouterr().out


def test_a_report_is_one_json_document_without_restricted_queues_unless_asked(cast, capsys):
    open_one, hidden = cast.ticket(), cast.ticket(queue=cast.restricted)
    daily(day="2026-03-02", zone="UTC", restricted=False, as_json=True)
    assert told(capsys)["figures"]["received"]["ticket_ids"] == [open_one.pk]
    daily(day="2026-03-02", zone="UTC", restricted=True, as_json=True)
    assert told(capsys)["figures"]["received"]["ticket_ids"] == [open_one.pk, hidden.pk]
    daily(day="2026-03-02", zone="Asia/Shanghai", restricted=False, as_json=False)
    assert f"#{open_one.pk}" in capsys.readouterr().out


@pytest.mark.parametrize(("day", "zone"), [("yesterday", "UTC"), ("2026-03-02", "Mars/Olympus"), ("2999-01-01", "UTC")])
def test_a_report_of_no_day_is_refused(cast, day, zone):
    with pytest.raises(Invalid):
        daily(day=day, zone=zone, restricted=False, as_json=True)


def test_an_import_tells_what_it_did_and_where_the_rejected_rows_are(cast, capsys, tmp_path):
    file = tmp_path / "old.csv"
    file.write_text("text,category,mood\nMy queue is empty,Queues,sad\n,Queues,none\n", encoding="utf-8")
    take(file)
    result = told(capsys)
    assert {key: result[key] for key in ("read", "created", "skipped", "rejected")} == {
        "read": 2,
        "created": 1,
        "skipped": 0,
        "rejected": 1,
    }
    assert "no text" in Path(result["rejects_file"]).read_text(encoding="utf-8-sig")
    notes = " ".join(result["notes"])
    assert "text was taken" in notes
    assert "mood" in notes
    assert "no id" in notes
    assert "no time" in notes
    take(file)
    assert told(capsys)["skipped"] == 1
    assert Ticket.objects.get().source == "old"


def test_an_import_goes_to_the_queue_named_and_to_no_other(cast, tmp_path, capsys):
    file = tmp_path / "old.csv"
    file.write_text("external_id,body\n1,Hi\n", encoding="utf-8")
    with pytest.raises(Invalid, match="no queue Nowhere"):
        take(file, queue="Nowhere")
    with pytest.raises(Invalid, match="no time zone"):
        take(file, zone="Nowhere")
    take(file, queue="console ENGINEERING", as_json=False)
    assert Ticket.objects.get().queue == cast.engineering
    assert "1 created" in capsys.readouterr().out
