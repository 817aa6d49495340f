from steward.desk.actions.settings import change_category, create_category
from steward.desk.models import Ticket
from tests.cast import SETUP
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


def test_topics_are_offered_with_their_path_and_closed_ones_are_not(desk):
    console = create_category(values={"name": "Console"}, by=SETUP, at=desk.at)
    create_category(values={"name": "Labels", "parent": console}, by=SETUP, at=desk.at)
    gone = create_category(values={"name": "Old things"}, by=SETUP, at=desk.at)
    create_category(values={"name": "Older things", "parent": gone}, by=SETUP, at=desk.at)
    change_category(category_id=gone.pk, values={"is_active": False}, by=SETUP, at=desk.at)
    page = signed_in(desk.ravi).get("/portal/ask/").content.decode()
    assert "Console › Labels" in page
    assert "Old" not in page


def test_a_topic_comes_with_the_request(desk):
    console = create_category(values={"name": "Console"}, by=SETUP, at=desk.at)
    signed_in(desk.ravi).post("/portal/ask/", form("Slow", category=str(console.pk), priority="1"), **HTMX)
    ticket = Ticket.objects.get()
    assert (ticket.category, ticket.priority) == (console, 3)


def test_the_page_says_whether_somebody_is_there(desk):
    assert "Nobody is on shift right now." in signed_in(desk.ravi).get("/portal/").content.decode()
    desk.on_shift(desk.ada)
    assert "We are here now." in signed_in(desk.ravi).get("/portal/").content.decode()


def test_only_reading_and_asking_are_possible(desk):
    ravi = signed_in(desk.ravi)
    assert ravi.post("/portal/").status_code == 405
    assert ravi.delete("/portal/ask/").status_code == 405
    assert ravi.get("/portal/requests/1/messages/").status_code == 405


def test_a_session_that_ran_out_keeps_the_page(desk, client):
    answer = client.post("/portal/ask/", form("Precious"), **HTMX)
    assert answer.status_code == 401
    assert answer["HX-Reswap"] == "none"
    assert "Sign in again" in answer.content.decode() or "signed out" in answer.content.decode()
