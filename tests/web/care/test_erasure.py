"""Erasing over HTTP: shown first, asked twice, and only by those who may."""

import pytest

from steward.core import clock
from steward.desk.actions.intake import receive_message
from steward.desk.models import Message
from steward.people.models import Erasure
from tests.web.ticket.acting import as_, asking_user

WORD = "zyxwvunique"


def test_a_person_is_erased_after_a_preview_and_a_second_question(cast):
    ticket = cast.ticket(f"I am {WORD}")
    admin, where = as_(cast.ana), f"/erasure/requesters/{cast.ravi.pk}/"
    page = admin.get(where).content.decode()
    assert "Messages and notes" in page
    assert "reports of past days stay" in page
    sure = admin.post(where, {"reason": "asked"}).content.decode()
    assert "This cannot be taken back" in sure
    assert not Erasure.objects.exists()
    seen = sure.partition('name="seen" value="')[2].partition('"')[0]
    for bad in ({"number": "1234567"}, {"number": ""}):
        assert admin.post(where, {"reason": "asked", "seen": seen, **bad}).status_code == 422
    assert not Erasure.objects.exists()
    receive_message(ticket_id=ticket.pk, body="And more", by=cast.actor(cast.ravi), at=clock.now())
    stale = admin.post(where, {"reason": "asked", "seen": seen, "number": cast.ravi.pk})
    assert stale.status_code == 409, "something was added since the preview"
    seen = admin.post(where, {"reason": "asked"}).content.decode().partition('name="seen" value="')[2].partition('"')[0]
    assert admin.post(where, {"reason": "asked", "seen": seen, "number": f"#{cast.ravi.pk}"}).status_code == 303
    assert Erasure.objects.get().finished_at is not None
    assert "The data of this person were erased" in admin.get(where).content.decode()
    assert WORD not in as_(cast.ada).get(f"/tickets/{ticket.pk}/").content.decode()
    assert "The words were erased" in as_(cast.ada).get(f"/tickets/{ticket.pk}/").content.decode()
    assert admin.post(where, {"reason": "asked", "seen": seen, "number": cast.ravi.pk}).status_code == 409, "a second tab"


def test_where_else_an_address_stands_is_named_by_number_in_sight_only(cast):
    other = cast.ticket(f"Write to {cast.ravi.email} please", requester=cast.oto)
    hidden = cast.ticket(f"Hidden: {cast.ravi.email}", requester=cast.oto, queue=cast.restricted)
    page = as_(cast.ana).get(f"/erasure/requesters/{cast.ravi.pk}/").content.decode()
    assert f"#{other.pk}<" in page
    assert f"#{hidden.pk}<" not in page


def test_a_user_is_erased_by_an_admin_and_not_by_themself(cast):
    admin = as_(cast.ana)
    assert admin.get(f"/erasure/people/{cast.ben.pk}/").status_code == 200
    where = f"/erasure/people/{cast.ana.pk}/"
    seen = admin.post(where, {"reason": "asked"}).content.decode().partition('name="seen" value="')[2].partition('"')[0]
    assert admin.post(where, {"reason": "asked", "seen": seen, "number": cast.ana.pk}).status_code == 409


def test_words_of_a_message_go_after_a_second_question(cast):
    message = Message.objects.get(ticket=cast.ticket(f"I am {WORD}"))
    lead, where = as_(cast.lin), f"/erasure/messages/{message.pk}/"
    assert "The words" in lead.get(where).content.decode()
    sure = lead.post(where, {"reason": "mistake", "words": "on"}).content.decode()
    assert "This cannot be taken back" in sure
    message.refresh_from_db()
    assert message.body
    assert lead.post(where, {"reason": "mistake", "words": "on", "sure": "yes"}).status_code == 303
    message.refresh_from_db()
    assert message.body == ""
    assert "Everything of this message was erased" in lead.get(where).content.decode()
    assert lead.post(where, {"reason": "x", "words": "on"}).status_code == 422


@pytest.mark.parametrize("name", ["ada", "eno", "ben"])
def test_who_may_not_erase_sees_no_page_of_it(cast, name):
    message = Message.objects.get(ticket=cast.ticket())
    browser = as_(getattr(cast, name))
    for where in (f"/erasure/messages/{message.pk}/", f"/erasure/requesters/{cast.ravi.pk}/", f"/erasure/people/{cast.ben.pk}/"):
        assert browser.get(where).status_code == 404
        assert browser.post(where, {"reason": "asked"}).status_code == 404


def test_outsiders_and_requesters_have_nothing_here(cast, client):
    hidden = Message.objects.get(ticket=cast.ticket(queue=cast.restricted))
    who, _asks = asking_user()
    assert as_(cast.ana).get(f"/erasure/messages/{hidden.pk}/").status_code == 404
    assert as_(who).get(f"/erasure/requesters/{cast.ravi.pk}/").status_code == 404
    assert client.get(f"/erasure/requesters/{cast.ravi.pk}/")["Location"].startswith("/sign-in/")
