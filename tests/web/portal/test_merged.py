"""A merged request as its requesters see it: their own words go on in one place, nobody reads another's."""

from steward.desk.actions.intake import receive_message
from steward.desk.actions.lifecycle import solve_ticket
from steward.desk.actions.merging import merge_tickets, unmerge_ticket
from steward.desk.actions.moving import move_message
from steward.desk.actions.replies import reply
from steward.desk.models import Message
from steward.desk.queries.verification import problems
from tests.cast import Cast
from tests.web.ticket.acting import as_, asking_user, text_of


def merge(cast: Cast, source, target) -> None:
    merge_tickets(source_ids=[source.pk], target_id=target.pk, by=cast.actor(cast.ada), at=cast.at)


def test_ones_own_merged_request_leads_to_where_it_goes_on(cast: Cast) -> None:
    who, asks = asking_user()
    one, other = cast.ticket("First words.", requester=asks), cast.ticket("Second words.", requester=asks)
    merge(cast, other, one)
    browser = as_(who)
    assert browser.get(f"/portal/requests/{other.pk}/")["Location"] == f"/portal/requests/{one.pk}/"
    page = text_of(browser.get(f"/portal/requests/{one.pk}/"))
    assert "First words." in page
    assert "Second words." in page
    assert f"We go on with this in your request #{one.pk}" in page
    sent = browser.post(f"/portal/requests/{other.pk}/messages/", {"body": "Third words.", "client_token": "t"})
    assert sent["Location"].startswith(f"/portal/requests/{one.pk}/")
    assert Message.objects.get(body="Third words.").ticket_id == one.pk
    assert list(problems()) == []


def test_two_requesters_of_one_merge_never_read_each_other(cast: Cast) -> None:
    (rita, asks), (tom, also) = asking_user("Rita"), asking_user("Tom")
    one, other = cast.ticket("Secret of Rita.", requester=asks), cast.ticket("Secret of Tom.", requester=also)
    merge(cast, other, one)
    ada = cast.actor(cast.ada)
    reply(ticket_id=one.pk, body="For Rita only.", by=ada, at=cast.later(minutes=1))
    toms = other.conversation_set.get()
    reply(ticket_id=one.pk, body="For Tom only.", to=[toms.pk], by=ada, at=cast.later(minutes=1))
    reply(ticket_id=one.pk, body="For both.", to=[one.conversation_set.get().pk, toms.pk], by=ada, at=cast.later(minutes=1))
    ritas_page = text_of(as_(rita).get(f"/portal/requests/{one.pk}/"))
    toms_page = text_of(as_(tom).get(f"/portal/requests/{other.pk}/"))
    assert ("Secret of Rita." in ritas_page, "For Rita only." in ritas_page, "For both." in ritas_page) == (True, True, True)
    assert ("Secret of Tom." in toms_page, "For Tom only." in toms_page, "For both." in toms_page) == (True, True, True)
    for page, hidden in ((ritas_page, "Tom"), (toms_page, "Rita")):
        assert f"Secret of {hidden}." not in page
        assert f"For {hidden} only." not in page
    assert as_(tom).get(f"/portal/requests/{one.pk}/").status_code == 404
    assert "Secret of Tom." in text_of(as_(tom).get("/portal/"))


def test_the_other_requester_sees_how_the_common_one_stands_and_writes_in_place(cast: Cast) -> None:
    (_rita, asks), (tom, also) = asking_user("Rita"), asking_user("Tom")
    one, other = cast.ticket(requester=asks), cast.ticket(requester=also)
    merge(cast, other, one)
    browser = as_(tom)
    sent = browser.post(f"/portal/requests/{other.pk}/messages/", {"body": "Me too!", "client_token": "t"})
    assert sent["Location"].startswith(f"/portal/requests/{other.pk}/")
    assert "Me too!" in text_of(browser.get(f"/portal/requests/{other.pk}/"))
    solve_ticket(ticket_id=one.pk, by=cast.actor(cast.ada), at=cast.later(minutes=1))
    assert "We think it is solved." in text_of(browser.get(f"/portal/requests/{other.pk}/"))
    unmerge_ticket(ticket_id=other.pk, by=cast.actor(cast.lin), at=cast.later(minutes=1))
    assert "Me too!" in text_of(browser.get(f"/portal/requests/{other.pk}/"))
    assert list(problems()) == []


def test_what_is_seen_is_kept_for_each(cast: Cast) -> None:
    (_rita, asks), (tom, also) = asking_user("Rita"), asking_user("Tom")
    one, other = cast.ticket(requester=asks), cast.ticket(requester=also)
    merge(cast, other, one)
    said = reply(
        ticket_id=one.pk, body="Hi Tom.", to=[other.conversation_set.get().pk], by=cast.actor(cast.ada), at=cast.later(minutes=1)
    )
    assert as_(tom).post(f"/portal/requests/{other.pk}/seen/", {"message_id": said.pk}).status_code == 204
    assert "new answer" not in text_of(as_(tom).get("/portal/"))
    assert list(problems()) == []


def test_a_message_that_landed_on_the_wrong_ticket_is_read_by_whom_it_belongs_to(cast: Cast) -> None:
    (rita, asks), (tom, also) = asking_user("Rita"), asking_user("Tom")
    one, other = cast.ticket(requester=asks), cast.ticket(requester=also)
    wrong = receive_message(ticket_id=one.pk, body="This was about Tom.", by=cast.actor(asks), at=cast.later(minutes=1))
    move_message(message_id=wrong.pk, to_id=other.pk, by=cast.actor(cast.ada), at=cast.later(minutes=1))
    assert "This was about Tom." in text_of(as_(tom).get(f"/portal/requests/{other.pk}/"))
    assert "This was about Tom." not in text_of(as_(rita).get(f"/portal/requests/{one.pk}/"))
    assert list(problems()) == []
