"""Search: by number, by words, in any script, harmless whatever is typed, and only in sight."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steward.desk.actions.changing import change_ticket, transfer_ticket
from steward.desk.actions.intake import receive_message
from steward.desk.actions.replies import add_note
from steward.desk.queries.search import search_tickets


@pytest.fixture
def find(cast):
    def find(text, *queues):
        return [row.id for row in search_tickets(text, queue_ids=[queue.pk for queue in queues or (cast.support,)], at=cast.at)]

    return find


def test_a_number_finds_that_ticket_first(cast, find):
    one, other = cast.ticket(), cast.ticket()
    mentions = cast.ticket(f"See #{one.pk} please")
    for text in (str(one.pk), f" {one.pk} "):
        assert find(text) == [one.pk, mentions.pk]
    assert find(f"#{one.pk}") == [one.pk]
    assert find(str(other.pk)) == [other.pk]
    assert find("9" * 18) == []
    assert find("9" * 40) == []


def test_all_words_must_be_there_in_whatever_case_or_place(cast, find):
    one = cast.ticket("The Moderation queue is EMPTY")
    cast.ticket("The moderation page is slow")
    assert find("empty MODERATION") == [one.pk]
    assert find("empty slow") == []
    assert len(find("moderation")) == 2


def test_the_last_word_is_a_beginning_unless_a_space_follows(cast, find):
    one = cast.ticket("enforcement fails")
    assert find("enforc") == [one.pk]
    assert find("enforc ") == []
    assert find("enforc fails") == []
    assert find("Прив") == []
    russian = cast.ticket("Приветствие пропало")
    assert find("Прив") == [russian.pk]


def test_chinese_is_found_by_pairs_and_by_one_character(cast, find):
    one = cast.ticket("审核队列今天是空的")
    cast.ticket("队伍审查")
    assert find("队列") == [one.pk]
    assert find("核队列") == [one.pk]
    assert find("审") != []
    assert find("列队") == []


def test_what_people_write_later_is_found_too_but_not_what_is_gone(cast, find):
    ticket = cast.ticket()
    receive_message(ticket_id=ticket.pk, body="It says frobnicated", by=cast.actor(cast.ravi), at=cast.at)
    add_note(ticket_id=ticket.pk, body="cachemiss", by=cast.actor(cast.ada), at=cast.at)
    change_ticket(ticket_id=ticket.pk, changes={"subject": (ticket.subject, "Renamed wonder")}, by=cast.actor(cast.ada), at=cast.at)
    for word in ("frobnicated", "cachemiss", "wonder", "Ravi", cast.ravi.email):
        assert find(word) == [ticket.pk], word


def test_the_newest_come_first_and_no_more_than_asked(cast):
    tickets = [cast.ticket(f"same word {cast.later(minutes=1)}") for _n in range(5)]
    found = search_tickets("same", queue_ids=[cast.support.pk], at=cast.at, most=3)
    assert [row.id for row in found] == [ticket.pk for ticket in tickets[:-4:-1]]


def test_a_ticket_is_found_where_it_is_now(cast, find):
    ticket = cast.ticket("wandering words")
    transfer_ticket(ticket_id=ticket.pk, queue_id=cast.leads.pk, reason="x", by=cast.actor(cast.ada), at=cast.at)
    assert find("wandering") == []
    assert find("wandering", cast.leads) == [ticket.pk]
    assert find("wandering", cast.leads, cast.support) == [ticket.pk]
    assert search_tickets("wandering", queue_ids=[], at=cast.at) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text() | st.text("'\"\\&|!()<>:*%_- ab", max_size=20))
def test_nothing_that_is_typed_is_an_operator_of_the_database(cast, find, text):
    find(text)
    find(f"{text} x")


@pytest.mark.parametrize(
    "text", ["' OR 1=1 --", "a & !b", "(((", ":*", "foo:*", "'", '"exact phrase"', 'in:x "', "\\", "q/1", "%", "\x00", "\ud800"]
)
def test_quotes_and_operators_are_harmless(cast, find, text):
    cast.ticket()
    assert find(text) == []


def test_a_page_of_results_costs_the_same_whatever_it_finds(cast, assert_queries):
    for _n in range(3):
        cast.ticket("same words")
    for most in (1, 2, 50):
        with assert_queries(2):
            assert len(search_tickets("same", queue_ids=[cast.support.pk], at=cast.at, most=most)) == min(most, 3)


def test_a_phrase_is_found_as_it_was_written_and_nowhere_else(cast, find):
    one = cast.ticket("The QUEUE   page\nis empty today")
    cast.ticket("The page of the queue is empty")
    assert find('"queue page is"') == [one.pk]
    assert find('"page queue"') == []
    assert len(find("queue page is")) == 2
    add_note(ticket_id=one.pk, body="ｆｕｌｌ width ＷＯＲＤＳ", by=cast.actor(cast.ada), at=cast.at)
    assert find('"full width words"') == [one.pk]
    assert find('-"queue page is" queue') != [one.pk]
    assert one.pk not in find('-"queue page is"')


def test_words_are_refused_with_a_minus(cast, find):
    one, other = cast.ticket("alpha beta"), cast.ticket("alpha gamma")
    assert find("alpha -beta ") == [other.pk]
    assert find("-gamma ") == [one.pk]
    assert find("alpha -bet*") == [other.pk]


def test_operators_and_words_go_together(cast, find):
    urgent = cast.ticket("alpha here", priority=1)
    cast.ticket("alpha there")
    assert find("alpha priority:urgent") == [urgent.pk]
    assert find("priority:urgent beta") == []
    assert find(f"alpha #{urgent.pk}") == [urgent.pk]


def test_korean_and_japanese_are_found_by_pairs(cast, find):
    korean, japanese = cast.ticket("검토 대기열이 비어 있습니다"), cast.ticket("審査キューが空です")
    assert find("대기열") == [korean.pk]
    assert find("キュー") == [japanese.pk]
    assert find("審査 空") == [japanese.pk]
    assert find('"審査キュー"') == [japanese.pk]
