import pytest

from steward.desk.models import Message, Ticket
from tests.web.portal.signing_in import HTMX, form, signed_in


def test_nobody_asks_without_signing_in_and_comes_back_afterwards(desk, client):
    answer = client.get("/portal/")
    assert answer.status_code == 302
    assert answer["Location"].endswith("?next=/portal/")


def test_the_box_to_ask_in_comes_first(desk):
    page = signed_in(desk.ravi).get("/portal/").content.decode()
    assert "How can we help, Ravi?" in page
    assert page.index('name="body"') < page.index("My requests</h2>")
    assert "priority" not in page


def test_asking_leads_to_the_request(desk):
    ravi = signed_in(desk.ravi)
    answer = ravi.post("/portal/ask/", form("Bulk reject hangs.\nSince 9."), **HTMX)
    ticket = Ticket.objects.get()
    assert (answer.status_code, answer["HX-Redirect"]) == (200, f"/portal/requests/{ticket.pk}/")
    assert (ticket.subject, ticket.channel, ticket.requester_id) == ("Bulk reject hangs.", "portal", desk.ravi.pk)
    page = ravi.get(answer["HX-Redirect"])
    assert page.status_code == 200
    assert f"We received your request as #{ticket.pk}." in page.content.decode()
