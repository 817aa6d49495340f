"""Search takes words and operators, marks what it hit, suggests while one types, and says what was not searched."""

import re
from html import unescape

import pytest

from steward.desk.actions.changing import add_tag
from steward.desk.actions.lifecycle import change_status
from steward.desk.actions.replies import add_note, reply
from steward.desk.actions.settings import change_queue, create_category
from steward.desk.rules.states import State
from tests.cast import SETUP
from tests.web.ticket.acting import as_, text_of


def listed(page):
    return [int(number) for number in re.findall(r'<tr id="row-(\d+)"', page)]


def search(who, text):
    return text_of(as_(who).get("/tickets/", {"q": text}))


def problems(page):
    found = re.search(r'<ul class="inbox-problems".*?</ul>', page, re.DOTALL)
    return [unescape(words) for words in re.findall(r'<span dir="auto">([^<]*)</span>', found.group())] if found else []


def options(who, text):
    page = text_of(as_(who).get("/tickets/suggest/", {"q": text}))
    return {
        unescape(shown): unescape(whole)
        for whole, shown in re.findall(r'data-text="([^"]*)"><span class="suggest-shown" dir="auto">([^<]*)<', page)
    }


def test_words_and_operators_go_together(cast):
    waits, other = cast.ticket("The zebra console is empty."), cast.ticket("The zebra console is slow.")
    cast.ticket("Another matter", requester=cast.oto)
    change_status(ticket_id=waits.pk, state=State.PENDING, by=cast.actor(cast.ada), at=cast.later(minutes=1))
    for text, expected in (
        ("zebra is:waiting", [waits.pk]),
        ("zebra -is:waiting", [other.pk]),
        ("zebra from:ravi is:pending,open", [waits.pk]),
        ("zebra from:oto", []),
        ('"console is slow"', [other.pk]),
        ("zeb* before:2020-01", []),
        ("zebra after:2020-01 in:support to:none", [waits.pk, other.pk]),
    ):
        assert sorted(listed(search(cast.ada, text))) == expected, text


def test_it_is_found_the_instant_it_is_said(cast):
    ticket = cast.ticket()
    reply(ticket_id=ticket.pk, body="Please clear the xylophone cache.", by=cast.actor(cast.ada), at=cast.at)
    assert listed(search(cast.ben, "xylophone is:open,new,pending")) == [ticket.pk]


def test_hits_are_marked_in_the_subject_and_in_the_message_they_stand_in(cast):
    ticket = cast.ticket("Zebra crossing " + "filler " * 40)
    add_note(ticket_id=ticket.pk, body="x " * 60 + "the <b>zebra</b> is striped", by=cast.actor(cast.ada), at=cast.at)
    page = search(cast.ada, "zebra striped")
    assert "<mark>Zebra</mark> crossing" in page
    snippet = re.search(r'<p class="cell-snippet" dir="auto"><span>Note</span> (.*?)</p>', page).group(1)
    assert snippet.startswith("… ")
    assert snippet.endswith("the &lt;b&gt;<mark>zebra</mark>&lt;/b&gt; is <mark>striped</mark>")


def test_what_was_typed_in_chinese_is_marked(cast):
    cast.ticket("审核队列今天是空的")
    assert "<mark>队列</mark>" in search(cast.ada, "队列")


def test_nothing_of_a_ticket_that_asks_for_care_is_shown_beside_it(cast):
    ticket = cast.ticket("Subject line\nthe zebra is here")
    assert "cell-snippet" in search(cast.ada, "zebra")
    change_queue(queue_id=cast.support.pk, values={"care": "requesters"}, by=SETUP, at=cast.at)
    page = search(cast.ada, "zebra")
    assert listed(page) == [ticket.pk]
    assert "cell-snippet" not in page


def test_it_says_what_was_not_searched(cast):
    cast.ticket("zebra")
    assert "Not searched: what is inside files, and automatic messages." in search(cast.ada, "zebra")
    assert "Not searched" not in search(cast.ada, "is:open")


def test_what_cannot_be_read_is_said_beside_the_box_and_searched_as_a_word(cast):
    ticket = cast.ticket("error form:ravi here")
    page = search(cast.ada, "form:ravi ")
    assert problems(page) == ["“form:” is no operator; did you mean “from:”?"]
    assert listed(page) == [ticket.pk]
    page = search(cast.ada, "in:Nowhere error")
    assert problems(page) == ["You see no queue “Nowhere”; this part was left out."]
    assert listed(page) == [ticket.pk]
    assert problems(search(cast.ada, "?!")) == ["“?!” holds no letter or digit, so it cannot be searched."]


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000,
        "is:open " * 1_000,
        '"' * 999,
        "(" * 500 + ")*+?[a-z]{9}\\d$",
        "from: in: tag: -",
        "-" * 800,
        "#" * 400,
        "a:b:c:d,,,",
        "''; DROP TABLE",
        "\u202e\u0000",
    ],
)
def test_nothing_that_is_typed_is_an_error_page(cast, text):
    cast.ticket()
    assert as_(cast.ada).get("/tickets/", {"q": text}).status_code == 200
    assert as_(cast.ada).get("/tickets/suggest/", {"q": text}).status_code == 200


def test_operators_are_suggested_while_one_types(cast):
    assert "is:" in options(cast.ada, "")
    assert options(cast.ada, "zebra pri") == {"priority:": "zebra priority:"}
    assert options(cast.ada, "zebra -as") == {"-assignee:": "zebra -assignee:"}
    assert options(cast.ada, "form:x") == {"from:": "from:"}
    assert options(cast.ada, '"open phrase') == {}


def test_values_are_suggested_after_an_operator(cast):
    parent = create_category(values={"name": "Access"}, by=SETUP, at=cast.at)
    create_category(values={"name": "Sign-in", "parent": parent}, by=SETUP, at=cast.at)
    ticket = cast.ticket()
    add_tag(ticket_id=ticket.pk, name="outage", by=cast.actor(cast.ada), at=cast.at)
    assert options(cast.ada, "is:ov") == {"overdue": "is:overdue "}
    assert options(cast.ada, "x in:con") == {"Console engineering": 'x in:"Console engineering" '}
    assert options(cast.ada, "tag:OUT") == {"outage": "tag:outage "}
    assert options(cast.ada, "category:sign") == {"Access / Sign-in": 'category:"Access / Sign-in" '}
    assert options(cast.ada, "to:be") == {"Ben": "assignee:Ben "}
    assert options(cast.ada, "from:rav") == {cast.ravi.email: f"from:{cast.ravi.email} "}
    assert options(cast.ada, "priority:urgent,hi") == {"high": "priority:urgent,high "}


def test_suggestions_know_nothing_of_what_is_out_of_sight(cast):
    cast.ticket(queue=cast.restricted, requester=cast.oto)
    assert options(cast.ada, "in:child") == {}
    assert options(cast.ada, "from:oto") == {}
    assert options(cast.lin, "in:child") == {"Child safety": 'in:"Child safety" '}
    assert options(cast.lin, "from:oto") == {cast.oto.email: f"from:{cast.oto.email} "}


def test_suggestions_are_not_for_requesters(cast, client):
    from tests.web.ticket.acting import asking_user

    who, _asks = asking_user()
    assert as_(who).get("/tickets/suggest/").status_code in {302, 404}
    assert client.get("/tickets/suggest/").status_code == 302


def test_a_search_is_everywhere_and_can_be_held_to_the_view_one_came_from(cast):
    closed = cast.ticket("zebra old")
    change_status(ticket_id=closed.pk, state=State.SOLVED, by=cast.actor(cast.ada), at=cast.later(minutes=1))
    fresh = cast.ticket("zebra new")
    browser = as_(cast.ada)
    page = text_of(browser.get("/tickets/?from=unassigned&q=zebra"))
    assert sorted(listed(page)) == [closed.pk, fresh.pk]
    narrower = re.search(r'href="(/tickets/\?[^"]*)">Only in “Unassigned”', page).group(1).replace("&amp;", "&")
    assert listed(text_of(browser.get(narrower))) == [fresh.pk]


def test_a_search_pages_like_any_list_and_counts_what_it_found(cast):
    tickets = [cast.ticket(f"zebra {cast.later(minutes=1):%H%M}").pk for _number in range(53)]
    browser = as_(cast.ada)
    page = text_of(browser.get("/tickets/?q=zebra"))
    assert listed(page) == tickets[:2:-1]
    older = re.search(r'href="(/tickets/\?[^"]*page=[^"]+)"', page).group(1).replace("&amp;", "&")
    assert listed(text_of(browser.get(older))) == tickets[2::-1]


def test_a_search_costs_the_same_whatever_it_finds(cast):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser, counts = as_(cast.ada), []
    for rows in (1, 2, 47):
        for _row in range(rows):
            cast.ticket("zebra crossing")
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/tickets/?q=zebra").status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
