"""Whether a file is what its name says, and what its name may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.desk.rules.files import LONGEST_NAME, claimed_type, contradicts, looks_like_text, plain_name


@pytest.mark.parametrize(
    ("name", "found", "wrong"),
    [
        ("a.png", "text/plain", True),
        ("a.png", "text/html", True),
        ("a.png", "application/octet-stream", True),
        ("a.png", "application/pdf", True),
        ("a.png", "image/jpeg", False),
        ("a.png", "image/png", False),
        ("a.svg", "text/plain", False),
        ("a.ts", "text/plain", False),
        ("a.pdf", "text/plain", True),
        ("a.pdf", "image/png", True),
        ("a.pdf", "application/pdf", False),
        ("a.pdf", "application/octet-stream", False),
        ("a.zip", "text/plain", True),
        ("a.zip", "image/png", True),
        ("a.zip", "application/zip", False),
        ("a.docx", "application/zip", False),
        ("a.mp4", "text/plain", True),
        ("a.mp4", "image/png", True),
        ("a.m4a", "video/mp4", False),
        ("a.ogg", "application/ogg", False),
        ("a.heic", "video/mp4", False),
        ("a.csv", "text/plain", False),
        ("a", "text/plain", False),
        ("a.unheard-of", "image/png", False),
    ],
)
def test_a_name_that_lies_is_told(name, found, wrong):
    assert contradicts(claimed=claimed_type(name), found=found) is wrong


@pytest.mark.parametrize(
    ("head", "text"),
    [
        (b"plain\ntext\t", True),
        ("多字节".encode(), True),
        ("多字节".encode()[:-1], True),
        ("hi".encode("utf-16"), True),
        (b"\x89PNG\r\n\x1a\n", False),
        (b"a\x00b", False),
        (b"caf\xe9 in another encoding", False),
        (b"", False),
    ],
)
def test_text_is_told_by_its_first_bytes(head, text):
    assert looks_like_text(head) is text


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("photo.png", "photo.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ravi\\shot 1.png", "shot 1.png"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("a\x00b\n c.txt", "ab c.txt"),
        ("half\ud83d.txt", "half.txt"),
        ("..", "file"),
        ("", "file"),
        ("///", "file"),
        (".env", "env"),
        ("\u200b", "file"),
        ("截图.png", "截图.png"),
    ],
)
def test_a_name_is_made_plain(raw, name):
    assert plain_name(raw) == name


def test_a_long_name_keeps_its_ending():
    name = plain_name("x" * 300 + ".png")
    assert len(name) == LONGEST_NAME
    assert name.endswith("….png")
    assert len(plain_name("x" * 300 + "." + "y" * 100)) == LONGEST_NAME


@given(st.text(max_size=400))
def test_any_name_at_all_becomes_one_that_can_be_stored(raw):
    name = plain_name(raw)
    assert 0 < len(name) <= LONGEST_NAME
    assert not set(name) & set("/\\\x00\n\r\u202e\u200b")
    name.encode()
