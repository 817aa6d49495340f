"""Messages as broken as they come."""

import pytest

from steward.channels.email.charsets import to_text
from steward.channels.email.reading import DEEPEST, MOST_PARTS, read_mail


def test_a_line_that_is_no_header_and_not_ascii_becomes_part_of_the_body_without_losing_a_byte():
    mail = read_mail(b"From: a@b.example\nF\xf6\xe9 no header\n\nHello")
    assert mail.sender.email == "a@b.example"
    assert b"F\xf6\xe9 no header" in mail.parts[0].data
    assert mail.text.endswith("Hello")


def body(encoding, said, kind="text/plain"):
    return read_mail(f"Content-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n\n".encode() + said)


@pytest.mark.parametrize(
    ("encoding", "said", "read", "noted"),
    [
        ("quoted-printable", b"one =\r\ntwo", "one two", False),
        ("quoted-printable", b"one =\rtwo =\rthree", "one two three", False),
        ("quoted-printable", b"one =  \r\ntwo", "one two", False),
        ("quoted-printable", b"1 + 1 = 2", "1 + 1 = 2", False),
        ("base64", b"SGVsbG8g\r\ndGhlcmU=\r\n", "Hello there", False),
        ("base64", b"SGVsbG8=\r\nIHRoZXJl\r\n", "Hello there", False),
        ("base64", b"SGVsbG8=IHRoZXJl", "Hello there", False),
        ("base64", b"SGVsbG8g\r\n!dGhlcmUsIGRlYXIgZnJpZW5k", "Hello there, dear friend", True),
        ("base64", b"Hello, this was never packed at all.", "Hello, this was never packed at all.", True),
        ("base64", b"SGVsbG8g\r\ndGhlcmU=\r\n--\r\nlist", "Hello there\n--\nlist", True),
        ("x-nonsense", b"as it is", "as it is", True),
        ("x-uuencode", b"begin 644 a\n#0V%T\n`\nend\n", "Cat", False),
        ("x-uuencode", b"see below\nbegin 644 a\n#0V%T\n`\nend\n", "see below", True),
    ],
)
def test_what_was_packed_for_the_way_is_unpacked_or_kept(encoding, said, read, noted):
    mail = body(encoding, said)
    assert mail.text.strip() == read
    assert bool(mail.notes) is noted


def test_a_file_in_a_text_is_a_file_with_its_name():
    mail = read_mail(b"Subject: x\n\nsee below\nbegin 644 cat.txt\n#0V%T\n`\nend\nbye\n")
    assert (mail.text, [(file.name, file.data) for file in mail.files]) == ("see below\nbye", [("cat.txt", b"Cat")])


@pytest.mark.parametrize(
    "before", [b"", b"\n", b"\r\n\r\n", b"\xef\xbb\xbf", b"From li@customer.example Mon Nov 2 10:00:00 2026\n", b"\r\nFrom x\r\n"]
)
def test_what_stands_before_a_message_hides_none_of_it(before):
    mail = read_mail(before + b"Subject: Export\r\nFrom: a@b.example\r\n\r\nIt is empty")
    assert (mail.subject, mail.sender.email, mail.text) == ("Export", "a@b.example", "It is empty")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_a_message_is_read_whatever_ends_its_lines(end):
    lines = [
        "Subject: Export",
        "Content-Type: multipart/mixed; boundary=b",
        "",
        "--b",
        "",
        "one",
        "--b",
        "Content-Disposition: attachment; filename=a.txt",
        "",
        "two",
        "--b--",
        "",
    ]
    mail = read_mail(end.join(lines).encode())
    assert (mail.subject, mail.text, [(file.name, file.data) for file in mail.files]) == ("Export", "one", [("a.txt", b"two")])


def test_a_line_broken_in_two_does_not_end_the_head():
    mail = read_mail("Subject: 导出\n是空的\nFrom: a@b.example\nContent-Type: text/html\n\n<p>Hello</p>".encode())
    assert mail.sender.email == "a@b.example"
    assert b"\xe6\x98\xaf" in mail.parts[0].data
    assert "Hello" in mail.text


def test_what_programs_say_before_the_parts_is_left_out_and_what_people_say_there_is_not():
    frame = b"Content-Type: multipart/mixed; boundary=b\n\n%s\n--b\n\nHello\n--b--\n"
    note = b"This is a multi-part message in MIME format."
    assert (read_mail(frame % note).text, read_mail(frame % note).notes) == ("Hello", ())
    assert read_mail(frame % (note + b"\n\nMy own words")).text == "My own words\n\nHello"
    assert read_mail(frame % b"-- my own words").text == "-- my own words\n\nHello"


def test_the_name_of_a_file_shows_what_it_is():
    mail = read_mail('Content-Type: application/x; name="a\u202egpj.exe"\nContent-Disposition: attachment\n\nx'.encode())
    assert mail.files[0].name == "a_gpj.exe"


@pytest.mark.parametrize("charset", ["utf-7", "", "nowhere", "unicode_escape", "punycode", "gb2312", "utf-16"])
def test_text_can_be_stored_whatever_charset_it_claims(charset):
    for data in (b"+2AA-", b"\xff\xfe\x00\xd8", bytes(range(256)), b"\\ud800"):
        text = to_text(data, charset)
        text.encode()
        assert text


def test_a_part_too_deep_is_kept_whole_as_a_file():
    raw = (
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (at, at) for at in range(DEEPEST + 5)) + b"\nswordfish"
    )
    mail = read_mail(raw)
    assert b"swordfish" in mail.files[0].data
    assert any("cannot be divided" in note for note in mail.notes)


def test_more_parts_than_anybody_sends_are_kept_as_one_file():
    mail = read_mail(
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"".join(b"--b\n\npart%dx\n" % at for at in range(MOST_PARTS + 50))
    )
    kept = b"\n".join(part.data for part in mail.parts)
    assert [at for at in range(MOST_PARTS + 50) if b"part%dx" % at not in kept] == []
    assert len(mail.parts) <= MOST_PARTS + 1


def test_flowed_lines_are_joined_and_quotes_and_signatures_are_not():
    mail = read_mail(b"Content-Type: text/plain; format=flowed\n\none \ntwo\n> three \n> four\nfive \n-- \nLi")
    assert mail.text == "one two\n> three four\nfive \n-- \nLi"
