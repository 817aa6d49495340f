"""B21: a slash or a colon inserts a saved reply at the cursor; a placeholder left empty blocks sending."""

import pytest

from steward.desk.actions.saved_replies import create_saved_reply
from steward.desk.actions.sharing import About
from steward.desk.models import Message, SavedReply
from tests.desk.conftest import bodies


@pytest.fixture
def reply(cast):
    return create_saved_reply(
        about=About("Reload the console", folder="Console", scope="all"),
        texts={"": "Hello {{requester.first_name}}, reload for {{requester.team}}.", "fr": "Bonjour {{requester.first_name}}"},
        by=cast.actor(cast.lin),
        at=cast.at,
    )


def find(client, ticket, words=""):
    return client.get(f"/tickets/{ticket.pk}/saved-replies/", {"q": words})


def test_what_is_found_by_name_or_text_comes_filled_in_for_the_ticket(cast, client, reply):
    client.force_login(cast.ada)
    ticket = cast.ticket()
    for words in ("", "reload", "conso", "hello"):
        page = find(client, ticket, words).content.decode()
        assert 'role="option"' in page
        assert "<template>Hello Ravi, reload for {{requester.team}}.</template>" in page
        assert "to fill in" in page
    assert "No saved reply has these words." in find(client, ticket, "zebra").content.decode()


def test_a_text_that_looks_like_markup_stays_text(cast, client):
    create_saved_reply(
        about=About("<b>x", scope="private"),
        texts={"": "</template><script>alert(1)</script>"},
        by=cast.actor(cast.ada),
        at=cast.at,
    )
    client.force_login(cast.ada)
    assert "<script>" not in find(client, cast.ticket()).content.decode()


def test_using_one_is_counted_and_only_for_those_who_may(cast, client, reply):
    ticket = cast.ticket()
    client.force_login(cast.ada)
    assert client.post(f"/tickets/{ticket.pk}/saved-replies/{reply.pk}/used/").status_code == 204
    assert client.post(f"/tickets/{ticket.pk}/saved-replies/999999/used/").status_code == 204
    client.force_login(cast.eno)
    assert client.post(f"/tickets/{ticket.pk}/saved-replies/{reply.pk}/used/").status_code == 404
    assert SavedReply.objects.get().times_used == 1


def test_a_ticket_out_of_sight_gives_nothing_away(cast, client, reply):
    hidden = cast.ticket(queue=cast.restricted)
    client.force_login(cast.ada)
    assert find(client, hidden).status_code == 404
    client.force_login(cast.lin)
    assert find(client, hidden).status_code == 200


def test_a_variable_left_in_the_text_blocks_sending_with_a_clear_message(cast, client, reply):
    ticket = cast.ticket()
    client.force_login(cast.ada)
    body = "Hello Ravi, reload for {{requester.team}}."
    response = client.post(f"/tickets/{ticket.pk}/replies/", {"body": body, "client_token": "t"}, HTTP_HX_REQUEST="true")
    assert response.status_code == 422
    assert '"code": "unfilled"' in response["HX-Trigger"]
    assert "{{requester.team}}" in response["HX-Trigger"]
    assert Message.objects.filter(ticket=ticket).count() == 1


def test_filled_in_it_is_sent_and_braces_of_other_kinds_are_only_text(cast, client):
    ticket = cast.ticket()
    client.force_login(cast.ada)
    body = "Use {{ name }} in your template, and {requester.team}."
    from steward.desk.actions.replies import reply

    reply(ticket_id=ticket.pk, body=body, by=cast.actor(cast.ada), at=cast.at)
    assert bodies(ticket)[-1] == body


def test_a_note_may_hold_a_variable_since_nobody_receives_it(cast, client):
    ticket = cast.ticket()
    client.force_login(cast.ada)
    client.post(f"/tickets/{ticket.pk}/notes/", {"body": "Ask {{requester.team}}", "client_token": "n"})
    assert bodies(ticket)[-1] == "Ask {{requester.team}}"
