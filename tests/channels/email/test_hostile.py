"""Messages that nobody's program writes: none raises, none loses a part, and each takes time in proportion to its length."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steward.channels.email.classifying import bounce_of, dmarc_of, kind_of, may_be_answered_by_machine
from steward.channels.email.html import clean_html, has_remote_images
from steward.channels.email.reading import Mail, read_mail
from steward.channels.email.trimming import trim_reply
from steward.cli.mail import told_of

HEAD = b"From: Mara <mara@console.example>\nTo: help@desk.example\nSubject: Slow\nMessage-ID: <1@console.example>\n"
LETTER = (
    HEAD
    + b"""MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="outer"

--outer
Content-Type: multipart/alternative; boundary="inner"

--inner
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Gr=C3=BC=C3=9Fe, it is slow.

On Mon, 2 Mar 2026 at 09:00, Desk <help@desk.example> wrote:
> Is it slow?
--inner
Content-Type: text/html; charset="iso-8859-1"

<html><head><title>t</title></head><body><p>It is <b>slow</b>.<img src=3D"cid:a"></body></html>
--inner--
--outer
Content-Type: application/octet-stream; name*=utf-8''Bericht%20%C3%BC.bin
Content-Transfer-Encoding: base64
Content-Disposition: attachment

AAECAwQFBgcICQ==
--outer
Content-Type: message/rfc822

From: other@console.example
Subject: =?utf-8?b?5oWi?=

inner words
--outer--
"""
)


def all_of(raw: bytes) -> Mail:
    """Read a message in every way the desk reads one."""
    mail = read_mail(raw)
    told_of(mail)
    kind_of(mail, own_name="desk", own_addresses=frozenset({"help@desk.example"}))
    bounce_of(mail)
    dmarc_of(mail, trusted="mx.desk.example")
    may_be_answered_by_machine(mail)
    trim_reply(mail.text)
    clean_html(mail.html)
    has_remote_images(mail.html)
    return mail


@given(st.binary(max_size=2_000))
def test_bytes_are_read(raw):
    all_of(raw)


@given(
    st.lists(
        st.sampled_from([*LETTER.split(b"\n"), b"", b"--outer--", b"--", b"\r", b"\x00", b"\xff\xfe", b"=", b":"]), max_size=60
    )
)
def test_lines_of_a_letter_in_any_order_are_read(lines):
    all_of(b"\n".join(lines))


@settings(max_examples=200)
@given(st.randoms(use_true_random=False), st.sampled_from([b"\n", b"\r\n", b"\r"]))
def test_a_letter_that_was_damaged_on_its_way_is_read(chance: random.Random, ends):
    raw = bytearray(LETTER.replace(b"\n", ends))
    for _time in range(chance.randrange(1, 30)):
        at = chance.randrange(len(raw))
        match chance.randrange(4):
            case 0:
                raw[at] = chance.randrange(256)
            case 1:
                del raw[at : at + chance.randrange(1, 40)]
            case 2:
                raw[at:at] = bytes(chance.randrange(256) for _byte in range(chance.randrange(1, 10)))
            case 3:
                other = chance.randrange(len(raw))
                raw[at:at] = raw[other : other + chance.randrange(1, 80)]
        if not raw:
            return
    all_of(bytes(raw))


def test_a_letter_that_is_cut_off_anywhere_is_read():
    for end in range(len(LETTER)):
        all_of(LETTER[:end])


WORD = st.integers(min_value=10**9, max_value=10**10 - 1).map(lambda number: b"word%d" % number)
LEAF = st.tuples(st.sampled_from([b"text/plain", b"text/html", b"application/x", b"image/png", b"message/rfc822", b""]), WORD)
TREE = st.recursive(LEAF, lambda inner: st.lists(inner, min_size=1, max_size=4), max_leaves=12)


def written(tree, depth: int = 0) -> bytes:
    if isinstance(tree, tuple):
        kind, word = tree
        return (b"Content-Type: " + kind + b"\n\n" if kind else b"\n") + b"<p>" + word + b"</p>\n"
    mark = b"b%d" % depth
    parts = b"".join(b"--" + mark + b"\n" + written(one, depth + 1) + b"\n" for one in tree)
    return b'Content-Type: multipart/mixed; boundary="' + mark + b'"\n\n' + parts + b"--" + mark + b"--\n"


def words_of(tree) -> list[bytes]:
    return [tree[1]] if isinstance(tree, tuple) else [word for one in tree for word in words_of(one)]


def kept(mail: Mail, word: bytes) -> bool:
    return any(word in part.data for part in mail.parts)


@given(TREE, st.integers(min_value=0, max_value=10_000))
def test_no_part_is_lost_however_it_is_nested_or_cut_off(tree, end):
    raw = HEAD + written(tree)
    assert all(kept(all_of(raw), word) for word in words_of(tree))
    cut = raw[: len(HEAD) + end % (len(raw) - len(HEAD))]
    body = cut[len(HEAD) :]
    mail = all_of(cut)
    assert all(kept(mail, word) for word in words_of(tree) if word in body), mail.notes


@pytest.mark.parametrize("count", [500, 3_000])
def test_every_one_of_many_files_is_kept(count):
    leaf = b'Content-Type: application/x; name="f%d"\n\nword%d\n'
    parts = b"".join(b"--B\n" + leaf % (number, 10**9 + number) for number in range(count))
    mail = all_of(HEAD + b'Content-Type: multipart/mixed; boundary="B"\n\n' + parts + b"--B--\n")
    together = b"\n".join(part.data for part in mail.parts)
    assert all(b"word%d" % (10**9 + number) in together for number in range(count))


def test_ten_megabytes_of_html_are_read_and_the_whole_is_kept():
    html = b"<table><tr><td>row &amp; more</td></tr></table>\n" * 220_000
    mail = read_mail(HEAD + b"Content-Type: text/html\n\n" + html)
    assert mail.text.startswith("row & more")
    assert sum(len(part.data) for part in mail.parts) >= len(html) - 1


@pytest.mark.parametrize(
    "charset", ["unknown-8bit", "x-user-defined", "utf-16", "utf-7", "hz-gb-2312", "iso-2022-jp", "x" * 500, "=?x?=", "\x00"]
)
def test_words_in_a_charset_nobody_knows_are_still_words(charset):
    mail = all_of(HEAD + b"Content-Type: text/plain; charset=" + charset.encode() + b"\n\nslow \xe6\x85\xa2 \xff\xfe console")
    assert "slow" in mail.text.replace("\x00", "") or "s" in mail.text
    assert mail.parts[0].data == b"slow \xe6\x85\xa2 \xff\xfe console"


def parts(leaf: bytes, count: int) -> bytes:
    return HEAD + b'Content-Type: multipart/mixed; boundary="B"\n\n' + (b"--B\n" + leaf + b"\n") * count + b"--B--\n"


BOMBS = {
    "headers": lambda size: HEAD + b"".join(b"X-%d: y\n" % number for number in range(size // 10)) + b"\nhi",
    "folds": lambda size: HEAD + b"X: a\n" + b" b\n" * (size // 3) + b"\nhi",
    "references": lambda size: HEAD + b"References: " + b"<a@b> " * (size // 6) + b"\n\nhi",
    "addresses": lambda size: b"From: " + b"a@b.example, " * (size // 13) + b"\n\nhi",
    "comments": lambda size: b"From: " + b"(" * size + b"\n\nhi",
    "encoded words": lambda size: b"From: a@b\nSubject: " + b"=?utf-8?q?a?= " * (size // 14) + b"\n\nhi",
    "results": lambda size: HEAD + b"Authentication-Results: x; " + b"(" * size + b"\n\nhi",
    "parts": lambda size: parts(b"Content-Type: text/plain\n\nhi", size // 32),
    "nested": lambda size: (
        HEAD
        + b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (number, number) for number in range(size // 60))
        + b"\nhi"
    ),
    "near boundaries": lambda size: HEAD + b'Content-Type: multipart/mixed; boundary="B"\n\n--B\n\n' + b"--Bx\n" * (size // 5),
    "quoted-printable": lambda size: HEAD + b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=\n" * (size // 2),
    "base64": lambda size: HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"QUJD\n!\n" * (size // 7),
    "uuencode": lambda size: HEAD + b"\n" + b"begin 644 a\n" * (size // 12) + b"\nend",
    "flowed": lambda size: HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b"a \n" * (size // 3),
    "report": lambda size: parts(b"Content-Type: message/delivery-status\n\nDiagnostic-Code: " + b" " * size, 1),
    "bounce": lambda size: b"From: mailer-daemon@x\nSubject: failure notice\n\n" + b"message-id: <\n550 5.1.1\n" * (size // 24),
    "quotes": lambda size: HEAD + b"\n" + b"> a\n" * (size // 4),
    "one quote": lambda size: HEAD + b"\n" + b">" * size,
    "introductions": lambda size: HEAD + b"\nOn Mon, 1 Jan 2020 at 10:00 x <a@b> wrote:\n" * (size // 44),
    "quoted heads": lambda size: HEAD + b"\n" + b"From: a@b\nSent: b\n" * (size // 18),
    "signatures": lambda size: HEAD + b"\n" + b"-- \na\n" * (size // 6),
    "blank": lambda size: HEAD + b"\n" + b"\n \t\n" * (size // 4),
    "html tags": lambda size: HEAD + b"Content-Type: text/html\n\n" + b"<div><b>" * (size // 8),
    "html signs": lambda size: HEAD + b"Content-Type: text/html\n\n" + b"&" * size,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_the_time_it_takes_grows_with_the_length_and_no_more(bomb):
    """Four times the length takes some four times as long; sixteen would be the square. Noise is given a second and third try."""
    make = BOMBS[bomb]
    small, large = make(60_000), make(240_000)
    tries = [(took(small), took(large)) for _time in range(1)]
    while len(tries) < 4 and not grows_evenly(tries):
        tries.append((took(small), took(large)))
    assert grows_evenly(tries), tries


def grows_evenly(tries: list[tuple[float, float]]) -> bool:
    best_small, best_large = min(one for one, _two in tries), min(two for _one, two in tries)
    return best_large < max(9 * best_small, 0.15)


def took(raw: bytes) -> float:
    started = time.process_time()
    all_of(raw)
    return time.process_time() - started
