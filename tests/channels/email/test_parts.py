"""No part of a message is lost, however it is nested, cut off, called or counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.channels.email.reading import Mail, read_mail

HEAD = b"From: Mara <mara@console.example>\nTo: help@desk.example\nSubject: Slow\nMessage-ID: <1@console.example>\n"


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
    assert all(kept(read_mail(raw), word) for word in words_of(tree))
    cut = raw[: len(HEAD) + end % (len(raw) - len(HEAD))]
    body = cut[len(HEAD) :]
    mail = read_mail(cut)
    assert all(kept(mail, word) for word in words_of(tree) if word in body), mail.notes


@pytest.mark.parametrize("count", [500, 3_000])
def test_every_one_of_many_files_is_kept(count):
    leaf = b'Content-Type: application/x; name="f%d"\n\nword%d\n'
    parts = b"".join(b"--B\n" + leaf % (number, 10**9 + number) for number in range(count))
    mail = read_mail(HEAD + b'Content-Type: multipart/mixed; boundary="B"\n\n' + parts + b"--B--\n")
    together = b"\n".join(part.data for part in mail.parts)
    assert all(b"word%d" % (10**9 + number) in together for number in range(count))


@pytest.mark.parametrize(
    "charset", ["unknown-8bit", "x-user-defined", "utf-16", "utf-7", "hz-gb-2312", "iso-2022-jp", "x" * 500, "=?x?=", "\x00"]
)
def test_words_in_a_charset_nobody_knows_are_still_words(charset):
    mail = read_mail(HEAD + b"Content-Type: text/plain; charset=" + charset.encode() + b"\n\nslow \xe6\x85\xa2 \xff\xfe console")
    assert "slow" in mail.text.replace("\x00", "") or "s" in mail.text
    assert mail.parts[0].data == b"slow \xe6\x85\xa2 \xff\xfe console"
