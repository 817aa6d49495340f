"""Mails of real people and real servers, read where they are there."""

from pathlib import Path

import pytest

from steward.channels.email.reading import read_mail
from steward.channels.email.trimming import trim_reply
from steward.cli.mail import told_of

DATA = Path(__file__).resolve().parents[4] / "shared" / "mail-data"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the public mails are not here")


def replies():
    return sorted((DATA / "reply-trimming" / "emails").glob("*.txt"))


def test_every_public_reply_is_trimmed_to_what_its_writer_wrote():
    wrong = []
    for reply in replies():
        wanted = (DATA / "reply-trimming" / "trimmed" / reply.name).read_text()
        if trim_reply(reply.read_text()).text.split() != wanted.split():
            wrong.append(reply.name)
    assert len(replies()) == 64
    assert wrong == []


def test_every_raw_mail_is_read_and_says_something_or_carries_a_file():
    silent = []
    mails = sorted((DATA / "raw").rglob("*.eml"))
    for path in mails:
        raw = path.read_bytes()
        mail = read_mail(raw)
        told_of(mail)
        body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2]
        if body.strip() and not (mail.text.strip() or mail.html.strip() or mail.files):
            silent.append(path.name)
    assert len(mails) > 100
    assert silent == []
