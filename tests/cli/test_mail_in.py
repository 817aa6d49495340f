"""`steward mail-in`: a mail server's pipe, and the codes by which it knows whether to try again."""

import io
import json
import os
import subprocess
import sys

import pytest

from steward.channels.actions.hearing import hear
from steward.channels.models import InboundEnvelope
from steward.cli import mail_in as command
from steward.cli import preparation
from steward.cli.main import main
from steward.core import clock
from steward.desk.models import Message
from tests.channels.email.desk import mailbox
from tests.mail_servers import letter
from tests.site import ROOT


class Input:
    def __init__(self, raw: bytes) -> None:
        self.buffer = io.BytesIO(raw)


@pytest.fixture
def brought(cast, monkeypatch, capsys):
    monkeypatch.setattr(preparation, "open_database", lambda: None)

    def bring(raw: bytes, *words: str):
        monkeypatch.setattr("sys.stdin", Input(raw))
        with pytest.raises(SystemExit) as ended:
            main(["mail-in", *words])
        return ended.value.code, capsys.readouterr()

    return bring


def test_a_letter_is_kept_and_becomes_a_ticket(cast, brought):
    channel = mailbox(cast)
    raw = letter("By a pipe")
    code, said = brought(b"From mara@people.example Mon Mar  2 10:00:00 2026\n" + raw, "--json")
    assert (code, json.loads(said.out)["new"]) == (0, True)
    assert InboundEnvelope.objects.get().thread_key
    hear(channel_id=channel.pk, now=clock.now)
    assert Message.objects.get(kind="message", automatic=False).body == "By a pipe"


def test_the_same_letter_again_is_kept_once_and_said_so(cast, brought):
    mailbox(cast)
    raw = letter()
    assert [brought(raw)[1].out for _time in range(2)] == ["Kept.\n", "It was kept before.\n"]
    assert InboundEnvelope.objects.count() == 1


@pytest.mark.parametrize("raw", [b"", b" \r\n"])
def test_nothing_is_no_message(cast, brought, raw):
    mailbox(cast)
    assert brought(raw)[0] == 65


def test_wrong_words_and_a_channel_that_is_none_are_wrong_usage(cast, brought):
    mailbox(cast)
    assert brought(letter(), "--nonsense")[0] == 64
    code, said = brought(letter(), "--channel", "None", "--json")
    assert code == 64
    assert "Help" in json.loads(said.out)["error"]
    assert brought(letter(), "--channel", "HELP")[0] == 0


def test_what_fails_is_tried_again(cast, brought, monkeypatch):
    assert brought(letter())[0] == 75
    mailbox(cast)

    def fall(*_more, **_named):
        raise OSError("no space left: /secret/place")

    monkeypatch.setattr("steward.channels.actions.arriving.keep_original", fall)
    code, said = brought(letter())
    assert code == 75
    assert "secret" not in said.err


def test_without_its_database_it_is_tried_again():
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STEWARD_")}
    environment |= {"DATABASE_URL": "postgresql://steward@127.0.0.1:1/none", "STEWARD_SECRET_KEY": "x" * 50}
    done = subprocess.run(
        [sys.executable, "-m", "steward.cli.main", "mail-in"],
        input=letter(),
        env=environment,
        cwd=ROOT,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 75, done.stderr
    assert b"Try again later" in done.stderr
    assert command.Exit.TRY_AGAIN == 75
