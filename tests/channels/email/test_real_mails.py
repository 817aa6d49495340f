"""Mails of real people and real servers, read where they are there."""

from pathlib import Path

import pytest

from steward.channels.contract import Unreadable
from steward.channels.email.letters import read
from steward.channels.email.reading import read_mail
from steward.channels.email.trimming import trim_reply
from steward.channels.models import InboundEnvelope
from steward.cli.mail import told_of
from steward.core import clock
from steward.desk.models import Ticket
from tests.channels.email.desk import account, mailbox, take

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
    silent, heard = [], []
    mails = sorted((DATA / "raw").rglob("*.eml"))
    for path in mails:
        raw = path.read_bytes()
        mail = read_mail(raw)
        told_of(mail)
        heard.append(_heard(raw))
        body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2]
        if body.strip() and not (mail.text.strip() or mail.html.strip() or mail.files):
            silent.append(path.name)
    assert len(mails) > 100
    assert silent == []
    # Nearly all are of somebody; many of them are reports and lists.
    assert heard.count("Wrote") > len(mails) * 0.5
    assert set(heard) <= {"Wrote", "Ignored", "Undelivered", "nobody"}


def _heard(raw):
    try:
        (one,) = read(account(), {"original": raw})
    except Unreadable:
        return "nobody"
    assert getattr(one, "vendor_id", "x") != ""
    return type(one).__name__


def test_every_raw_mail_is_taken_in_or_says_why_not(cast):
    cast.at = clock.now()
    channel = mailbox(cast)
    for path in sorted((DATA / "raw").rglob("*.eml")):
        # As if minutes apart: these are of few senders.
        take(channel, path.read_bytes(), at=cast.later(minutes=1))
    parked = list(InboundEnvelope.objects.exclude(problem="").values_list("problem", flat=True))
    assert {why.partition(":")[0] for why in parked} <= {"unreadable", "invalid"}, parked
    assert not InboundEnvelope.objects.filter(done_at=None, problem="").exists()
    assert Ticket.objects.count() > 20
