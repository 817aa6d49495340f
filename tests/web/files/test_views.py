"""Covered files over HTTP: a plate until asked for, bytes only for whoever asked, and a stop at the limit."""

from datetime import timedelta

import pytest

from steward.desk.actions.caring import flag_ticket, set_care_limits, set_care_preference
from steward.desk.actions.filing import bytes_upload, store_file
from steward.desk.actions.intake import receive_message
from steward.desk.actions.settings import change_queue
from steward.desk.models import Exposure, MediaView
from tests.cast import SETUP
from tests.pictures import png
from tests.web.ticket.acting import as_, asking_user

HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_REQUEST_TYPE": "partial"}
PICTURE = png()
FILM = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(range(256)) * 40


def sent(cast, ticket, *files):
    stored = [store_file(bytes_upload(name, content)) for name, content in files]
    who = ticket.requester
    message = receive_message(ticket_id=ticket.pk, body="Look", files=stored, by=cast.actor(who), at=cast.later(minutes=1))
    return list(message.attachments.order_by("id"))


@pytest.fixture
def careful(cast):
    change_queue(queue_id=cast.support.pk, values={"care": "requesters"}, by=SETUP, at=cast.at)
    return cast


def address(file):
    return f"/files/{file.pk}/{file.name}"


def test_the_page_of_a_ticket_holds_no_address_of_a_covered_picture_that_gives_it(careful):
    ticket = careful.ticket()
    file = sent(careful, ticket, ("shot.png", PICTURE))[0]
    browser = as_(careful.ada)
    page = browser.get(f"/tickets/{ticket.pk}/").content.decode()
    assert f'src="{address(file)}' not in page
    assert f"/files/{file.pk}/veil/" in page
    assert "Show the picture" in page
    assert "from Ravi" in page
    refused = browser.get(address(file))
    assert refused.status_code == 403
    assert "This file is covered" in refused.content.decode()
    assert not MediaView.objects.exists()


def test_asking_shows_it_to_whoever_asked_and_to_nobody_else(careful):
    file = sent(careful, careful.ticket(), ("shot.png", PICTURE))[0]
    ada, ben = as_(careful.ada), as_(careful.ben)
    shown = ada.post(f"/files/{file.pk}/views/", **HTMX).content.decode()
    view = MediaView.objects.get()
    where = f"{address(file)}?view={view.pk}"
    assert f'src="{where}"' in shown
    assert "hx-morph-skip" in shown
    got = ada.get(where)
    assert b"".join(got.streaming_content) == PICTURE
    assert got["Cache-Control"] == "private, no-store"
    assert ben.get(where).status_code == 403
    plate = ada.post(f"/files/views/{view.pk}/end/", **HTMX).content.decode()
    assert "Show the picture" in plate
    assert ada.get(where).status_code == 403, "covered again, the address gives nothing"
    assert ben.post(f"/files/views/{view.pk}/end/", **HTMX).status_code == 404


def test_what_agents_send_is_not_covered_where_only_requesters_are_expected_to(careful):
    from steward.desk.actions.replies import reply

    ticket = careful.ticket()
    files = [store_file(bytes_upload("ours.png", PICTURE))]
    file = reply(ticket_id=ticket.pk, body="See", files=files, by=careful.actor(careful.lin), at=careful.at).attachments.get()
    browser = as_(careful.ada)
    assert browser.get(address(file)).status_code == 200
    set_care_preference(cover_all=True, in_gray=True, by=careful.actor(careful.ada), at=careful.at)
    assert browser.get(address(file)).status_code == 403, "a person may be stricter"
    assert "data-gray" in browser.post(f"/files/{file.pk}/views/", **HTMX).content.decode()


@pytest.mark.parametrize("how", ["restricted", "flagged"])
def test_restricted_and_flagged_tickets_cover_everything(cast, how):
    ticket = cast.ticket(queue=cast.restricted) if how == "restricted" else cast.ticket()
    if how == "flagged":
        flag_ticket(ticket_id=ticket.pk, harm="violence", by=cast.actor(cast.lin), at=cast.at)
    file = sent(cast, ticket, ("shot.png", PICTURE))[0]
    browser = as_(cast.lin)
    assert browser.get(address(file)).status_code == 403
    plate = browser.get(f"/tickets/{ticket.pk}/").content.decode().partition("cover-words")[2].partition("cover-acts")[0]
    assert ("Violence" in plate) == (how == "flagged")


def test_the_requester_has_their_own_files_without_asking(careful):
    who, asks = asking_user()
    ticket = careful.ticket(requester=asks)
    file = sent(careful, ticket, ("shot.png", PICTURE))[0]
    assert as_(who).get(address(file)).status_code == 200
    assert not MediaView.objects.exists()


def test_all_files_of_one_ticket_are_shown_at_once_and_only_of_that(careful):
    ticket, other = careful.ticket(), careful.ticket()
    files = sent(careful, ticket, ("a.png", PICTURE), ("b.png", png(9, 9)), ("notes.txt", b"text"))
    sent(careful, other, ("c.png", png(7, 7)))
    browser = as_(careful.ada)
    assert "Show all 2" in browser.get(f"/tickets/{ticket.pk}/").content.decode()
    page = browser.post(f"/files/of/{ticket.pk}/views/", **HTMX).content.decode()
    assert set(MediaView.objects.values_list("attachment_id", flat=True)) == {file.pk for file in files[:2]}
    assert page.count("<hx-partial") == 3
    assert as_(careful.ben).post(f"/files/of/{careful.ticket(queue=careful.restricted).pk}/views/").status_code == 404
    assert browser.post(f"/files/of/{careful.ticket().pk}/views/", **HTMX).status_code == 404


def test_downloading_is_logged_and_handed_over_as_a_file(careful):
    file = sent(careful, careful.ticket(), ("shot.png", PICTURE))[0]
    got = as_(careful.ada).post(f"/files/{file.pk}/download/")
    assert got["Content-Disposition"].startswith("attachment")
    assert b"".join(got.streaming_content) == PICTURE
    assert MediaView.objects.get().how == "downloaded"


def test_a_page_tells_what_is_in_sight_and_hears_when_to_stop(careful):
    set_care_limits(
        limit=timedelta(minutes=1),
        rest_after=timedelta(minutes=1),
        rest_for=timedelta(minutes=1),
        by=careful.actor(careful.ana),
        at=careful.at,
    )
    file = sent(careful, careful.ticket(), ("shot.png", PICTURE))[0]
    browser = as_(careful.ada)
    browser.post(f"/files/{file.pk}/views/", **HTMX)
    view = MediaView.objects.get()
    told = browser.post("/files/beats/", {"view": [view.pk]}).json()
    assert (told["verdict"], told["limit"]) == ("go_on", 60)
    Exposure.objects.update(seconds=60)
    assert browser.post("/files/beats/", {"view": [view.pk]}).json()["verdict"] == "stop"
    stopped = browser.post(f"/files/views/{view.pk}/end/", **HTMX).content.decode()
    assert "That is enough" in stopped
    assert "Take a break" in stopped
    assert "<img" not in stopped
    assert "That is enough" in browser.post(f"/files/{file.pk}/views/", **HTMX).content.decode()
    assert browser.post(f"/files/{file.pk}/download/").status_code == 403


@pytest.mark.parametrize("raw", ["x", "", "9" * 30])
def test_a_bad_view_is_no_error_of_ours(careful, raw):
    assert as_(careful.ada).post("/files/beats/", {"view": [raw]}).status_code in {200, 422}


def test_outsiders_and_requesters_have_nothing_here(careful, client):
    file = sent(careful, careful.ticket(queue=careful.restricted), ("shot.png", PICTURE))[0]
    who, _asks = asking_user()
    for path in (f"/files/{file.pk}/views/", f"/files/{file.pk}/download/"):
        assert as_(careful.ada).post(path).status_code == 404
        assert as_(who).post(path).status_code == 404
        assert client.post(path)["Location"].startswith("/sign-in/")
    assert as_(careful.ada).get(f"/files/{file.pk}/veil/").status_code == 404


def test_a_film_is_given_in_parts_never_starts_by_itself_and_is_muted(cast):
    ticket = cast.ticket()
    file = sent(cast, ticket, ("film.mp4", FILM))[0]
    browser = as_(cast.ada)
    page = browser.get(f"/tickets/{ticket.pk}/").content.decode()
    assert "<video" in page
    assert "autoplay" not in page
    assert " muted" in page
    part = browser.get(address(file), HTTP_RANGE="bytes=10-19")
    assert (part.status_code, part.content, part["Content-Range"]) == (206, FILM[10:20], f"bytes 10-19/{len(FILM)}")
    assert browser.get(address(file), HTTP_RANGE=f"bytes={len(FILM)}-").status_code == 416
    assert browser.get(address(file), HTTP_RANGE="bytes=oops").status_code == 200


def test_a_redacted_copy_is_taken_in_over_http(careful):
    file = sent(careful, careful.ticket(), ("shot.png", PICTURE))[0]
    browser = as_(careful.ada)
    assert browser.post(f"/files/{file.pk}/redacted/", **HTMX).status_code == 422
    assert (
        browser.post(f"/files/{file.pk}/redacted/", {"file": bytes_upload("shot-redacted.png", png(3, 3))}, **HTMX).status_code
        == 200
    )
    assert file.message.attachments.filter(redacts=file).count() == 1
