"""The list of tickets over HTTP."""

from django.test import Client

from tests.cast import Cast


def test_the_list_shows_what_an_agent_needs_to_choose(cast: Cast, client: Client) -> None:
    ticket = cast.ticket("The queue page is empty since this morning.")
    client.force_login(cast.ada)
    page = client.get("/tickets/?view=unassigned")
    assert page.status_code == 200
    body = page.content.decode()
    assert f"#{ticket.pk}" in body
    assert "The queue page is empty" in body
    page = client.get(f"/tickets/{ticket.pk}/?view=unassigned")
    assert page.status_code == 200
