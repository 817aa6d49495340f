"""Each field of a ticket saves by itself, against the value that was seen."""

import pytest

from steward.desk.actions.settings import create_category
from steward.desk.models import Message, TicketTag
from tests.cast import SETUP, Cast, user
from tests.web.ticket.acting import as_, asking_user, send, text_of


def test_a_priority_is_set(cast: Cast) -> None:
    ticket = cast.ticket()
    answer = send(as_(cast.ada), ticket, "fields", field="priority", seen=3, wanted=1)
    assert answer.status_code == 200
    assert 'hx-target="#field-priority"' in text_of(answer)
    ticket.refresh_from_db()
    assert ticket.priority == 1


def test_a_stale_priority_shows_both_values_and_a_choice(cast: Cast) -> None:
    ticket = cast.ticket()
    send(as_(cast.lin), ticket, "fields", field="priority", seen=3, wanted=1)
    answer = send(as_(cast.ada), ticket, "fields", field="priority", seen=3, wanted=4)
    assert answer.status_code == 409
    page = text_of(answer)
    assert "Keep theirs:</small> <bdi>Urgent" in page
    assert "Set mine:</small> <bdi>Low" in page
    ticket.refresh_from_db()
    assert ticket.priority == 1
    assert send(as_(cast.ada), ticket, "fields", field="priority", seen=1, wanted=4).status_code == 200
    ticket.refresh_from_db()
    assert ticket.priority == 4


def test_without_scripts_a_conflict_is_a_page_with_the_same_choice(cast: Cast) -> None:
    ticket = cast.ticket()
    send(as_(cast.lin), ticket, "fields", field="subject", seen=ticket.subject, wanted="Lin's words")
    answer = send(as_(cast.ada), ticket, "fields", htmx=False, field="subject", seen=ticket.subject, wanted="<i>Ada's</i>")
    assert answer.status_code == 409
    assert "<html" in text_of(answer)
    assert "Lin&#39;s words" in text_of(answer)
    assert "&lt;i&gt;Ada&#39;s&lt;/i&gt;" in text_of(answer)


def test_different_fields_do_not_disturb_each_other(cast: Cast) -> None:
    ticket = cast.ticket()
    category = create_category(values={"name": "Sign-in"}, by=SETUP, at=cast.at)
    assert send(as_(cast.lin), ticket, "fields", field="priority", seen=3, wanted=1).status_code == 200
    assert send(as_(cast.ada), ticket, "fields", field="category", seen=0, wanted=category.pk).status_code == 200
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.category_id) == (1, category.pk)


@pytest.mark.parametrize(
    "fields",
    [
        {"field": "state", "seen": "new", "wanted": "closed"},
        {"field": "priority", "seen": 3, "wanted": 9},
        {"field": "priority", "seen": 3, "wanted": "high"},
        {"field": "priority", "seen": 3, "wanted": "1" * 30},
        {"field": "category", "seen": 0, "wanted": 999_999},
        {"field": "subject", "seen": "The queue page is empty since this morning.", "wanted": "  "},
        {},
    ],
)
def test_an_impossible_value_is_refused_in_words(cast: Cast, fields: dict[str, object]) -> None:
    ticket = cast.ticket()
    assert send(as_(cast.ada), ticket, "fields", **fields).status_code == 422


def test_assigning_compares_with_what_was_seen(cast: Cast) -> None:
    ticket = cast.ticket()
    assert send(as_(cast.ada), ticket, "assignee", seen=0, wanted=cast.ada.pk).status_code == 200
    answer = send(as_(cast.ben), ticket, "assignee", seen=0, wanted=cast.ben.pk)
    assert answer.status_code == 409
    assert "<bdi>Ada</bdi>" in text_of(answer)
    assert "<bdi>Ben</bdi>" in text_of(answer)
    ticket.refresh_from_db()
    assert ticket.assignee_id == cast.ada.pk


def test_the_choice_of_owners_is_what_one_may_do(cast: Cast) -> None:
    ticket = cast.ticket()
    ada = text_of(as_(cast.ada).get(f"/tickets/{ticket.pk}/"))
    lin = text_of(as_(cast.lin).get(f"/tickets/{ticket.pk}/"))
    assert f">{cast.ben.name}</option>" not in ada
    assert f">{cast.ben.name}</option>" in lin
    assert send(as_(cast.ada), ticket, "assignee", seen=0, wanted=cast.ben.pk).status_code == 403
    assert send(as_(cast.lin), ticket, "assignee", seen=0, wanted=cast.ben.pk).status_code == 200
    assert send(as_(cast.lin), ticket, "assignee", seen=cast.ben.pk, wanted=999_999).status_code == 422


def test_who_may_not_see_a_restricted_queue_is_not_offered_its_tickets(cast: Cast) -> None:
    ticket = cast.ticket(queue=cast.restricted)
    page = text_of(as_(cast.lin).get(f"/tickets/{ticket.pk}/"))
    assert f">{cast.lin.name}</option>" in page
    assert f">{cast.ada.name}</option>" not in page


def test_moving_on_needs_a_reason_and_leaves_a_note(cast: Cast) -> None:
    ticket = cast.ticket()
    browser = as_(cast.ada)
    assert send(browser, ticket, "queue", seen=cast.support.pk, wanted=cast.engineering.pk).status_code == 422
    answer = send(browser, ticket, "queue", seen=cast.support.pk, wanted=cast.engineering.pk, reason="Fails with 409.")
    assert answer.status_code == 200
    assert "handed it to engineering, from Support to Console engineering" in text_of(answer)
    assert Message.objects.filter(ticket=ticket, kind="note", body__contains="Fails with 409.").exists()


def test_moving_compares_with_what_was_seen(cast: Cast) -> None:
    ticket = cast.ticket()
    send(as_(cast.lin), ticket, "queue", seen=cast.support.pk, wanted=cast.leads.pk, reason="Mine.")
    answer = send(as_(cast.ada), ticket, "queue", seen=cast.support.pk, wanted=cast.engineering.pk, reason="A defect.")
    assert answer.status_code == 409
    assert "<bdi>Leads</bdi>" in text_of(answer)
    assert "<bdi>Console engineering</bdi>" in text_of(answer)
    assert 'value="A defect."' in text_of(answer)


def test_a_ticket_moved_out_of_sight_leads_back_to_the_list(cast: Cast) -> None:
    ticket, other = cast.ticket(), cast.ticket()
    browser = as_(cast.ada)
    answer = send(browser, ticket, "queue", seen=cast.support.pk, wanted=cast.restricted.pk, reason="Grave.")
    assert answer["HX-Redirect"] == f"/tickets/?gone={ticket.pk}"
    plain = send(browser, other, "queue", htmx=False, seen=cast.support.pk, wanted=cast.restricted.pk, reason="Grave.")
    assert (plain.status_code, plain["Location"]) == (303, f"/tickets/?gone={other.pk}")
    assert f"#{other.pk} is out of your hands" in text_of(browser.get(plain["Location"]))


def test_labels_are_added_once_and_taken_off(cast: Cast) -> None:
    ticket = cast.ticket()
    browser = as_(cast.ada)
    for name in ("outage", "#Outage"):
        assert send(browser, ticket, "tags", tag=name).status_code == 200
    row = TicketTag.objects.get(ticket=ticket)
    assert send(browser, ticket, "tags", tag=" ").status_code == 422
    assert send(browser, ticket, f"tags/{row.tag_id}/remove").status_code == 200
    assert not TicketTag.objects.filter(ticket=ticket).exists()


@pytest.mark.parametrize(
    ("resource", "fields"),
    [
        ("fields", {"field": "priority", "seen": 3, "wanted": 1}),
        ("assignee", {"seen": 0, "wanted": 0}),
        ("queue", {"seen": "SUPPORT", "wanted": "LEADS", "reason": "x"}),
        ("tags", {"tag": "x"}),
        ("tags/1/remove", {}),
        ("status", {"state": "solved"}),
        ("follow-ups", {"what": "x", "due_at": "2099-01-01T09:00"}),
        ("links", {"other": "OTHER", "kind": "related"}),
    ],
)
def test_outsiders_change_nothing(cast: Cast, resource: str, fields: dict[str, object]) -> None:
    ticket, hidden = cast.ticket(), cast.ticket(queue=cast.restricted)
    who, _asks = asking_user()
    ids = {"SUPPORT": cast.support.pk, "LEADS": cast.leads.pk, "OTHER": cast.ticket().pk}
    fields = {name: ids.get(str(value), value) for name, value in fields.items()}
    before = ticket.updated_at
    for browser in (as_(who), as_(cast.eno)):
        assert send(browser, ticket, resource, **fields).status_code == 404
    assert send(as_(cast.ada), hidden, resource, **fields).status_code == 404
    reader = as_(user("Rev", "reviewer"))
    assert send(reader, ticket, resource, **fields).status_code == 403
    ticket.refresh_from_db()
    assert ticket.updated_at == before
