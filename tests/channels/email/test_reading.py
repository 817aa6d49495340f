"""Messages as broken as they come."""

from steward.channels.email.reading import read_mail


def test_a_line_that_is_no_header_and_not_ascii_becomes_part_of_the_body_without_losing_a_byte():
    mail = read_mail(b"From: a@b.example\nF\xf6\xe9 no header\n\nHello")
    assert mail.sender.email == "a@b.example"
    assert b"F\xf6\xe9 no header" in mail.parts[0].data
    assert mail.text.endswith("Hello")
