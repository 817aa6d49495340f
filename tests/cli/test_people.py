"""`steward import people FILE`."""

import csv
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from steward.cli.people import import_people_command
from steward.core.errors import Invalid
from steward.people.models import Requester, User

pytestmark = pytest.mark.django_db
app = typer.Typer()
app.command()(import_people_command)


def run(file: Path, *options: str) -> Result:
    return CliRunner().invoke(app, [str(file), *options])


def told(file: Path, *options: str) -> dict[str, object]:
    result = run(file, "--json", *options)
    assert result.exit_code == 0, result.exception
    return json.loads(result.stdout)


def written(folder: Path, text: str | bytes, name: str = "people.csv") -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_a_csv_file_is_taken_over_and_the_result_is_one_document(tmp_path: Path) -> None:
    file = written(tmp_path, "email,name,roles\nada@desk.example,Ada,agent\nravi@x.example,Ravi,\n")
    assert told(file) == {
        "read": 2,
        "created": 2,
        "updated": 0,
        "skipped": 0,
        "rejected": 0,
        "rejects_file": None,
        "ignored_columns": [],
        "dry_run": False,
    }
    assert User.objects.get().name == "Ada"
    assert told(file)["skipped"] == 2


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    file = written(tmp_path, "email,name\nravi@x.example,Ravi\n")
    assert told(file, "--dry-run")["created"] == 1
    assert not Requester.objects.exists()


def test_a_csv_file_from_a_spreadsheet_is_read(tmp_path: Path) -> None:
    file = written(tmp_path, "\ufeffE-mail;Name;Time zone;Market\r\nravi@x.example;R\u00e1vi;Asia/Kolkata;IN\r\n")
    assert told(file)["created"] == 1
    ravi = Requester.objects.get()
    assert (ravi.name, ravi.time_zone, ravi.market) == ("R\u00e1vi", "Asia/Kolkata", "IN")


def test_another_encoding_is_read_when_named(tmp_path: Path) -> None:
    file = written(tmp_path, "email,name\nli@x.example,李雷\n".encode("gb18030"))
    with pytest.raises(Invalid, match="utf-8"):
        raise run(file).exception or AssertionError
    assert told(file, "--encoding", "gb18030")["created"] == 1
    assert Requester.objects.get().name == "李雷"


def test_json_lines_are_taken_over_and_broken_ones_rejected(tmp_path: Path) -> None:
    lines = ['{"email": "a@x.example", "roles": ["agent"], "name": "A"}', "", "{broken", '["a", "list"]', '{"email": 7}']
    result = told(written(tmp_path, "\n".join(lines), "people.jsonl"))
    assert (result["read"], result["created"], result["rejected"]) == (4, 1, 3)
    rejects = [json.loads(line) for line in Path(str(result["rejects_file"])).read_text().splitlines()]
    assert [reject["row"] for reject in rejects] == [2, 3, 4]
    assert rejects[0]["was"] == "{broken"
    assert all(reject["reason"] for reject in rejects)


def test_rejected_rows_can_be_mended_and_imported_again(tmp_path: Path) -> None:
    file = written(tmp_path, 'email,name,market\nbad,"Ravi, N.",IN\noto@x.example,Oto,DE\ng@x.example,G,FR,too many\n')
    result = told(file)
    assert (result["created"], result["rejected"]) == (1, 2)
    rejects = Path(str(result["rejects_file"]))
    assert rejects == tmp_path / "people.rejects.csv"
    rows = list(csv.DictReader(rejects.read_text().splitlines()))
    assert (rows[0]["name"], rows[0]["market"], rows[0]["row"]) == ("Ravi, N.", "IN", "1")
    assert "e-mail" in rows[0]["reason"]
    mended = written(tmp_path, rejects.read_text().replace("bad,", "ravi@x.example,"), "mended.csv")
    assert told(mended)["created"] == 2


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("people.xlsx", b"PK\x03\x04", "neither"),
        ("people.csv", b"name\nRavi\n", "no column email"),
        ("people.csv", b"", "no column email"),
        ("people.csv", b"email,email\na@x.example,b@x.example\n", "same name"),
        ("people.csv", b"email\n" + b"x" * 200_000 + b"@x.example\n", "not a CSV file"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(tmp_path: Path, name: str, text: bytes, message: str) -> None:
    with pytest.raises(Invalid, match=message):
        raise run(written(tmp_path, text, name)).exception or AssertionError
    assert not Requester.objects.exists()


def test_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="no encoding"):
        raise run(written(tmp_path, "email\n"), "--encoding", "klingon").exception or AssertionError


def test_a_missing_file_is_wrong_usage(tmp_path: Path) -> None:
    assert run(tmp_path / "nowhere.csv").exit_code == 2


def test_without_json_the_result_is_a_sentence(tmp_path: Path) -> None:
    result = run(written(tmp_path, "email,shoe_size\nravi@x.example,44\nbad,45\n"))
    assert "1 created" in result.stdout
    assert "shoe_size" in result.stderr
    assert "people.rejects.csv" in result.stderr
