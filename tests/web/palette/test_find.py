"""What the palette finds on the server, for whom, and at what price."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from steward.desk.actions.sharing import About
from steward.desk.actions.views import Layout, create_view
from steward.desk.models import SavedView
from steward.desk.rules.filters.reading import read_filter
from steward.people.actions import ensure_requester
from steward.people.models import User
from steward.people.queries.finding import beginnings, colleagues_called
from tests.cast import SETUP, Cast
from tests.web.ticket.acting import ATTACK, as_, asking_user, assert_harmless, text_of


def save(about: About, who: User, cast: Cast, text: str = "is:open") -> SavedView:
    query = read_filter(text).query
    return create_view(about=about, query=query, layout=Layout("due"), by=cast.actor(who), at=cast.at)


def found(who: User, words: str) -> str:
    answer = as_(who).get("/palette/find/", {"q": words})
    assert answer.status_code == 200
    return text_of(answer)


def test_a_ticket_is_found_by_its_number_and_by_its_words(cast: Cast) -> None:
    ticket = cast.ticket("The playback of appeals stutters.")
    for words in (str(ticket.pk), "stutt", "playback appeals"):
        assert f'data-href="/tickets/{ticket.pk}/"' in found(cast.ada, words)


def test_requesters_are_found_by_name_or_address_and_lead_to_their_requests(cast: Cast) -> None:
    cast.ticket()
    for words in ("rav", "RAVI", cast.ravi.email[:7]):
        assert f"requester_id={cast.ravi.pk}" in found(cast.ada, words)
    # Nobody whose tickets are all elsewhere, or who never asked.
    assert "requester_id" not in found(cast.ada, "oto")


def test_colleagues_are_found_and_lead_to_their_tickets(cast: Cast) -> None:
    assert f"assignee={cast.ben.pk}" in found(cast.ada, "ben")
    who, _asks = asking_user("Benita")
    assert f"assignee={who.pk}" not in found(cast.ada, "ben")
    assert colleagues_called("ana", most=5) == []


def test_saved_views_are_found_by_whom_they_are_for(cast: Cast) -> None:
    saved = [
        save(About("Mondays of mine"), cast.ada, cast),
        save(About("Mondays of the team", scope="team", team=cast.team), cast.lin, cast),
        save(About("Everybody's mondays", scope="all"), cast.lin, cast),
    ]
    page = found(cast.ada, "monday")
    places = [page.index(f"view=v{view.pk}") for view in saved]
    # What begins as typed stands before what has it somewhere.
    assert max(places[:2]) < places[2]
    assert [f"view=v{view.pk}" in found(cast.ben, "the monday") for view in saved] == [False, True, False]
    assert [f"view=v{view.pk}" in found(cast.eno, "mondays") for view in saved] == [False, False, True]
    who, _asks = asking_user()
    assert "view=" not in found(who, "mondays")


def test_a_view_over_a_restricted_queue_names_it_to_nobody_else(cast: Cast) -> None:
    view = save(About("Grave ones", scope="all"), cast.lin, cast, f"queue:{cast.restricted.pk}")
    page = found(cast.ada, "grave")
    assert f"view=v{view.pk}" in page
    assert cast.restricted.name not in page


def test_people_and_views_stand_before_the_many_tickets(cast: Cast) -> None:
    cast.ticket("Ben asked me to write here.")
    save(About("Benign"), cast.ada, cast)
    page = found(cast.ada, "ben")
    assert page.index('data-group="People"') < page.index('data-group="Views"') < page.index('data-group="Tickets"')


def test_what_is_restricted_is_found_by_the_named_alone(cast: Cast) -> None:
    mona = ensure_requester(name="Mona", email="mona@console.example", by=SETUP, at=cast.at)
    hidden = cast.ticket("Something grave.", queue=cast.restricted, requester=mona)
    for who in (cast.ada, cast.ana, cast.eno):
        for words in ("grave", str(hidden.pk), "mona"):
            page = found(who, words)
            assert "grave" not in page, (who, words)
            assert "Mona" not in page, (who, words)
        assert "grave" not in text_of(as_(who).get(f"/palette/find/?recent={hidden.pk}"))
    assert "grave" in found(cast.lin, "grave")
    assert "Mona" in found(cast.lin, "mona")
    assert "grave" in text_of(as_(cast.lin).get(f"/palette/find/?recent={hidden.pk}"))


def test_requesters_and_strangers_find_nothing(cast: Cast, client: Client) -> None:
    cast.ticket("A word only here: quetzal")
    who, _asks = asking_user()
    assert "role=" not in found(who, "quetzal")
    assert "role=" not in found(who, "ben")
    assert client.get("/palette/find/?q=quetzal").status_code == 302


@pytest.mark.parametrize(
    "words",
    ["", " ", "a", "'", "\\", "' | 'x", "&|!():*", "<->", "x" * 10_000, "日本", "%_%", "'; DROP TABLE x; --", "👍", "mona@"],
)
def test_whatever_is_typed_is_an_answer(cast: Cast, words: str) -> None:
    cast.ticket()
    found(cast.ada, words)


def test_names_of_people_and_tickets_never_become_markup(cast: Cast) -> None:
    evil = ensure_requester(name=f"Eve {ATTACK}"[:150], email="eve@console.example", by=SETUP, at=cast.at)
    cast.ticket(f"Evening {ATTACK}", subject=f"Evening {ATTACK}"[:250], requester=evil)
    page = found(cast.ada, "eve")
    assert "Evening" in page
    assert_harmless(page)


def test_the_tickets_last_open_are_named_in_their_order_and_made_up_numbers_left_out(cast: Cast) -> None:
    first, second = cast.ticket("First of two"), cast.ticket("Second of two")
    page = text_of(as_(cast.ada).get(f"/palette/find/?recent={second.pk},{first.pk},999999,x,-1"))
    assert page.index("Second of two") < page.index("First of two")
    assert page.count('role="option"') == 2


def test_the_number_of_queries_stays_however_many_there_are(cast: Cast) -> None:
    client = as_(cast.ada)

    def price() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get("/palette/find/?q=playback")
        return len(caught)

    cast.ticket("The playback stutters")
    price()
    one = price()
    for number in range(12):
        cast.ticket(f"The playback stutters again, {number}")
    assert price() <= one


def test_beginnings_are_quoted_and_few() -> None:
    assert beginnings("O'Neil a|b") == "'o':* & 'neil':* & 'a':* & 'b':*"
    assert beginnings("ada@desk.example") == "'ada@desk.example':*"
    assert beginnings("!!") == ""
    assert beginnings("a b c d e f g h").count("&") == 5


def test_requesters_are_found_through_their_index(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM people_requester"
            " WHERE to_tsvector('simple'::regconfig, name || ' ' || coalesce(email, '')) @@ '''rav'':*'::tsquery"
        )
        assert "people_requester_words" in "\n".join(row[0] for row in cursor.fetchall())
