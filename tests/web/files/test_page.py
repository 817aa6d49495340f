"""Attached files over HTTP: who may have them, and how a browser gets them."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from steward.desk.actions.filing import bytes_upload, path_of, store_file
from steward.desk.actions.replies import add_note, reply
from steward.desk.models import Attachment, Message, Ticket
from tests.cast import Cast
from tests.pictures import png
from tests.web.ticket.acting import as_, asking_user

PNG = png()


def attach(cast: Cast, ticket: Ticket, name: str, content: bytes, *, note: bool = False) -> Attachment:
    files = [store_file(bytes_upload(name, content))]
    write = add_note if note else reply
    message: Message = write(
        ticket_id=ticket.pk, body="See the file.", files=files, by=cast.actor(cast.lin), at=cast.later(minutes=1)
    )
    return message.attachments.get()


def address(file: Attachment) -> str:
    return f"/files/{file.pk}/{file.name}"


def test_a_picture_is_shown_and_anything_else_is_offered_for_download(cast: Cast) -> None:
    ticket = cast.ticket()
    browser = as_(cast.ada)
    for name, content, disposition, kind in (
        ("shot.png", PNG, "inline", "image/png"),
        ("log.txt", b"12:01 error", "attachment", "application/octet-stream"),
        ("page.html", b"<script>alert(1)</script>", "attachment", "application/octet-stream"),
        (
            "drawing.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            "attachment",
            "application/octet-stream",
        ),
    ):
        answer = browser.get(address(attach(cast, ticket, name, content)))
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content) == content  # type: ignore[attr-defined]
        assert answer["Content-Disposition"].startswith(disposition), name
        assert answer["Content-Type"] == kind
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "script-src" not in answer["Content-Security-Policy"]
        assert answer["Cache-Control"].startswith("private")


def test_requesters_have_the_files_of_their_own_conversation_and_of_no_note(cast: Cast) -> None:
    who, asks = asking_user()
    own, other = cast.ticket(requester=asks), cast.ticket()
    browser = as_(who)
    assert browser.get(address(attach(cast, own, "answer.txt", b"text"))).status_code == 200
    assert browser.get(address(attach(cast, own, "secret.txt", b"text", note=True))).status_code == 404
    assert browser.get(address(attach(cast, other, "other.txt", b"text"))).status_code == 404


def test_a_file_is_seen_by_those_who_see_its_ticket(cast: Cast) -> None:
    file = attach(cast, cast.ticket(queue=cast.restricted), "grave.txt", b"text", note=True)
    assert as_(cast.lin).get(address(file)).status_code == 200
    for who in (cast.ada, cast.ana, cast.eno):
        assert as_(who).get(address(file)).status_code == 404
    assert Client().get(address(file)).status_code == 302


def test_the_name_in_the_address_means_nothing_and_the_real_one_is_kept(cast: Cast) -> None:
    file = attach(cast, cast.ticket(), 'отчёт "1".txt', b"text")
    answer = as_(cast.ada).get(f"/files/{file.pk}/anything.html")
    assert answer.status_code == 200
    assert "anything" not in answer["Content-Disposition"]
    assert "\n" not in answer["Content-Disposition"]


@pytest.mark.parametrize("number", ["1", "9" * 18, "9" * 40])
def test_a_file_that_does_not_exist_is_not_found(cast: Cast, number: str) -> None:
    assert as_(cast.ada).get(f"/files/{number}/x.txt").status_code == 404


def test_a_file_the_storage_lost_is_said_to_be_lost(cast: Cast) -> None:
    file = attach(cast, cast.ticket(), "lost.txt", b"lost words")
    (Path(settings.FILES_FOLDER) / path_of(file.sha256)).unlink()
    answer = as_(cast.ada).get(address(file))
    assert answer.status_code == 404
    assert "no longer stored" in answer.content.decode()
