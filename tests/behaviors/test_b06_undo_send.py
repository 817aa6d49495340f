"""B6. Replies that are held: unknown to the requester, said once, and taken back whole."""

from datetime import UTC, datetime, timedelta

import pytest

from steward.core.errors import Invalid, NotAllowed, NotFound
from steward.desk.actions.drafts import Typed, attach_to_draft, save_draft
from steward.desk.actions.filing import bytes_upload, store_file
from steward.desk.actions.intake import receive_message
from steward.desk.actions.leaving import offer_what_was_left
from steward.desk.actions.lifecycle import CannotMove, change_status
from steward.desk.actions.releasing import TooLate, release_due, release_reply, send_now, take_back
from steward.desk.actions.replies import NewerMessages
from steward.desk.actions.sending import Manner, Written, hold_seconds, send_reply
from steward.desk.actions.settings import set_hold_time
from steward.desk.models import Draft, HeldReply, Message, PendingFile, TicketSearch
from steward.desk.queries.writing import waiting_replies, writing_on
from steward.desk.rules.holding import next_morning
from steward.desk.rules.states import State
from steward.ledger.models import Event
from steward.people.actions import deactivate_user
from steward.people.models import Notice
from tests.cast import SETUP
from tests.desk.conftest import at_once, bodies, kinds, rows_are_as_the_ledger_says

__all__ = ["rows_are_as_the_ledger_says"]

REPLY = Draft.Kind.REPLY


@pytest.fixture(autouse=True)
def held_for_five_seconds(request):
    for name in {"cast", "fresh_cast"} & set(request.fixturenames):
        cast = request.getfixturevalue(name)
        set_hold_time(channel="portal", seconds=5, by=SETUP, at=cast.at)


def send(cast, ticket, body="Since when?", *, who=None, token="t", files=(), file_ids=(), **manner):
    return send_reply(
        ticket_id=ticket.pk,
        written=Written(body, client_token=token, files=files, file_ids=file_ids, draft_version=1),
        manner=Manner(**manner),
        by=cast.actor(who or cast.ada),
        at=cast.at,
    )


def test_the_usual_times_stand_until_somebody_chooses_others(cast):
    assert [hold_seconds(channel) for channel in ("chat", "import", "portal")] == [0, 5, 5]
    set_hold_time(channel="portal", seconds=30, by=cast.actor(cast.ana), at=cast.at)
    assert hold_seconds("portal") == 30
    for seconds in (-1, 121):
        with pytest.raises(Invalid):
            set_hold_time(channel="portal", seconds=seconds, by=cast.actor(cast.ana), at=cast.at)
    with pytest.raises(NotAllowed):
        set_hold_time(channel="portal", seconds=1, by=cast.actor(cast.lin), at=cast.at)


def test_in_a_chat_a_reply_is_said_at_once(cast):
    from steward.desk.actions.intake import Origin

    ticket = cast.ticket(origin=Origin(channel="chat"))
    assert isinstance(send(cast, ticket), Message)


def test_a_held_reply_changes_nothing_until_it_is_released(cast):
    ticket = cast.ticket()
    before, words = kinds(ticket), TicketSearch.objects.get(ticket=ticket).document
    held = send(cast, ticket, "Zanzibar", then=State.PENDING)
    assert isinstance(held, HeldReply)
    ticket.refresh_from_db()
    assert (kinds(ticket), ticket.state, ticket.assignee_id, bodies(ticket)) == (before, "new", None, [ticket.subject])
    assert TicketSearch.objects.get(ticket=ticket).document == words
    assert not Notice.objects.exists()
    assert release_reply(held_id=held.pk, at=cast.later(seconds=4)) is None
    message = release_reply(held_id=held.pk, at=cast.later(seconds=1))
    ticket.refresh_from_db()
    assert (message.body, message.author_user, ticket.state, ticket.assignee) == ("Zanzibar", cast.ada, "pending", cast.ada)
    assert "zanzibar" in TicketSearch.objects.get(ticket=ticket).document
    assert Event.objects.filter(kind="desk.reply_sent").get().occurred_at == cast.at


def test_what_would_be_refused_is_refused_while_its_author_is_looking(cast):
    ticket = cast.ticket()
    for bad in ({"body": " "}, {"then": State.ON_HOLD}, {"then": State.NEW}):
        with pytest.raises(Invalid):
            send(cast, ticket, **bad)
    assert not HeldReply.objects.exists()
    hidden = cast.ticket(queue=cast.restricted)
    with pytest.raises(NotFound):
        send(cast, hidden)


def test_the_same_token_is_held_once_and_said_once(fresh_cast):
    cast = fresh_cast
    ticket = cast.ticket()
    results = at_once(*[lambda: send(cast, ticket) for _click in range(4)])
    assert len({one.pk for one in results}) == 1
    cast.later(seconds=6)
    released = at_once(
        *[lambda: release_due(at=cast.at) for _sweep in range(3)],
        lambda: send_now(held_id=results[0].pk, by=cast.actor(cast.ada), at=cast.at),
    )
    assert not [one for one in released if isinstance(one, Exception)]
    assert bodies(ticket) == [ticket.subject, "Since when?"]
    again = send(cast, ticket)
    assert isinstance(again, Message)
    assert bodies(ticket) == [ticket.subject, "Since when?"]


def test_taken_back_text_files_and_token_are_the_draft_again(cast):
    ticket, ada = cast.ticket(), cast.actor(cast.ada)
    save_draft(ticket_id=ticket.pk, kind=REPLY, typed=Typed("See the log", "t"), by=ada, at=cast.at)
    upload = store_file(bytes_upload("log.txt", b"12:01\n"))
    file = attach_to_draft(ticket_id=ticket.pk, kind=REPLY, file=upload, by=ada, at=cast.at)
    other = store_file(bytes_upload("other.txt", b"13:01\n"))
    held = send(cast, ticket, "See the log", file_ids=[file.pk], files=[other])
    assert not Draft.objects.exists()
    draft = take_back(held_id=held.pk, by=ada, at=cast.later(seconds=3))
    assert (draft.body, draft.client_token) == ("See the log", "t")
    assert sorted(draft.files.values_list("name", flat=True)) == ["log.txt", "other.txt"]
    assert take_back(held_id=held.pk, by=ada, at=cast.at).pk == draft.pk
    assert release_due(at=cast.later(minutes=1)) == 0
    with pytest.raises(TooLate):
        send_now(held_id=held.pk, by=ada, at=cast.at)
    files = list(draft.files.values_list("id", flat=True))
    again = send(cast, ticket, "See the log, again", file_ids=files)
    release_due(at=cast.later(seconds=6))
    again.refresh_from_db()
    assert again.message.attachments.count() == 2
    assert not PendingFile.objects.exists()


def test_what_was_begun_meanwhile_stays_and_the_reply_taken_back_stands_beside_it(cast):
    ticket, ada = cast.ticket(), cast.actor(cast.ada)
    held = send(cast, ticket, "First answer")
    save_draft(ticket_id=ticket.pk, kind=REPLY, typed=Typed("A second one", "t2"), by=ada, at=cast.at)
    draft = take_back(held_id=held.pk, by=ada, at=cast.at)
    assert (draft.body, draft.client_token) == ("A second one", "t2")
    assert [copy.body for copy in writing_on(ada, ticket.pk).own["reply"].copies] == ["First answer"]


def test_cancel_and_release_at_once_end_it_one_way(fresh_cast):
    cast = fresh_cast
    ada = cast.actor(cast.ada)
    for _round in range(4):
        ticket = cast.ticket()
        held = send(cast, ticket)
        cast.later(seconds=6)
        at_once(
            lambda held=held: take_back(held_id=held.pk, by=ada, at=cast.at),
            lambda held=held: release_reply(held_id=held.pk, at=cast.at),
        )
        held.refresh_from_db()
        assert (held.released_at is None) != (held.taken_back_at is None)
        assert len(bodies(ticket)) == (2 if held.released_at else 1)
        assert Draft.objects.filter(ticket=ticket).count() == (0 if held.released_at else 1)


def test_only_its_author_or_a_lead_decides_about_it(cast):
    ticket = cast.ticket()
    held = send(cast, ticket)
    for act in (take_back, send_now):
        with pytest.raises(NotAllowed):
            act(held_id=held.pk, by=cast.actor(cast.ben), at=cast.at)
        with pytest.raises(NotFound):
            act(held_id=held.pk, by=cast.actor(cast.ravi), at=cast.at)
    message = send_now(held_id=held.pk, by=cast.actor(cast.lin), at=cast.at)
    assert message.author_user == cast.ada
    assert send_now(held_id=held.pk, by=cast.actor(cast.ada), at=cast.at).pk == message.pk
    with pytest.raises(TooLate):
        take_back(held_id=held.pk, by=cast.actor(cast.ada), at=cast.at)


def test_a_colleague_who_answers_meanwhile_is_told_that_one_is_on_its_way(cast):
    ticket = cast.ticket()
    seen = ticket.message_set.get().pk
    send(cast, ticket, "Ada's answer", seen_message_id=seen)
    with pytest.raises(NewerMessages, match="Ada is sending"):
        send(cast, ticket, "Ben's answer", who=cast.ben, seen_message_id=seen)
    assert isinstance(send(cast, ticket, "Ben's answer", who=cast.ben, seen_message_id=seen, anyway=True), HeldReply)


def test_a_reply_is_scheduled_and_said_then(cast):
    ticket = cast.ticket()
    at_nine = next_morning(cast.at, "Asia/Kolkata")
    held = send(cast, ticket, "Good morning", send_at=at_nine)
    assert (held.is_scheduled, held.due_at) == (True, at_nine)
    assert release_due(at=at_nine - timedelta(seconds=1)) == 0
    assert release_due(at=at_nine) == 1
    assert bodies(ticket)[-1] == "Good morning"
    for when in (cast.at, cast.at + timedelta(days=91)):
        with pytest.raises(Invalid):
            send(cast, ticket, "Never", token="n", send_at=when)


def test_a_scheduled_reply_comes_back_when_the_requester_writes_first(cast):
    ticket = cast.ticket()
    held = send(cast, ticket, "Try again tomorrow", send_at=cast.at + timedelta(hours=9))
    insists = send(cast, ticket, "In any case", token="u", send_at=cast.at + timedelta(hours=9), stop_if_newer=False)
    receive_message(ticket_id=ticket.pk, body="It works!", by=cast.actor(cast.ravi), at=cast.later(hours=1))
    assert release_due(at=cast.later(hours=9)) == 1
    held.refresh_from_db(), insists.refresh_from_db()
    assert (held.why_back, insists.why_back) == ("newer", "")
    assert Draft.objects.get().body == "Try again tomorrow"
    assert list(Notice.objects.values_list("user__name", "kind", "ticket_id")) == [("Ada", "reply_came_back", ticket.pk)]


def test_a_reply_that_the_ticket_no_longer_takes_comes_back_and_says_so(cast):
    ticket = cast.ticket()
    held = send(cast, ticket, "Waiting for you", then=State.PENDING)
    change_status(ticket_id=ticket.pk, state=State.SOLVED, by=cast.actor(cast.ben), at=cast.at)
    with pytest.raises(CannotMove):
        send_now(held_id=held.pk, by=cast.actor(cast.ada), at=cast.at)
    assert release_due(at=cast.later(seconds=9)) == 0
    held.refresh_from_db()
    assert (held.why_back, Draft.objects.get().body) == ("refused", "Waiting for you")
    assert Notice.objects.get().kind == "reply_came_back"


def test_the_reply_of_somebody_who_left_is_not_said_but_offered_to_the_lead(cast):
    ticket, other = cast.ticket(), cast.ticket("Another")
    swept = send(cast, ticket)
    send(cast, other, "Tomorrow", token="u", send_at=cast.at + timedelta(days=1))
    deactivate_user(user_id=cast.ada.pk, by=SETUP, at=cast.at)
    assert release_due(at=cast.later(seconds=9)) == 0
    assert offer_what_was_left(user_id=cast.ada.pk, at=cast.at) == 2
    swept.refresh_from_db()
    assert swept.why_back == "left"
    assert set(HeldReply.objects.values_list("why_back", flat=True)) == {"left"}
    assert sorted(Notice.objects.values_list("user__name", "kind")) == [("Lin", "draft_left"), ("Lin", "draft_left")]
    assert len(bodies(ticket)) == len(bodies(other)) == 1


def test_the_outbox_shows_ones_own_and_all_of_what_is_in_sight(cast):
    ticket, grave = cast.ticket(), cast.ticket("Grave", queue=cast.restricted)
    send(cast, ticket)
    send(cast, grave, "Hidden", who=cast.lin, token="u")
    queues = [cast.support.pk]
    assert [row.author for row in waiting_replies(user_id=cast.ada.pk, queue_ids=queues)] == ["Ada"]
    assert [row.body for row in waiting_replies(user_id=None, queue_ids=queues)] == ["Since when?"]


@pytest.mark.parametrize(
    ("at", "zone", "expected"),
    [
        ("2026-03-02T09:00", "UTC", "2026-03-03T09:00"),
        ("2026-03-02T08:59", "UTC", "2026-03-02T09:00"),
        ("2026-03-02T09:00", "Asia/Kolkata", "2026-03-03T03:30"),
        ("2026-03-28T12:00", "Europe/Berlin", "2026-03-29T07:00"),  # the clocks go forward that night
        ("2026-10-24T12:00", "Europe/Berlin", "2026-10-25T08:00"),  # and back
        ("2026-03-02T23:00", "Pacific/Auckland", "2026-03-03T20:00"),
    ],
)
def test_their_morning_is_nine_where_they_are(at, zone, expected):
    instant = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert next_morning(instant, zone).astimezone(UTC) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_a_weekend_is_waited_out_when_asked_for():
    friday = datetime(2026, 3, 6, 10, tzinfo=UTC)
    assert next_morning(friday, "UTC", weekdays_only=True) == datetime(2026, 3, 9, 9, tzinfo=UTC)
