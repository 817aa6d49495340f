"""`steward mail parse` and `steward mail trim`, in a process of their own: what they print, and what they say of what they cannot read."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

MAIL = "From: Li <li@customer.example>\nTo: help@desk.example\nSubject: =?utf-8?B?5a+85Ye6?=\nMessage-ID: <1@customer.example>\n\nIt is empty.\n\n> Try again.\n"


def steward(*words, given=None, **more):
    """Run the command; what it is not given, it has not."""
    command = [os.fsencode(word) for word in (Path(sys.executable).with_name("steward"), *words)]
    if "stdin" not in more:
        more["input"] = given or b""
    return subprocess.run(command, capture_output=True, timeout=120, check=False, **more)


@pytest.fixture
def mail(tmp_path):
    path = tmp_path / "one.eml"
    path.write_text(MAIL)
    return str(path)


def test_a_message_is_told_in_words_and_as_json(mail):
    words = steward("mail", "parse", mail)
    assert words.returncode == 0
    assert "导出" in words.stdout.decode()
    assert "It is empty." in words.stdout.decode()
    told = json.loads(steward("mail", "parse", mail, "--json").stdout)
    assert (told["subject"], told["reply"], told["hidden"], told["kind"]) == ("导出", "It is empty.", "> Try again.", "person")


def test_standard_input_is_read_for_a_dash():
    assert json.loads(steward("mail", "parse", "-", "--json", given=MAIL.encode()).stdout)["message_id"] == "1@customer.example"
    assert steward("mail", "trim", "-", given=b"Yes.\n\n> Is it solved?\n").stdout == b"Yes.\n"
    told = json.loads(steward("mail", "trim", "-", "--json", given="好了。\n\n> 好了吗？\n".encode("utf-16")).stdout)
    assert told == {"text": "好了。", "hidden": "> 好了吗？"}


UNREADABLE = [
    ("missing", "file", "No such file"),
    ("folder", "invalid", "is a folder"),
    ("empty", "invalid", "is empty"),
    ("blank", "invalid", "is empty"),
    ("unnamed", "invalid", "is empty"),
    ("no text for a name", "file", "No such file"),
    ("too long a name", "file", "too long"),
]


# Any bytes are told as a message, but are no text that somebody wrote.
@pytest.mark.parametrize(
    ("command", "made", "code", "says"),
    [*((command, *one) for command in ("parse", "trim") for one in UNREADABLE), ("trim", "binary", "invalid", "is no ")],
)
def test_what_cannot_be_read_is_said_in_words_and_as_json(tmp_path, command, made, code, says):
    path = tmp_path / made
    if made == "folder":
        path.mkdir()
    elif made in {"empty", "blank", "binary"}:
        path.write_bytes({"empty": b"", "blank": b"\n \n", "binary": b"\x7fELF\x00\x00\x01" * 40}[made])
    name = {"unnamed": b"", "no text for a name": bytes(tmp_path) + b"/\xff.eml", "too long a name": b"x" * 5_000}.get(
        made, bytes(path)
    )
    words = steward("mail", command, name)
    assert (words.returncode, words.stdout) == (1, b"")
    assert says in words.stderr.decode()
    assert b"Traceback" not in words.stderr
    told = steward("mail", command, name, "--json")
    assert (told.returncode, told.stderr) == (1, b"")
    error = json.loads(told.stdout)["error"]
    assert error["code"] == code
    assert says in error["message"]
    assert error["hint"]


@pytest.mark.parametrize(
    "words",
    [["mail", "parse"], ["mail", "trim"], ["mail", "parse", "a", "b"], ["mail", "parse", "a", "--no-such"], ["mail", "pars", "a"]],
)
def test_wrong_usage_is_told_apart_by_its_code(words):
    said = steward(*words)
    assert (said.returncode, said.stdout) == (2, b"")
    assert said.stderr
    told = steward(*words, "--json")
    assert told.returncode == 2
    assert json.loads(told.stdout)["error"]["code"] == "usage"


def test_a_standard_input_that_is_not_there_or_cannot_be_read_is_said_in_words(tmp_path):
    only_written = os.open(tmp_path / "x", os.O_WRONLY | os.O_CREAT)
    try:
        said = steward("mail", "parse", "-", "--json", stdin=only_written)
    finally:
        os.close(only_written)
    assert said.returncode == 1
    assert json.loads(said.stdout)["error"]["code"] == "invalid"
    command = f"'{Path(sys.executable).with_name('steward')}' mail parse - --json <&-"
    closed = subprocess.run(["/bin/sh", "-c", command], capture_output=True, timeout=120, check=False)
    assert closed.returncode == 1
    assert json.loads(closed.stdout)["error"]["code"] == "invalid"


def test_help_is_no_error(mail):
    for words in (["mail", "parse", "--help"], ["mail", "trim", "--json", "--help"]):
        said = steward(*words)
        assert said.returncode == 0
        assert b"FILE" in said.stdout


def test_bytes_that_are_no_message_are_told_all_the_same():
    told = steward("mail", "parse", "-", "--json", given=bytes(range(256)) * 20)
    assert (told.returncode, json.loads(told.stdout)["kind"]) == (0, "person")
