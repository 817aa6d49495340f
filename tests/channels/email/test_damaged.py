"""Messages that nobody sane writes: read without an error, without loss, and in a time that grows with their size alone."""

import base64
import os
import random
import re
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from steward.channels.email.classifying import bounce_of, dmarc_of, kind_of, may_be_answered_by_machine
from steward.channels.email.headers import addresses, readable
from steward.channels.email.html import clean_html, has_remote_images, html_to_text
from steward.channels.email.reading import read_mail
from steward.channels.email.trimming import trim_reply
from steward.cli.mail import told_of
from tests.channels.email.mails import ODD_HTML, ODD_MAILS, ODD_TEXTS, some_mails

DATA = Path(__file__).resolve().parents[4] / "shared" / "mail-data" / "raw"
# A quarter of a second is what a busy machine may lose; what is under it, grows as it likes.
SLACK = 0.25


def fresh_seed():
    number = int(os.environ.get("FUZZ_SEED") or random.SystemRandom().randrange(2**32))
    sys.stdout.write(f"seed {number}: FUZZ_SEED={number} pytest {__file__}\n")
    return number


def fuzzed(strategy, held, *, examples=150):
    @seed(fresh_seed())
    @settings(max_examples=examples, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(strategy)
    def run(drawn):
        held(drawn)

    run()


def all_of(raw):
    """Do with a message whatever is ever done with one."""
    mail = read_mail(raw)
    kind_of(mail, own_name="desk", own_addresses=frozenset({"help@desk.example"}))
    bounce_of(mail)
    may_be_answered_by_machine(mail)
    dmarc_of(mail, trusted="mx.desk.example")
    told = told_of(mail)
    trim_reply(mail.text)
    said = [mail.text, mail.html, mail.subject, told["reply"], *(part.name for part in mail.parts), *mail.notes, *mail.references]
    for words in [*said, *(address.name for address in (*mail.senders, *mail.to, *mail.cc, *mail.reply_to))]:
        words.encode()
        assert "\x00" not in words
    return mail


def sources():
    return [*some_mails(), *(path.read_bytes() for path in sorted(DATA.rglob("*.eml")))] if DATA.exists() else some_mails()


def mutated(raw, chance):
    """Do to a message what wires, gateways and people who mean harm do."""
    data = bytearray(raw)
    for _change in range(chance.randrange(1, 12)):
        at = chance.randrange(len(data) + 1)
        what = chance.randrange(8)
        if what == 0:
            del data[at:]
        elif what == 1:
            del data[at : at + chance.randrange(200)]
        elif what == 2:
            data[at:at] = chance.randbytes(chance.randrange(1, 60))
        elif what == 3:
            data[at:at] = data[chance.randrange(len(data) + 1) :][: chance.randrange(1, 400)]
        elif what == 4:
            data = bytearray(bytes(data).replace(b"\r\n", b"\n").replace(b"\n", chance.choice([b"\r", b"\n", b"\r\n", b"\r\r\n"])))
        elif what == 5:
            pieces = [
                b"\x00",
                b"\n--b\n",
                b"--b--",
                b"\r\r",
                b"=?utf-7?q?+2AA-?=",
                b'";',
                b"Content-Type: multipart/x; boundary=b\n",
                b"=",
            ]
            data[at:at] = chance.choice(pieces)
        elif data:
            data[at % len(data)] = chance.randrange(256)
    return bytes(data)


def test_random_bytes_are_read():
    fuzzed(st.binary(max_size=2_000), all_of)
    alphabet = st.sampled_from([b"\n", b"\r\n", b"\r", b"--b", b"--b--", b":", b" ", b"Content-Type: ", b"multipart/mixed; boundary=b", b"text/html",
                                b"From: ", b"a@b.example", b"\x00", b"\xff", b"=", b"?", b"=?utf-8?b?", b"<", b">", b"begin 644 x\n", b"\nend", b"base64",
                                b"Content-Transfer-Encoding: ", b"quoted-printable", b";", b'"', b"(", b"message/rfc822", b"final-recipient: "])  # fmt: skip
    fuzzed(st.lists(alphabet, max_size=80).map(b"".join), all_of)


def test_mails_are_read_however_they_were_damaged():
    mails = sources()

    def damaged(number):
        chance = random.Random(number)
        all_of(mutated(chance.choice(mails), chance))

    fuzzed(st.integers(0, 2**64), damaged, examples=250)


def test_a_mail_is_read_wherever_it_was_cut_off():
    for raw in some_mails():
        for end in range(0, len(raw), max(1, len(raw) // 60)):
            all_of(raw[:end])


def test_any_text_is_trimmed_and_any_markup_cleaned_without_an_error():
    words = st.lists(st.sampled_from([*"<>/=\"' \n>-_a中:@", "<b", "</b>", "<a href=", "<table>", "<td>", "<!--", "-->", "&#0;", "&lt;", "<script>", "<svg>",
                                      "On 2026-01-02 10:00, a@b.example wrote:\n", "> q\n", "-- \n", "From: a\nSent: b\nTo: c\n", "\ud800", "\x00"]), max_size=60)  # fmt: skip

    def held(pieces):
        text = "".join(pieces)
        trimmed = trim_reply(text)
        assert bool(trimmed.text or trimmed.hidden) == bool(text.strip())
        html_to_text(text)
        assert re.search(r"<script|<svg|<x-", clean_html(text)) is None
        has_remote_images(text)

    fuzzed(words, held, examples=400)


def test_no_line_of_a_body_is_lost():
    """Each line carries a mark of its own, and is in a part whatever the frame of the message is."""

    def held(number):
        chance = random.Random(number)
        frame, marks = framed(chance, depth=chance.randrange(4))
        mail = all_of(b"From: a@b.example\r\nSubject: x\r\n" + frame)
        kept = b"\n".join(part.data for part in mail.parts)
        # What stands after a boundary that was closed too early is kept as it came, still packed.
        unpacked = re.sub(rb"=(?:\r\n|\r|\n)", b"", kept)
        assert [mark for mark in marks if mark not in unpacked and base64.encodebytes(mark * 3).strip() not in kept] == []

    fuzzed(st.integers(0, 2**64), held, examples=200)


def framed(chance, *, depth):
    """Make a part with marks in it; boundaries may be missing, doubled, or not closed."""
    mark = f"mark{chance.randrange(10**9)}x".encode()
    if depth == 0:
        packed = chance.choice([(b"", mark), (b"base64", base64.encodebytes(mark * 3)), (b"quoted-printable", mark[:4] + b"=\r\n" + mark[4:]),
                                (b"8bit", mark), (b"x-strange", mark)])  # fmt: skip
        kind = chance.choice(
            [
                b"text/plain",
                b"text/html; charset=nowhere",
                b"application/octet-stream",
                b"message/rfc822",
                b"text/plain; format=flowed",
                b"x",
            ]
        )
        return b"Content-Type: %s\r\nContent-Transfer-Encoding: %s\r\n\r\n%s\r\n" % (kind, *packed), [mark]
    boundary = f"b{chance.randrange(3)}".encode()
    inner = [framed(chance, depth=depth - 1) for _part in range(chance.randrange(1, 4))]
    before, after = (chance.choice([b"", b"mark%dy" % chance.randrange(10**9)]) for _place in range(2))
    opened = chance.choice([b"\r\n--" + boundary + b"\r\n", b"\n--" + boundary + b" \n", b"\r--" + boundary + b"\r"])
    closed = chance.choice([b"\r\n--" + boundary + b"--\r\n", b"", b"\n--" + boundary + b"--"])
    body = before + b"".join(opened + part for part, _marks in inner) + closed + (after if closed else b"")
    marks = [mark for _part, marks in inner for mark in marks] + [before] + ([after] if closed.endswith(b"\n") else [])
    if closed and not closed.endswith(b"\n"):
        body = body.removesuffix(after) if after else body
    return b'Content-Type: multipart/mixed; boundary="%s"\r\n\r\n%s' % (boundary, body), [mark for mark in marks if mark]


def least(work, *, rounds=3):
    times = []
    for _round in range(rounds):
        before = time.process_time()
        work()
        times.append(time.process_time() - before)
    return min(times)


def in_time(work, make, size):
    small, large = make(size), make(4 * size)
    first, second = least(lambda: work(small), rounds=1), least(lambda: work(large), rounds=1)
    if second >= max(8 * first, SLACK):
        first, second = least(lambda: work(small)), least(lambda: work(large))
    assert second < max(8 * first, SLACK), f"{first:.3f} s, and {second:.3f} s for four times as much"


@pytest.mark.parametrize("name", ODD_MAILS)
def test_a_message_four_times_as_large_takes_no_more_than_its_share(name):
    in_time(all_of, ODD_MAILS[name], 20_000)


@pytest.mark.parametrize("name", ODD_TEXTS)
def test_a_text_four_times_as_long_is_trimmed_in_its_share_of_time(name):
    in_time(trim_reply, ODD_TEXTS[name], 20_000)


@pytest.mark.parametrize("name", ODD_HTML)
def test_markup_four_times_as_long_is_read_in_its_share_of_time(name):
    in_time(lambda html: (html_to_text(html), clean_html(html), has_remote_images(html)), ODD_HTML[name], 60_000)


@pytest.mark.parametrize(
    "piece",
    [
        "(",
        ",",
        "<",
        '"',
        "a ",
        "[",
        "a.",
        ":",
        ";",
        "a,",
        "<a@b>,",
        "@",
        "a",
        "a:;",
        "\\",
        "()",
        '"a" ',
        "a@",
        "=?a?q?",
        "?= ",
        "=?u*",
    ],
)
def test_a_header_four_times_as_long_is_read_in_its_share_of_time(piece):
    in_time(lambda said: (addresses([said]), readable(said)), lambda size: (piece * size)[:size], 15_000)


def test_ten_megabytes_of_markup_are_read():
    raw = b"Content-Type: text/html\r\n\r\n" + b"<div><p>Hello <b>there</b>.</p></div>\n" * 270_000
    before = time.process_time()
    mail = read_mail(raw)
    assert len(mail.parts[0].data) > 10_000_000
    assert mail.text.startswith("Hello there.")
    assert time.process_time() - before < 30


def test_five_hundred_attachments_are_five_hundred_files():
    part = b'--b\r\nContent-Type: application/pdf; name="f%d.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJD\r\n'
    raw = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"".join(part % at for at in range(500)) + b"--b--\r\n"
    mail = read_mail(raw)
    assert [file.name for file in mail.files] == [f"f{at}.pdf" for at in range(500)]
    assert {file.data for file in mail.files} == {b"ABC"}


def test_a_small_mail_cannot_take_the_memory_of_the_process():
    """Marks never closed, one a row, were each opened anew in every row that followed."""
    rows = "".join(f"<p><font color={at}>x</p></div>" for at in range(8_000))
    assert html_to_text(rows).count("x") == 8_000
    assert len(clean_html(rows)) < 20 * len(rows)
