import pytest

from steward.channels.actions import taking_in
from steward.channels.actions.taking_in import take_in_left_behind
from steward.channels.models import InboundEnvelope, WidgetPage
from steward.core import clock
from steward.desk.actions.lifecycle import change_status
from steward.desk.actions.replies import reply
from steward.desk.models import Attachment, Message, Ticket
from steward.desk.rules.states import State
from tests.channels.widget.signing import HOST, site_of
from tests.pictures import png
from tests.web.widget.pages import opened, upload

MORE = {
    "address": f"{HOST}/queue/7?token=s3cret&case=12#x",
    "title": "Queue 7\n review",
    "app_version": "console 4.2.1",
    "client_version": "desktop 9",
}


@pytest.fixture
def site(cast):
    cast.at = clock.now()
    return site_of(clock.now(), kept_params=["case"])


@pytest.fixture
def page(site):
    return opened(site)


def ticket_of(answer):
    assert answer.status_code == 200, answer.content
    return Ticket.objects.get(pk=answer.json()["ticket"]["id"])


def test_asking_opens_a_ticket_with_the_page_it_was_asked_from(page):
    ticket = ticket_of(page.say("The labels do not save.", "t1", **MORE))
    assert (ticket.channel, ticket.requester.email) == ("widget", "mara@console.example")
    kept = WidgetPage.objects.get(ticket=ticket)
    assert (kept.address, kept.title) == (f"{HOST}/queue/7?case=12", "Queue 7 review")
    assert (kept.app_version, kept.client_version) == ("console 4.2.1", "desktop 9")
    assert "s3cret" not in str(InboundEnvelope.objects.get().raw)


def test_a_page_cannot_say_that_it_is_another(page):
    ticket = ticket_of(page.say("Hello", "t1", address="https://evil.example/x", title="x" * 500))
    kept = WidgetPage.objects.get(ticket=ticket)
    assert (kept.address, len(kept.title)) == ("", 200)


def test_the_same_message_from_two_pages_at_once_says_it_once(page):
    first = page.say("Hello", "t1", **MORE).json()
    again = page.say("Hello", "t1", title="Another tab").json()
    assert (first["said"], first["ticket"]["id"]) == (again["said"], again["ticket"]["id"])
    assert (Ticket.objects.count(), Message.objects.filter(author_kind="requester").count(), WidgetPage.objects.count()) == (
        1,
        1,
        1,
    )


def test_the_conversation_comes_back_on_another_page(site, page):
    ticket = ticket_of(page.say("Hello", "t1"))
    other = opened(site).get("state/").json()
    assert other["ticket"]["id"] == ticket.pk
    assert [line["body"] for line in other["lines"] if "body" in line] == ["Hello"]
    assert other["ticket"]["headline"] == "We have received your request."


def test_an_answer_is_news_until_it_is_seen(cast, page):
    ticket = ticket_of(page.say("Hello", "t1"))
    said = reply(ticket_id=ticket.pk, body="Since when?", by=cast.actor(cast.ada), at=clock.now())
    state = page.get("state/").json()
    assert (state["news"], state["unseen"], state["lines"][-1]["author"]) == (1, said.pk, "Ada")
    assert page.post("seen/", {"ticket": ticket.pk, "message": said.pk}).status_code == 204
    state = page.get("state/").json()
    assert (state["news"], state["unseen"]) == (0, None)
    page.say("Since nine", "t2", ticket.pk)
    assert Message.objects.filter(ticket=ticket, author_kind="requester").count() == 2


def test_the_question_is_answered_from_the_page(cast, page):
    ticket = ticket_of(page.say("Hello", "t1"))
    change_status(ticket_id=ticket.pk, state=State.SOLVED, by=cast.actor(cast.ada), at=clock.now())
    asked = page.get("state/").json()["lines"][-1]["question"]
    assert (asked["kind"], asked["options"][0][0], asked["open"]) == ("confirmation", "yes", True)
    wrong = page.post("answers/", {"ticket": ticket.pk, "question": asked["id"], "answer": "maybe"})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (422, "invalid")
    state = page.post("answers/", {"ticket": ticket.pk, "question": asked["id"], "answer": "yes"}).json()
    assert state["ticket"]["state"] == "confirmed"
    twice = page.post("answers/", {"ticket": ticket.pk, "question": asked["id"], "answer": "no"})
    assert (twice.status_code, twice.json()["error"]["code"]) == (409, "conflict")
    rating = next(one["question"] for one in state["lines"] if one.get("question") and one["question"]["kind"] == "rating")
    assert len(rating["options"]) == 5
    rated = page.post("answers/", {"ticket": ticket.pk, "question": rating["id"], "answer": "5", "comment": "Quick"})
    assert rated.status_code == 200


def test_a_conversation_that_is_over_makes_room_and_stays_in_the_list(cast, page):
    ticket = ticket_of(page.say("Hello", "t1"))
    change_status(ticket_id=ticket.pk, state=State.SOLVED, by=cast.actor(cast.ada), at=clock.now())
    asked = page.get("state/").json()["lines"][-1]["question"]
    page.post("answers/", {"ticket": ticket.pk, "question": asked["id"], "answer": "yes"})
    state = page.get("state/").json()
    assert state["ticket"] is None
    assert "presence" in state
    assert [(one["id"], one["state_name"]) for one in state["talks"]] == [(ticket.pk, "Fixed and confirmed")]
    assert page.get("state/", ticket=ticket.pk).json()["ticket"]["id"] == ticket.pk


def test_files_come_along_and_are_handed_back_to_their_own_alone(site, page):
    ticket = ticket_of(page.say("See here", "t1", files=[upload("a.png", png(), "image/png"), upload("n.txt", b"words")]))
    picture, note = Attachment.objects.order_by("id")
    answer = page.get(f"files/{picture.pk}/", ticket=ticket.pk)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(page.get(f"files/{note.pk}/", ticket=ticket.pk)) == b"words"
    other = opened(site, sub="u-9", email="noor@console.example")
    theirs = ticket_of(other.say("Mine", "t2"))
    assert other.get(f"files/{picture.pk}/", ticket=theirs.pk).status_code == 404
    assert other.get(f"files/{picture.pk}/", ticket=ticket.pk).status_code == 404
    assert page.get(f"files/{picture.pk}/").status_code == 404


def test_nobody_reaches_what_is_another_s_on_any_path(cast, site, page):
    ticket = ticket_of(page.say("Hello", "t1"))
    change_status(ticket_id=ticket.pk, state=State.SOLVED, by=cast.actor(cast.ada), at=clock.now())
    asked = page.get("state/").json()["lines"][-1]["question"]["id"]
    other = opened(site, sub="u-9", email="noor@console.example")
    assert other.get("state/").json()["talks"] == []
    for answer in (
        other.get("state/", ticket=ticket.pk),
        other.say("Mine now", "t9", ticket.pk),
        other.post("seen/", {"ticket": ticket.pk, "message": 1}),
        other.post("answers/", {"ticket": ticket.pk, "question": asked, "answer": "yes"}),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    own = ticket_of(other.say("Own", "t10"))
    assert other.post("answers/", {"ticket": own.pk, "question": asked, "answer": "yes"}).status_code == 404
    ticket.refresh_from_db()
    assert ticket.state == "solved"


def test_a_site_shows_what_was_asked_through_it_and_nothing_else_of_the_person(cast, site, page):
    elsewhere = cast.ticket("Asked in the portal")
    ravi = opened(site, sub="u-1", email=cast.ravi.email)
    through = ticket_of(page.say("Hello", "t1"))
    second = opened(site_of(clock.now(), name="Other"))
    for reader, ticket in ((ravi, elsewhere), (second, through)):
        assert reader.get("state/").json()["talks"] == []
        assert reader.get("state/", ticket=ticket.pk).status_code == 404
        assert reader.say("More", "t5", ticket.pk).status_code == 404


def test_notes_never_reach_the_page(cast, page):
    ticket = ticket_of(page.say("Hello", "t1"))
    from steward.desk.actions.replies import add_note

    add_note(ticket_id=ticket.pk, body="Looks like the cache", by=cast.actor(cast.ada), at=clock.now())
    assert "cache" not in page.get("state/").content.decode()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"body": ""}, "invalid"),
        ({"body": "x\x00y"}, "invalid"),
        ({"body": "x" * 1_000_001}, "invalid"),
        ({"body": "Hi", "ticket": "seven"}, "not_found"),
        ({"body": "Hi", "ticket": "9" * 30}, "not_found"),
        ({"body": "Hi", "ticket": "999999"}, "not_found"),
        ({"body": "Hi", "client_token": "t\x00"}, "invalid"),
    ],
)
def test_bad_input_is_refused_with_its_reason(page, values, code):
    answer = page.post("messages/", values)
    assert answer.json()["error"]["code"] == code
    assert answer.status_code in {404, 422}
    assert Ticket.objects.count() == 0


def test_too_many_files_and_a_file_that_lies_are_refused(page):
    many = page.say("Hi", "t1", files=[upload(f"{one}.txt", b"x") for one in range(11)])
    assert (many.status_code, Ticket.objects.count()) == (422, 0)
    lies = page.say("Hi", "t2", files=[upload("a.png", b"MZ\x00\x01 not a picture")])
    assert (lies.status_code, Ticket.objects.count()) == (422, 0)


def test_nobody_types_thirty_messages_in_a_minute(page, monkeypatch):
    ticket = ticket_of(page.say("1", "t0"))
    monkeypatch.setattr("steward.channels.actions.widget_opening.MOST_A_MINUTE", 3)
    page.say("2", "t1", ticket.pk)
    page.say("3", "t2", ticket.pk)
    held = page.say("4", "t3", ticket.pk)
    assert (held.status_code, held.json()["error"]["code"], held["Retry-After"]) == (429, "too_fast", "60")
    assert not Message.objects.filter(body="4").exists()


def test_what_a_crash_left_behind_keeps_its_page(page, monkeypatch):
    def power_cut(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(taking_in, "speak", power_cut)
    with pytest.raises(KeyboardInterrupt):
        page.say("Hello", "t1", **MORE)
    monkeypatch.undo()
    assert take_in_left_behind(at=clock.now() + taking_in.LEFT_BEHIND) == 1
    assert page.get("state/").json()["lines"][-1]["body"] == "Hello"


def test_it_speaks_the_language_the_page_asks_for(page):
    page.say("你好", "t1")
    assert page.get("state/", language="zh-CN").json()["ticket"]["headline"] == "我们已收到您的请求。"
    assert page.get("state/", language="xx").json()["ticket"]["headline"] == "We have received your request."


def test_a_state_costs_the_same_however_much_was_said(page, django_assert_max_num_queries):
    ticket = ticket_of(page.say("Hello", "t0"))
    for one in range(20):
        page.say(f"More {one}", f"m{one}", ticket.pk)
    with django_assert_max_num_queries(22):
        page.get("state/")


def test_agents_see_the_page_beside_the_ticket_and_others_nothing(cast, page, client):
    ticket = ticket_of(page.say("Hello", "t1", **MORE))
    client.force_login(cast.ada)
    assert f"/widget/pages/{ticket.pk}/" in client.get(f"/tickets/{ticket.pk}/").content.decode()
    part = client.get(f"/widget/pages/{ticket.pk}/").content.decode()
    assert f"{HOST}/queue/7?case=12" in part
    assert "console 4.2.1" in part
    Ticket.objects.filter(pk=ticket.pk).update(queue=cast.restricted)
    assert client.get(f"/widget/pages/{ticket.pk}/").status_code == 404
    client.logout()
    assert client.get(f"/widget/pages/{ticket.pk}/").status_code == 302


def test_whoever_has_no_account_is_mailed_the_page_they_asked_from(cast, page):
    from steward.channels.actions import mailing

    ticket = ticket_of(page.say("Hello", "t1", **MORE))
    assert mailing.where_to_read(ticket) == f"{HOST}/queue/7?case=12"
    assert mailing.where_to_read(cast.ticket()).endswith("/portal/requests/" + str(Ticket.objects.latest("id").pk) + "/")
