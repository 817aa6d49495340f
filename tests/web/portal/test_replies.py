import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from steward.channels.models import InboundEnvelope
from steward.desk.actions.lifecycle import change_status
from steward.desk.models import Link, Message, Ticket
from steward.desk.rules.states import State
from tests.cast import Cast
from tests.pictures import png
from tests.web.portal.signing_in import HTMX, form, signed_in, user_of

PNG = png()


def where(ticket: Ticket) -> str:
    return f"/portal/requests/{ticket.pk}/messages/"


def bodies(ticket: Ticket) -> list[str]:
    return list(Message.objects.filter(ticket=ticket, author_kind="requester").order_by("id").values_list("body", flat=True))[1:]


def test_a_message_appears_in_the_part_that_comes_back(desk):
    ticket = desk.ticket()
    answer = signed_in(desk.ravi).post(where(ticket), form("It happens in EU-West only."), **HTMX)
    assert answer.status_code == 200
    assert "It happens in EU-West only." in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_without_scripts_sending_leads_back_to_the_request(desk):
    ticket = desk.ticket()
    answer = signed_in(desk.ravi).post(where(ticket), form("More"))
    assert answer.status_code == 303
    assert answer["Location"].startswith(f"/portal/requests/{ticket.pk}/#message-")


def test_files_come_along_and_can_be_opened(desk):
    ticket = desk.ticket()
    files = [SimpleUploadedFile("shot.png", PNG), SimpleUploadedFile("notes.txt", b"one\ntwo")]
    ravi = signed_in(desk.ravi)
    page = ravi.post(where(ticket), form("See these", files=files), **HTMX).content.decode()
    for name, content in (("shot.png", PNG), ("notes.txt", b"one\ntwo")):
        link = page.split(f'/{name}"')[0].rsplit('"', 1)[1] + f"/{name}"
        answer = ravi.get(link)
        assert b"".join(answer) == content
        assert signed_in(desk.oto).get(link).status_code == 404


def test_files_alone_are_a_message(desk):
    ticket = desk.ticket()
    answer = signed_in(desk.ravi).post(where(ticket), form("", files=[SimpleUploadedFile("shot.png", PNG)]), **HTMX)
    assert answer.status_code == 200
    assert bodies(ticket) == [""]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"body": "a\x00b"}, "NUL"),
        ({"body": ""}, "no text"),
        ({"body": "\u200b\u200d "}, "no text"),
        ({"body": "x" * 1_000_001}, "1,000,000"),
        ({"body": "See", "files": [SimpleUploadedFile("a.png", b"<html><script>")]}, "not what its name says"),
        ({"body": "See", "files": [SimpleUploadedFile("empty.txt", b"")]}, "empty"),
        ({"body": "See", "files": [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(11)]}, "11"),
        ({"body": "x", "client_token": "t" * 101}, "characters"),
    ],
)
def test_what_cannot_be_sent_is_told_plainly_and_kept(desk, fields, words):
    ticket = desk.ticket()
    answer = signed_in(desk.ravi).post(where(ticket), form(**fields), **HTMX)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert answer["HX-Reswap"] == "none", "the page, and the text in its box, stay as they are"
    assert bodies(ticket) == []
    assert InboundEnvelope.objects.get().problem


def test_without_scripts_the_text_comes_back_with_the_reason(desk):
    ticket = desk.ticket()
    answer = signed_in(desk.ravi).post(where(ticket), form("Precious <b>words</b>", files=[SimpleUploadedFile("empty.txt", b"")]))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Precious &lt;b&gt;words&lt;/b&gt;" in page
    assert "Your text is kept here." in page


def test_without_scripts_a_question_that_was_refused_comes_back_too(desk):
    fields = form("Precious words", subject="In short", category="x")
    answer = signed_in(desk.ravi).post("/portal/ask/", fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert ">Precious words</textarea>" in page
    assert 'value="In short"' in page
    assert str(fields["client_token"]) in page


def test_a_double_click_and_a_repeated_request_say_it_once(desk):
    ticket, ravi, fields = desk.ticket(), signed_in(desk.ravi), form("Once")
    answers = [ravi.post(where(ticket), fields, **HTMX).status_code for _ in range(3)]
    assert answers == [200, 200, 200]
    assert bodies(ticket) == ["Once"]
    asked = form("Asked once")
    assert len({ravi.post("/portal/ask/", asked, **HTMX)["HX-Redirect"] for _ in range(3)}) == 1


def test_ten_thousand_lines_and_every_script_are_kept_whole(desk):
    ticket = desk.ticket()
    text = "\n".join(f"row {number}: مرحبا \u200f\u200b审核 🙂" for number in range(10_000))
    answer = signed_in(desk.ravi).post(where(ticket), form(text), **HTMX)
    assert answer.status_code == 200
    assert bodies(ticket) == [text]


def test_bytes_in_a_wrong_encoding_break_nothing(desk):
    ticket = desk.ticket()
    ravi = signed_in(desk.ravi)
    raw = b"body=caf\xe9&client_token=enc&unknown=1"
    answer = ravi.post(where(ticket), raw, content_type="application/x-www-form-urlencoded", **HTMX)
    assert answer.status_code == 200
    assert bodies(ticket) == ["caf\xe9"]


def solved(desk: Cast) -> Ticket:
    ticket = desk.ticket()
    change_status(ticket_id=ticket.pk, state=State.SOLVED, by=desk.actor(desk.ada), at=desk.later(seconds=1))
    return ticket


def test_writing_reopens_what_was_solved(desk):
    ticket = solved(desk)
    page = signed_in(desk.ravi).post(where(ticket), form("It is back again."), **HTMX).content.decode()
    ticket.refresh_from_db()
    assert ticket.state == "open"
    assert "Your request was opened again." in page


def test_bare_thanks_confirm(desk):
    ticket = solved(desk)
    signed_in(desk.ravi).post(where(ticket), form("Thanks!"), **HTMX)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.outcome) == ("closed", "confirmed")


def test_long_after_closing_writing_leads_to_a_new_linked_request(desk):
    now = desk.at
    desk.later(days=-20)
    ticket = desk.ticket()
    change_status(ticket_id=ticket.pk, state=State.CLOSED, reason="spam", by=desk.actor(desk.ada), at=desk.at)
    desk.at = now
    ravi = signed_in(desk.ravi)
    assert "opens a new request" in ravi.get(f"/portal/requests/{ticket.pk}/").content.decode()
    answer = ravi.post(where(ticket), form("Something like it again"), **HTMX)
    new = Ticket.objects.latest("id")
    assert answer["HX-Redirect"].startswith(f"/portal/requests/{new.pk}/")
    assert Link.objects.get(from_ticket=new).to_ticket == ticket


def test_a_form_without_its_protection_is_refused(desk):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user_of(desk.ravi))
    assert strict.post("/portal/ask/", form("x")).status_code == 403
    assert Ticket.objects.count() == 0
