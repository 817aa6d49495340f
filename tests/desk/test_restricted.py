"""A restricted queue does not exist for those not named: one test for each way in."""

import pytest

from steward.core.errors import Invalid, NotFound
from steward.desk.actions.assignment import assign_ticket, get_next
from steward.desk.actions.changing import add_tag, change_ticket, transfer_ticket
from steward.desk.actions.following_up import add_follow_up
from steward.desk.actions.intake import receive_message
from steward.desk.actions.lifecycle import solve_ticket
from steward.desk.actions.linking import link_tickets
from steward.desk.actions.replies import add_note, reply
from steward.desk.actions.settings import change_queue, grant_queue_access, revoke_queue_access
from steward.desk.models import Link
from steward.desk.queries.access import only_those_who_see, own_ticket, queues_in_sight, ticket_seen_by, visible_queue_ids
from steward.desk.queries.lists import select_rows
from steward.desk.queries.orders import ORDERS
from steward.desk.queries.search import search_tickets
from steward.desk.queries.timeline import last_tickets_of
from steward.people.actions.notices import notify
from steward.people.actor import anonymous, system
from steward.people.queries.notices import notices_of, unread_count
from steward.people.rules import Role
from tests.cast import user
from tests.desk.conftest import listing, view_counts

OUT_OF_SIGHT = ["ada", "ben", "eno", "ana", "rita", "ravi", "oto", "nobody"]


@pytest.fixture
def secret(cast):
    return cast.ticket("grooming report 4711", queue=cast.restricted)


@pytest.fixture
def sight(cast):
    """Give who somebody is and which queues they see, as every list and search is asked."""

    def sight(name):
        who = user("Rita", Role.REVIEWER) if name == "rita" else getattr(cast, name, None)
        by = cast.actor(who) if who else anonymous()
        return by, visible_queue_ids(by)

    return sight


@pytest.mark.parametrize("name", OUT_OF_SIGHT)
def test_lists_counts_search_and_rows_know_nothing_of_it(cast, secret, sight, name):
    by, queue_ids = sight(name)
    assert cast.restricted.pk not in queue_ids
    seen = queues_in_sight(by)
    for wanted in (
        "",
        f"in:#{cast.restricted.pk}",
        'in:"Child safety"',
        "is:restricted",
        f"from:#{cast.ravi.pk}",
        f"#{secret.pk}",
        "is:new",
        "-is:closed",
        "grooming",
        '"grooming report"',
        "-absent",
    ):
        for order in ORDERS:
            assert listing(wanted, queues=seen, user_id=by.user_id, order=order).rows == [], (wanted, order)
    told = view_counts(queues=seen, user_id=by.user_id)
    assert not any(told.views.values())
    assert cast.restricted.pk not in told.queues
    for text in ("grooming", "4711", str(secret.pk), f"#{secret.pk}", "Ravi", f"q/{cast.restricted.pk}"):
        assert search_tickets(text, queue_ids=queue_ids, at=cast.at) == []
    assert select_rows([secret.pk], queue_ids=queue_ids) == []
    assert last_tickets_of(cast.ravi, queue_ids=queue_ids) == []


@pytest.mark.parametrize("name", OUT_OF_SIGHT)
def test_its_page_says_the_same_as_for_a_number_nobody_has(cast, secret, sight, name):
    by, _ids = sight(name)
    said = []
    for number in (secret.pk, 10**9):
        with pytest.raises(NotFound) as told:
            ticket_seen_by(by, number)
        said.append(told.value.message.replace(str(number), "N"))
    assert said[0] == said[1]


@pytest.mark.parametrize("name", ["ada", "eno"])
def test_no_verb_reaches_it(cast, secret, sight, name):
    by, _ids = sight(name)
    values = {"ticket_id": secret.pk, "by": by, "at": cast.at}
    for act in (
        lambda: reply(body="x", **values),
        lambda: add_note(body="x", **values),
        lambda: solve_ticket(**values),
        lambda: assign_ticket(to=cast.ada, **values),
        lambda: change_ticket(changes={"priority": (3, 1)}, **values),
        lambda: transfer_ticket(queue_id=cast.support.pk, reason="", **values),
        lambda: add_tag(name="x", **values),
        lambda: add_follow_up(owner=cast.ada, what="x", due_at=cast.later(hours=1), **values),
        lambda: link_tickets(other_id=cast.ticket().pk, kind=Link.Kind.RELATED, **values),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_link_is_not_made_to_it_from_a_ticket_in_sight(cast, secret):
    ticket = cast.ticket()
    with pytest.raises(NotFound):
        link_tickets(ticket_id=ticket.pk, other_id=secret.pk, kind=Link.Kind.RELATED, by=cast.actor(cast.ada), at=cast.at)


def test_get_next_passes_it_by(cast, secret):
    cast.on_shift(cast.ada, cast.lin)
    assert get_next(by=cast.actor(cast.ada), at=cast.at) is None
    assert get_next(by=cast.actor(cast.lin), at=cast.at) == secret


def test_notices_about_it_are_for_the_named_as_long_as_they_are(cast, secret):
    assert only_those_who_see([cast.ada.pk, cast.lin.pk, cast.ana.pk], queue=cast.restricted) == [cast.lin.pk]
    notify(user_ids=[cast.lin.pk], kind="breached", ticket_id=secret.pk, queue_id=cast.restricted.pk, by=system("test"), at=cast.at)
    lin = cast.actor(cast.lin)
    assert unread_count(cast.lin.pk, visible_queue_ids=visible_queue_ids(lin)) == 1
    revoke_queue_access(queue_id=cast.restricted.pk, user_id=cast.lin.pk, by=cast.actor(cast.ana), at=cast.at)
    assert notices_of(cast.lin.pk, visible_queue_ids=visible_queue_ids(lin)) == []


def test_notices_follow_a_ticket_into_it(cast):
    ticket = cast.ticket()
    notify(user_ids=[cast.ada.pk], kind="breached", ticket_id=ticket.pk, queue_id=cast.support.pk, by=system("test"), at=cast.at)
    transfer_ticket(ticket_id=ticket.pk, queue_id=cast.restricted.pk, reason="CSAM", by=cast.actor(cast.ada), at=cast.at)
    assert notices_of(cast.ada.pk, visible_queue_ids=visible_queue_ids(cast.actor(cast.ada))) == []
    assert search_tickets("queue page", queue_ids=visible_queue_ids(cast.actor(cast.ada)), at=cast.at) == []
    assert len(search_tickets("queue page", queue_ids=visible_queue_ids(cast.actor(cast.lin)), at=cast.at)) == 1


def test_an_owner_who_may_not_follow_gives_it_back(cast):
    ticket = cast.ticket()
    assign_ticket(ticket_id=ticket.pk, to=cast.ada, by=cast.actor(cast.ada), at=cast.at)
    assert (
        transfer_ticket(ticket_id=ticket.pk, queue_id=cast.restricted.pk, reason="", by=cast.actor(cast.ada), at=cast.at).assignee
        is None
    )


def test_follow_ups_on_it_are_only_for_those_who_see_it(cast, secret):
    values = {"ticket_id": secret.pk, "what": "call", "due_at": cast.at.replace(hour=23), "by": cast.actor(cast.lin), "at": cast.at}
    with pytest.raises(Invalid, match="Ada may not see"):
        add_follow_up(owner=cast.ada, **values)
    add_follow_up(owner=cast.lin, **values)


def test_naming_opens_and_taking_back_closes_it(cast, secret):
    ana = cast.actor(cast.ana)
    grant_queue_access(queue_id=cast.restricted.pk, user=cast.ada, by=ana, at=cast.at)
    grant_queue_access(queue_id=cast.restricted.pk, user=cast.ada, by=ana, at=cast.at)
    assert ticket_seen_by(cast.actor(cast.ada), secret.pk) == secret
    revoke_queue_access(queue_id=cast.restricted.pk, user_id=cast.ada.pk, by=ana, at=cast.at)
    with pytest.raises(NotFound):
        ticket_seen_by(cast.actor(cast.ada), secret.pk)


def test_its_requester_still_sees_and_answers_it(cast, secret):
    assert own_ticket(cast.actor(cast.ravi), secret.pk) == secret
    receive_message(ticket_id=secret.pk, body="More", by=cast.actor(cast.ravi), at=cast.at)


def test_requesters_see_their_own_tickets_only(cast):
    ticket = cast.ticket()
    assert own_ticket(cast.actor(cast.ravi), ticket.pk) == ticket
    for by in (cast.actor(cast.oto), anonymous(), cast.actor(cast.ada)):
        with pytest.raises(NotFound):
            own_ticket(by, ticket.pk)
    assert visible_queue_ids(cast.actor(cast.ravi)) == []


def test_engineers_see_engineering_queues_and_what_they_are_named_on(cast):
    eno = cast.actor(cast.eno)
    assert visible_queue_ids(eno) == [cast.engineering.pk]
    grant_queue_access(queue_id=cast.restricted.pk, user=cast.eno, by=cast.actor(cast.ana), at=cast.at)
    assert set(visible_queue_ids(eno)) == {cast.engineering.pk, cast.restricted.pk}
    ticket = cast.ticket(queue=cast.restricted)
    assert ticket_seen_by(eno, ticket.pk)
    change_queue(queue_id=cast.engineering.pk, values={"restricted": True}, by=cast.actor(cast.ana), at=cast.at)
    assert visible_queue_ids(eno) == [cast.restricted.pk]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("named", [False, True])
def test_both_predicates_give_one_answer(cast, role, named):
    who = user("Somebody", role)
    for queue in (cast.support, cast.leads, cast.engineering, cast.restricted):
        if named:
            grant_queue_access(queue_id=queue.pk, user=who, by=cast.actor(cast.ana), at=cast.at)
        seen = queue.pk in {one.pk for one in queues_in_sight(cast.actor(who))}
        assert only_those_who_see([who.pk], queue=queue) == ([who.pk] if seen else [])
