"""The list of promises over HTTP."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from steward.desk.actions.following_up import add_follow_up
from tests.cast import Cast
from tests.web.ticket.acting import as_, asking_user, text_of


def promise(cast: Cast, what: str, owner: object, **values: object) -> None:
    ticket = cast.ticket("About it", **values)
    by = cast.actor(cast.lin)
    add_follow_up(ticket_id=ticket.pk, owner=owner, what=what, due_at=cast.at.replace(year=2099), by=by, at=cast.at)  # type: ignore[arg-type]


def test_ones_own_promises_come_first_and_everybodys_on_asking(cast: Cast) -> None:
    promise(cast, "Ask Ravi", cast.ada)
    promise(cast, "Call the vendor", cast.ben)
    browser = as_(cast.ada)
    mine, everybody = text_of(browser.get("/follow-ups/")), text_of(browser.get("/follow-ups/?whose=all"))
    assert "Ask Ravi" in mine
    assert "Call the vendor" not in mine
    assert "Call the vendor" in everybody


def test_promises_on_tickets_out_of_sight_are_not_shown(cast: Cast) -> None:
    promise(cast, "Grave matter", cast.lin, queue=cast.restricted)
    assert "Grave matter" in text_of(as_(cast.lin).get("/follow-ups/?whose=all"))
    assert "Grave matter" not in text_of(as_(cast.ada).get("/follow-ups/?whose=all"))
    who, _asks = asking_user()
    assert as_(who).get("/follow-ups/").status_code == 302


def test_without_promises_the_page_says_what_to_do(cast: Cast) -> None:
    assert "Nothing is promised." in text_of(as_(cast.ada).get("/follow-ups/"))


def test_the_list_costs_the_same_with_1_3_and_50_rows(cast: Cast) -> None:
    browser, counts, made = as_(cast.ada), [], 0
    for rows in (1, 3, 50):
        for _row in range(rows - made):
            promise(cast, "Ask", cast.ada)
        made = rows
        with CaptureQueriesContext(connection) as queries:
            browser.get("/follow-ups/?whose=all")
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
