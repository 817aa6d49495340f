"""B24: the requester panel: past tickets, open issues, role, time zone, last three answers."""

from steward.desk.actions.lifecycle import change_status
from steward.desk.actions.replies import add_note
from steward.desk.rules.states import State
from tests.cast import Cast
from tests.web.ticket.acting import as_, asking_user, say, text_of


def test_it_shows_what_is_open_what_was_and_the_last_three_answers(cast: Cast) -> None:
    past, other, ticket = cast.ticket(subject="Long ago"), cast.ticket(subject="Still open"), cast.ticket()
    for number in range(4):
        say(cast, past, cast.ada, f"Answer {number}.")
    add_note(ticket_id=past.pk, body="Between us.", by=cast.actor(cast.ada), at=cast.at)
    change_status(ticket_id=past.pk, state=State.CLOSED, reason="spam", by=cast.actor(cast.ada), at=cast.at)
    part = text_of(as_(cast.ben).get(f"/tickets/{ticket.pk}/requester/"))
    assert part.index("Still open") < part.index("Long ago")
    assert [f"Answer {number}." in part for number in range(4)] == [False, True, True, True]
    assert "Between us." not in part
    page = text_of(as_(cast.ben).get(f"/tickets/{ticket.pk}/"))
    assert "moderator" in page
    assert "IN" in page
    assert f'hx-get="/tickets/{ticket.pk}/requester/"' in page
    assert other.pk


def test_nothing_out_of_sight_is_in_it(cast: Cast) -> None:
    hidden, ticket = cast.ticket("Grave.", subject="Grave", queue=cast.restricted), cast.ticket()
    say(cast, hidden, cast.lin, "Handled.")
    part = text_of(as_(cast.ada).get(f"/tickets/{ticket.pk}/requester/"))
    assert "Grave" not in part
    assert "Handled." not in part
    # Who is named on the queue finds the ticket, and its words only where they open it: nothing flagged shows in passing.
    named = text_of(as_(cast.lin).get(f"/tickets/{ticket.pk}/requester/"))
    assert f"#{hidden.pk}" in named
    assert "Handled." not in named


def test_a_requester_does_not_get_it_of_themselves(cast: Cast) -> None:
    who, asks = asking_user()
    assert as_(who).get(f"/tickets/{cast.ticket(requester=asks).pk}/requester/").status_code == 404


def test_it_costs_the_same_however_much_was_asked(cast: Cast, django_assert_max_num_queries) -> None:
    ticket = cast.ticket()
    browser = as_(cast.ada)
    for count in (1, 12):
        for _n in range(count):
            say(cast, cast.ticket(), cast.ada, "Answered.")
        with django_assert_max_num_queries(9):
            assert browser.get(f"/tickets/{ticket.pk}/requester/").status_code == 200
