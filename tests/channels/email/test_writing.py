"""Letters that go out: whole, for people and programs alike, and with nothing in their heads that was put there by others."""

from email import message_from_bytes
from email.policy import default

import pytest

from steward.channels.contract import Cover, Enclosed, Parcel, Place, Refused, Speaker
from steward.channels.email.addressing import message_of_id, ticket_of_address
from steward.channels.email.letters import read
from steward.channels.email.mailbox import key
from steward.channels.email.writing import compose, id_of
from tests.channels.email.desk import account

MARA = Speaker("mara@people.example", "Mara")


def parcel(text="Which browser?", *, cover=None, **more):
    about = {"ticket": 42, "message": 7}
    return Parcel(
        "m7", "text", Place("c"), text=text, about=about, cover=cover or Cover((MARA,), automatic=False, ticket=42), **more
    )


def written(one: Parcel, **settings: str):
    letter, whom = compose(account(**settings), one)
    return message_from_bytes(letter.as_bytes(), policy=default), whom


def words_of(letter):
    return letter.get_body(("plain",)).get_content().replace("\r\n", "\n")


def test_a_letter_says_who_writes_leads_back_and_stands_in_its_thread():
    cover = Cover(
        (MARA,),
        copies=(Speaker("iris@people.example", "Iris"),),
        subject="The console is slow",
        thread=("first@people.example", "t42.m3.x@desk.example", "last@people.example", "no id"),
        ticket=42,
        automatic=False,
    )
    letter, whom = written(parcel(cover=cover, author="Ada"), from_name="Console desk")
    assert whom == ["mara@people.example", "iris@people.example"]
    assert letter["From"] == "Ada via Console desk <help@desk.example>"
    assert (letter["To"], letter["Cc"]) == ("Mara <mara@people.example>", "Iris <iris@people.example>")
    assert letter["Subject"] == "Re: The console is slow [#42]"
    assert ticket_of_address(letter["Reply-To"], key=key()) == 42
    assert message_of_id(letter["Message-ID"].strip("<>"), key=key()) == (42, 7)
    assert letter["In-Reply-To"] == "<last@people.example>"
    assert letter["References"].split() == ["<first@people.example>", "<t42.m3.x@desk.example>", "<last@people.example>"]
    assert letter["Auto-Submitted"] is None
    assert letter["Date"].datetime is not None
    assert words_of(letter) == "Which browser?\n"


def test_what_nobody_wrote_says_so():
    letter, _whom = written(parcel(cover=Cover((MARA,), ticket=42)))
    assert (letter["Auto-Submitted"], letter["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    assert letter["From"] == "Help <help@desk.example>"


@pytest.mark.parametrize(
    "evil", ["x\r\nBcc: all@people.example", "x\nBcc: all@people.example", "x\u2028Bcc: a@b", "x\x00\x0bBcc: a@b"]
)
def test_nothing_in_a_name_a_subject_or_a_file_becomes_a_header(evil):
    cover = Cover(
        (Speaker("mara@people.example", evil),), subject=evil, thread=(f"a@b\r\nBcc: {evil}",), ticket=42, automatic=False
    )
    files = (Enclosed(evil, "text/plain", b"x"), Enclosed("a", f"text/plain\r\nBcc: {evil}", b"y"))
    letter, whom = written(parcel(cover=cover, author=evil, files=files), from_name=evil)
    assert whom == ["mara@people.example"]
    assert letter["Bcc"] is None
    assert all(part["Bcc"] is None for part in letter.walk())


@pytest.mark.parametrize("address", ["a@b\r\nRCPT TO:<x@y>", "mara", "", "@people.example", "mara@"])
def test_what_is_no_address_is_written_to_by_nobody(address):
    with pytest.raises(Refused, match="no address"):
        compose(account(), parcel(cover=Cover((Speaker(address),), automatic=False)))


def test_nothing_automatic_goes_where_nobody_reads_and_a_person_may_try():
    nobody = Speaker("no-reply@people.example")
    with pytest.raises(Refused, match="Nobody reads"):
        compose(account(), parcel(cover=Cover((nobody,))))
    _letter, whom = written(parcel(cover=Cover((nobody,), automatic=False)))
    assert whom == ["no-reply@people.example"]


def test_words_in_all_scripts_arrive_as_they_are():
    text = "你好，请再试一次。\n\n" + "長い" * 800 + "\n😀 العربية"
    cover = Cover((Speaker("mara@people.example", "玛拉"),), subject="控制台很慢", ticket=42, automatic=False)
    letter, _whom = written(parcel(text, cover=cover, author="艾达"))
    assert words_of(letter).strip() == text
    assert letter["Subject"] == "Re: 控制台很慢 [#42]"
    assert letter["From"].addresses[0].display_name == "艾达 via Help"
    assert letter["To"].addresses[0].display_name == "玛拉"
    assert max(map(len, letter.as_bytes().split(b"\n"))) < 999


def test_html_says_the_same_and_runs_nothing():
    text = 'Open https://desk.example/a?b=1&c=2, then <script>alert(1)</script> "quoted".\n\nNext line\nand one more'
    html = written(parcel(text))[0].get_body(("html",)).get_content().replace("\r\n", "\n")
    assert "<script" not in html
    assert '<a href="https://desk.example/a?b=1&amp;c=2">' in html
    assert "Next line<br>" in html


def test_answers_are_words_or_a_link():
    cover = Cover((MARA,), ticket=42, link="https://desk.example/portal/42/")
    letter, _whom = written(parcel("Is it fixed?", cover=cover, answers=(("yes", "Yes, it is fixed"), ("no", "No, not yet"))))
    words = words_of(letter)
    assert "yes – Yes, it is fixed\nno – No, not yet" in words
    assert "Or answer here: https://desk.example/portal/42/" in words
    rating = written(parcel("How did we do?", cover=cover, answers=tuple((one, one) for one in "12345")))[0]
    assert "1, 2, 3, 4, 5" in words_of(rating)


def test_files_go_along_as_they_are_and_what_is_too_large_is_named():
    kinds = ["text/plain", "message/rfc822", "image/png", "multipart/mixed", "nonsense", ""]
    files = tuple(Enclosed(f"文件 {place}", kind, bytes([place]) * 3) for place, kind in enumerate(kinds))
    cover = Cover((MARA,), ticket=42, automatic=False, left_out=("film.mp4",), link="https://desk.example/portal/42/")
    letter, _whom = written(parcel(files=files, cover=cover))
    found = list(letter.iter_attachments())
    assert [part.get_filename() for part in found] == [file.name for file in files]
    assert [part.get_payload(decode=True) for part in found] == [file.content for file in files]
    assert "Too large to be sent along: film.mp4. You find it here" in words_of(letter)


def test_tried_again_it_is_the_same_letter_and_another_is_another():
    one = Parcel("received:1", "text", Place("c"), text="Received", cover=Cover((MARA,)))
    assert id_of(account(), one) == id_of(account(), one)
    assert id_of(account(), one) != id_of(account(), Parcel("received:2", "text", Place("c")))


def test_what_goes_out_is_known_when_it_comes_back():
    for one in (parcel(), Parcel("received:1", "text", Place("c"), text="Received", cover=Cover((MARA,)))):
        letter, _whom = compose(account(), one)
        (heard,) = read(account(), {"original": letter.as_bytes()})
        assert heard.why == "loop"


def test_without_such_addresses_answers_go_to_the_plain_one():
    letter, _whom = written(parcel(), plus_addresses=False)
    assert letter["Reply-To"] is None
