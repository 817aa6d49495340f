"""`steward mail parse` and `steward mail trim`, with good input and wrong."""

import json
import subprocess
import sys

import pytest

from tests.site import ROOT

LETTER = b"From: Mara <mara@console.example>\nTo: help@desk.example\nSubject: Slow\n\nIt is slow.\n\nOn Mon, 2 Mar 2026 at 09:00, Desk <h@d.example> wrote:\n> Slow?\n"  # fmt: skip


def steward(*words: str, given: bytes = b"", folder=None) -> subprocess.CompletedProcess[bytes]:
    # A pure tool: it needs no server and no settings, so it is given none.
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "steward.cli.main", "mail", *words]
    return subprocess.run(command, input=given, capture_output=True, env=environment, cwd=folder, timeout=60, check=False)


def test_a_message_is_told_as_json_and_in_words(tmp_path):
    (tmp_path / "a.eml").write_bytes(LETTER)
    told = json.loads(steward("parse", "a.eml", "--json", folder=tmp_path).stdout)
    assert (told["kind"], told["subject"], told["reply"]) == ("person", "Slow", "It is slow.")
    assert "It is slow." in steward("parse", "-", given=LETTER, folder=tmp_path).stdout.decode()


def test_a_reply_is_trimmed(tmp_path):
    body = LETTER.partition(b"\n\n")[2]
    assert steward("trim", "-", given=body, folder=tmp_path).stdout.decode().strip() == "It is slow."
    told = json.loads(steward("trim", "-", "--json", given=body, folder=tmp_path).stdout)
    assert told["text"] == "It is slow."
    assert "> Slow?" in told["hidden"]


@pytest.mark.parametrize("command", ["parse", "trim"])
@pytest.mark.parametrize(("file", "says"), [("nothing.eml", "nothing.eml"), (".", "folder"), ("empty.eml", "empty")])
def test_what_cannot_be_read_is_said_in_words(tmp_path, command, file, says):
    (tmp_path / "empty.eml").write_bytes(b" \n")
    told = steward(command, file, folder=tmp_path)
    assert told.returncode == 1
    assert says in told.stderr.decode()
    assert b"Traceback" not in told.stderr
    as_json = steward(command, file, "--json", folder=tmp_path)
    assert as_json.returncode == 1
    assert says in json.loads(as_json.stdout)["error"]["message"]


def test_wrong_usage_has_a_code_of_its_own(tmp_path):
    assert steward("parse", folder=tmp_path).returncode == 2
    assert steward("parse", "a", "b", folder=tmp_path).returncode == 2


def test_bytes_that_are_no_message_are_told_all_the_same(tmp_path):
    told = steward("parse", "-", "--json", given=bytes(range(256)) * 20, folder=tmp_path)
    assert told.returncode == 0
    assert json.loads(told.stdout)["kind"] == "person"
