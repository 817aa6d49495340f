"""One's own minutes with harmful content, one's wishes, and what leads see."""

import pytest

from steward.desk.actions.filing import bytes_upload, store_file
from steward.desk.actions.intake import receive_message
from steward.desk.actions.viewing import view_files
from steward.desk.models import CareLimits, Exposure
from steward.desk.queries.care import strictness_of
from steward.people.rules import Role
from tests.cast import user
from tests.pictures import png
from tests.web.ticket.acting import as_


def looked(cast, who, *, seconds, **values):
    from steward.core import clock

    files = [store_file(bytes_upload("zebra.png", png()))]
    ticket = cast.ticket(**values)
    message = receive_message(ticket_id=ticket.pk, body="x", files=files, by=cast.actor(cast.ravi), at=cast.at)
    view_files(attachment_ids=[message.attachments.get().pk], by=cast.actor(who), at=clock.now())
    Exposure.objects.filter(user=who).update(seconds=seconds)
    return ticket


def test_one_sees_ones_own_minutes_and_looks(cast):
    ticket = looked(cast, cast.ada, seconds=620)
    page = as_(cast.ada).get("/care/").content.decode()
    assert "10m" in page
    assert f"#{ticket.pk} · zebra.png" in page
    assert "zebra" not in as_(cast.ben).get("/care/").content.decode()
    assert "Everybody" not in page


def test_of_a_ticket_out_of_sight_the_look_stays_without_its_name(cast):
    from steward.desk.actions.changing import transfer_ticket

    ticket = looked(cast, cast.ada, seconds=10)
    transfer_ticket(ticket_id=ticket.pk, queue_id=cast.restricted.pk, reason="x", by=cast.actor(cast.lin), at=cast.at)
    page = as_(cast.ada).get("/care/").content.decode()
    assert "zebra" not in page
    assert "A file you no longer see" in page


def test_wishes_are_saved(cast):
    browser = as_(cast.ada)
    browser.post("/care/wishes/", {"cover_all": "on"})
    assert (strictness_of(cast.ada.pk).cover_all, strictness_of(cast.ada.pk).in_gray) == (True, False)


def test_leads_see_how_long_and_let_somebody_go_on(cast):
    looked(cast, cast.ada, seconds=3600)
    lead = as_(cast.lin)
    page = lead.get("/care/people/").content.decode()
    assert "Ada" in page
    assert "At the limit" in page
    assert "zebra" not in page
    assert lead.post(f"/care/people/{cast.ada.pk}/", {"minutes": "15", "reason": "Urgent"}).status_code == 303
    assert Exposure.objects.get(user=cast.ada).allowed == 900
    for bad in ({"minutes": "15", "reason": ""}, {"minutes": "500", "reason": "x"}, {"minutes": "x", "reason": "x"}):
        assert lead.post(f"/care/people/{cast.ada.pk}/", bad).status_code == 422
    assert as_(cast.ada).get("/care/people/").status_code == 404
    assert as_(cast.ben).post(f"/care/people/{cast.ada.pk}/", {"minutes": "15", "reason": "x"}).status_code == 403


@pytest.mark.parametrize("role", list(Role))
def test_people_of_the_desk_have_minutes_and_requesters_none(cast, role):
    assert as_(user("Role", role)).get("/care/").status_code == (404 if role == Role.REQUESTER else 200)


def test_limits_are_the_admins(cast):
    admin = as_(cast.ana)
    assert admin.get("/settings/care/").status_code == 200
    assert admin.post("/settings/care/", {"limit": "45m", "rest_after": "15m", "rest_for": "5m"}).status_code == 303
    assert CareLimits.objects.get().limit.total_seconds() == 45 * 60
    assert admin.post("/settings/care/", {"limit": "oops", "rest_after": "15m", "rest_for": "5m"}).status_code == 422
    assert as_(cast.lin).post("/settings/care/", {"limit": "9h", "rest_after": "15m", "rest_for": "5m"}).status_code in {403, 404}
    assert CareLimits.objects.get().limit.total_seconds() == 45 * 60
