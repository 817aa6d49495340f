"""B27: #123 unfurls, and a hover previews without leaving; never of a ticket out of sight."""

from steward.desk.actions.replies import add_note
from steward.web.shared.texts import linked
from tests.cast import Cast
from tests.web.ticket.acting import ATTACK, as_, asking_user, say, text_of


def test_a_number_in_a_text_leads_to_its_ticket(cast: Cast) -> None:
    other, ticket = cast.ticket(), cast.ticket()
    say(cast, ticket, cast.ada, f"Same as #{other.pk}.")
    add_note(ticket_id=ticket.pk, body=f"See #{other.pk} and https://x.example/#{other.pk}", by=cast.actor(cast.ada), at=cast.at)
    page = text_of(as_(cast.ada).get(f"/tickets/{ticket.pk}/"))
    assert page.count(f'class="ticket-ref" href="/tickets/{other.pk}/" data-ref="{other.pk}"') == 2


def test_only_a_number_that_stands_alone_is_one() -> None:
    address = "/tickets/0/"
    assert 'data-ref="12"' in linked("(#12)", refs=address)
    for text in ("a#12", "##12", "#12a", "/#12", "#"):
        assert "data-ref" not in linked(text, refs=address), text
    assert "<script>" not in linked(ATTACK, refs=address, names=["<script>"])
    assert "data-ref" not in linked("#12")


def test_state_and_subject_are_told_of_those_in_sight_alone(cast: Cast) -> None:
    seen, hidden = cast.ticket(subject="Empty page"), cast.ticket("Grave.", subject="Grave", queue=cast.restricted)
    asked = f"/tickets/refs/?ids={seen.pk},{hidden.pk},999999,x"
    assert as_(cast.ada).get(asked).json() == {
        "tickets": [{"id": seen.pk, "subject": "Empty page", "state": "new", "words": "New"}]
    }
    assert [one["id"] for one in as_(cast.lin).get(asked).json()["tickets"]] == [seen.pk, hidden.pk]
    who, _asks = asking_user()
    assert as_(who).get(asked).json() == {"tickets": []}


def test_the_card_shows_who_and_what_was_said_last(cast: Cast) -> None:
    ticket = cast.ticket("The page is empty.", subject="Empty page")
    say(cast, ticket, cast.ben, "Since when?")
    card = text_of(as_(cast.ada).get(f"/tickets/{ticket.pk}/card/"))
    for told in ("Empty page", "Ravi", "Ben", "Since when?"):
        assert told in card, told
    assert "<html" not in card


def test_of_a_ticket_out_of_sight_there_is_no_card_and_of_careful_ones_no_words(cast: Cast) -> None:
    hidden = cast.ticket("Grave words.", queue=cast.restricted)
    assert as_(cast.ada).get(f"/tickets/{hidden.pk}/card/").status_code == 404
    assert "Grave words." not in text_of(as_(cast.lin).get(f"/tickets/{hidden.pk}/card/"))
    assert "Grave" not in str(as_(cast.lin).get(f"/tickets/refs/?ids={hidden.pk}").json())
