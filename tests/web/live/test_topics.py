"""Who hears of what: exactly those who may see it."""

import pytest

from steward.web.live.topics import Change, Place, Sight, subject_of, topics_heard

AGENT = Sight(user_id=1, requester_id=None, queue_ids=frozenset({10, 11}))
RAVI = Sight(user_id=2, requester_id=7, queue_ids=frozenset())
OTO = Sight(user_id=3, requester_id=8, queue_ids=frozenset())


def change(kind: str = "desk.message_received", stream: str = "ticket:5") -> Change:
    return Change(id=1, stream=stream, kind=kind, payload={})


def test_an_agent_hears_of_a_ticket_and_its_queue():
    assert topics_heard(change(), Place(queue_id=10, requester_id=7), AGENT) == {"ticket:5", "queue:10"}


def test_nobody_hears_of_a_ticket_in_a_queue_out_of_sight():
    assert topics_heard(change(), Place(queue_id=99, requester_id=6), AGENT) == frozenset()


def test_a_ticket_that_leaves_for_a_hidden_queue_stirs_only_the_queue_it_left():
    moved = Place(queue_id=99, requester_id=6, left_queue_id=10)
    assert topics_heard(change("desk.ticket_transferred"), moved, AGENT) == {"queue:10"}


def test_a_requester_hears_of_their_own_tickets_only():
    place = Place(queue_id=99, requester_id=7)
    assert topics_heard(change(), place, RAVI) == {"ticket:5", "requester:7"}
    assert topics_heard(change(), place, OTO) == frozenset()


@pytest.mark.parametrize(
    "kind", ["desk.note_added", "desk.priority_changed", "desk.tag_added", "sla.clock_warned", "desk.follow_up_added"]
)
def test_what_stays_among_agents_does_not_even_stir_a_requester(kind):
    assert topics_heard(change(kind), Place(queue_id=10, requester_id=7), RAVI) == frozenset()


def test_a_user_hears_of_themselves_only():
    assert topics_heard(change("people.notice", "user:2"), None, RAVI) == {"user:2"}
    assert topics_heard(change("people.notice", "user:2"), None, AGENT) == frozenset()


def test_streams_are_split_into_kind_and_number():
    assert subject_of("ticket:12") == ("ticket", 12)
    assert subject_of("setting:main") == ("setting", 0)


def test_who_asked_on_a_merged_request_hears_on_their_own_how_it_goes_on():
    merged = Place(queue_id=99, requester_id=6, asked_on=((3, 7), (4, 8)))
    assert topics_heard(change("desk.reply_sent"), merged, RAVI) == {"ticket:3", "requester:7"}
    assert topics_heard(change("desk.note_added"), merged, RAVI) == frozenset()
