"""B10: two people change different fields and both land; the same field, and both values are shown to choose from."""

from collections.abc import Callable

import pytest

from steward.core.errors import Conflict
from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.changing import add_tag, change_ticket, remove_tag, transfer_ticket
from steward.desk.actions.comparing import differs
from steward.desk.actions.lifecycle import change_status
from steward.desk.models import Category, Status, Ticket, TicketTag
from steward.desk.rules.states import State
from tests.cast import Cast
from tests.desk.conftest import at_once
from tests.web.ticket.acting import as_, send, text_of

Act = Callable[[], object]


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return cast.ticket("Help")


def status_of(state: str) -> Status:
    return Status.objects.get(state=state, is_default=True)


@pytest.mark.parametrize(
    ("seen", "now", "wanted", "outcome"), [(1, 1, 2, True), (1, 2, 2, False), (1, 1, 1, False), (1, 3, 2, "conflict")]
)
def test_a_field_is_set_left_or_disputed(seen: int, now: int, wanted: int, outcome: bool | str) -> None:
    if outcome == "conflict":
        with pytest.raises(Conflict) as raised:
            differs("priority", seen=seen, now=now, wanted=wanted)
        assert (raised.value.field, raised.value.theirs, raised.value.yours) == ("priority", 3, 2)
    else:
        assert differs("priority", seen=seen, now=now, wanted=wanted) is outcome


def test_every_field_of_the_panel_set_at_once_by_different_people_lands(fresh_cast: Cast) -> None:
    cast = fresh_cast
    ticket = cast.ticket("Help")
    category = Category.objects.create(name="Login")
    ada, ben, lin, at = cast.actor(cast.ada), cast.actor(cast.ben), cast.actor(cast.lin), cast.at
    acts: list[Act] = [
        lambda: change_ticket(ticket_id=ticket.pk, changes={"priority": (3, 1)}, by=ada, at=at),
        lambda: change_ticket(ticket_id=ticket.pk, changes={"subject": (ticket.subject, "New words")}, by=ben, at=at),
        lambda: change_ticket(ticket_id=ticket.pk, changes={"category": (None, category.pk)}, by=lin, at=at),
        lambda: assign_ticket(ticket_id=ticket.pk, to=cast.ben, by=lin, at=at),
        lambda: add_tag(ticket_id=ticket.pk, name="login", by=ada, at=at),
        lambda: add_tag(ticket_id=ticket.pk, name="urgent", by=ben, at=at),
        lambda: change_status(ticket_id=ticket.pk, state=State.PENDING, by=ada, at=at),
    ]
    assert not [one for one in at_once(*acts) if isinstance(one, Exception)]
    ticket.refresh_from_db()
    found = (ticket.priority, ticket.subject, ticket.category_id, ticket.assignee_id)
    assert found == (1, "New words", category.pk, cast.ben.pk)
    assert TicketTag.objects.filter(ticket=ticket).count() == 2
    # Waiting and then given to somebody, or given and then waiting: the same.
    assert ticket.state == "pending"


def test_labels_merge_whatever_two_people_do(cast: Cast, ticket: Ticket) -> None:
    ada, ben = cast.actor(cast.ada), cast.actor(cast.ben)
    tag = add_tag(ticket_id=ticket.pk, name="login", by=ada, at=cast.at)
    assert add_tag(ticket_id=ticket.pk, name="LOGIN", by=ben, at=cast.at) == tag
    remove_tag(ticket_id=ticket.pk, tag_id=tag.pk, by=ada, at=cast.at)
    remove_tag(ticket_id=ticket.pk, tag_id=tag.pk, by=ben, at=cast.at)
    assert not TicketTag.objects.filter(ticket=ticket).exists()


@pytest.mark.parametrize("field", ["priority", "category", "subject", "assignee", "queue", "status"])
def test_the_same_field_shows_both_values_and_either_can_be_chosen(cast: Cast, ticket: Ticket, field: str) -> None:
    login, upload = Category.objects.create(name="Login"), Category.objects.create(name="Uploads")
    new = status_of("new").pk
    resource, seen, theirs, mine, words = {
        "priority": ("fields", 3, 2, 1, ("High", "Urgent")),
        "category": ("fields", 0, login.pk, upload.pk, ("Login", "Uploads")),
        "subject": ("fields", ticket.subject, "Their words", "My words", ("Their words", "My words")),
        "assignee": ("assignee", 0, cast.ben.pk, cast.ada.pk, ("Ben", "Ada")),
        "queue": ("queue", cast.support.pk, cast.leads.pk, cast.engineering.pk, ("Leads", "Console engineering")),
        "status": ("status", new, "pending", "solved", (status_of("pending").name, status_of("solved").name)),
    }[field]
    lin, at = cast.actor(cast.lin), cast.later(minutes=1)
    if field == "assignee":
        assign_ticket(ticket_id=ticket.pk, to=cast.ben, by=lin, at=at)
    elif field == "queue":
        transfer_ticket(ticket_id=ticket.pk, queue_id=cast.leads.pk, reason="Theirs", by=lin, at=at)
    elif field == "status":
        change_status(ticket_id=ticket.pk, state=State.PENDING, by=lin, at=at)
    else:
        change_ticket(ticket_id=ticket.pk, changes={field: (seen or None, theirs)}, by=lin, at=at)
    browser = as_(cast.ada)
    form = {"state": mine, "seen_status": seen} if field == "status" else {"field": field, "seen": seen, "wanted": mine}
    answer = send(browser, ticket, resource, reason="Needs it", **form)
    assert answer.status_code == 409
    shown = text_of(answer)
    assert all(word in shown for word in ("Keep theirs:", "Set mine:", *words))
    ticket.refresh_from_db()
    assert _value(ticket, field) == theirs
    if field == "status":
        again = send(browser, ticket, resource, state=mine, seen_status=ticket.status_id)
    else:
        again = send(browser, ticket, resource, field=field, seen=theirs, wanted=mine, reason="Needs it")
    assert again.status_code == 200, text_of(again)[:500]
    ticket.refresh_from_db()
    assert _value(ticket, field) == mine


def _value(ticket: Ticket, field: str) -> object:
    names = {"category": "category_id", "assignee": "assignee_id", "queue": "queue_id", "status": "state"}
    return getattr(ticket, names.get(field, field))


def test_setting_what_a_colleague_has_just_set_is_no_conflict(cast: Cast, ticket: Ticket) -> None:
    new = status_of("new").pk
    change_status(ticket_id=ticket.pk, state=State.PENDING, by=cast.actor(cast.ben), at=cast.at)
    assert send(as_(cast.ada), ticket, "status", state="pending", seen_status=new).status_code == 200


def test_without_scripts_the_status_is_disputed_on_a_page_of_its_own(cast: Cast, ticket: Ticket) -> None:
    new = status_of("new").pk
    change_status(ticket_id=ticket.pk, state=State.PENDING, by=cast.actor(cast.ben), at=cast.at)
    answer = send(as_(cast.ada), ticket, "status", htmx=False, state="solved", seen_status=new)
    assert answer.status_code == 409
    assert "Set mine:" in text_of(answer)
