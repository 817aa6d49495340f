"""Setting up the desk: every change leaves old and new, and no change leaves a desk that cannot work."""

from datetime import timedelta

import pytest

from steward.core.errors import Conflict, Invalid, NotAllowed, NotFound
from steward.desk.actions.settings import (
    change_category,
    change_queue,
    change_status_row,
    create_category,
    create_queue,
    create_status,
    grant_queue_access,
    revoke_queue_access,
)
from steward.desk.actions.starting import start_desk
from steward.desk.facts.settings import CategoryChanged, QueueChanged, QueueCreated
from steward.desk.models import Queue, Status
from steward.ledger.queries import history
from tests.desk.conftest import kinds


@pytest.fixture
def act(cast):
    """Call a settings action as the admin."""
    return lambda action, **values: action(**values, by=cast.actor(cast.ana), at=cast.at)


def test_a_queue_leaves_what_it_started_with_and_each_change(cast, act):
    queue = act(create_queue, values={"name": "  Access \n requests ", "capacity": 3})
    act(change_queue, queue_id=queue.pk, values={"capacity": 5, "name": "Access requests", "remind_after": timedelta(hours=1)})
    said = [event.fact for event in history(f"queue:{queue.pk}")]
    assert said == [
        QueueCreated(queue_id=queue.pk, changes={"capacity": (None, 3), "name": (None, "Access requests")}),
        QueueChanged(queue_id=queue.pk, changes={"capacity": (3, 5), "remind_after": (86400, 3600)}),
    ]


@pytest.mark.parametrize("who", ["ada", "lin", "eno", "ravi"])
def test_only_admins_change_the_desk(cast, who):
    by = cast.actor(getattr(cast, who))
    for act in (
        lambda: create_queue(values={"name": "X"}, by=by, at=cast.at),
        lambda: change_queue(queue_id=cast.support.pk, values={"name": "X"}, by=by, at=cast.at),
        lambda: create_category(values={"name": "X"}, by=by, at=cast.at),
        lambda: create_status(values={"name": "X", "state": "open"}, by=by, at=cast.at),
        lambda: grant_queue_access(queue_id=cast.restricted.pk, user=cast.ada, by=by, at=cast.at),
        lambda: revoke_queue_access(queue_id=cast.restricted.pk, user_id=cast.lin.pk, by=by, at=cast.at),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "name"),
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "Ok", "purpose": "fun"}, "purpose"),
        ({"name": "Ok", "capacity": 0}, "capacity"),
        ({"name": "Ok", "capacity": "many"}, "capacity"),
        ({"name": "Ok", "remind_after": timedelta(hours=72)}, "remind_after"),
        ({"name": "Ok", "color": "red"}, "color"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(act, values, field):
    with pytest.raises(Invalid) as told:
        act(create_queue, values=values)
    assert told.value.field == field
    assert told.value.message


def test_a_name_is_taken_once_however_it_is_cased(cast, act):
    with pytest.raises(Conflict, match="taken"):
        act(create_queue, values={"name": "SUPPORT"})
    with pytest.raises(NotFound):
        act(change_queue, queue_id=10**9, values={"name": "X"})


@pytest.mark.parametrize("values", [{"is_active": False}, {"restricted": True}, {"purpose": "lead"}])
def test_the_last_queue_that_takes_requests_stays_open(cast, act, values):
    with pytest.raises(Invalid, match="last queue"):
        act(change_queue, queue_id=cast.support.pk, values=values)
    act(create_queue, values={"name": "Second"})
    act(change_queue, queue_id=cast.support.pk, values=values)


def test_a_queue_with_open_tickets_is_not_closed(cast, act):
    act(create_queue, values={"name": "Second"})
    cast.ticket()
    with pytest.raises(Invalid, match="1 tickets still stand"):
        act(change_queue, queue_id=cast.support.pk, values={"is_active": False})


def test_the_category_tree_never_bites_its_tail(cast, act):
    top = act(create_category, values={"name": "Console"})
    mid = act(create_category, values={"name": "Queue page", "parent": top})
    low = act(create_category, values={"name": "Empty", "parent": mid})
    for parent in (low, mid, top):
        with pytest.raises(Invalid, match="below itself"):
            act(change_category, category_id=top.pk, values={"parent": parent})
    act(change_category, category_id=low.pk, values={"parent": top})
    assert history(f"category:{low.pk}")[-1].fact == CategoryChanged(category_id=low.pk, changes={"parent": (mid.pk, top.pk)})
    with pytest.raises(Conflict):
        act(create_category, values={"name": "queue PAGE", "parent": top})
    act(create_category, values={"name": "queue page", "parent": low})


def test_a_new_default_takes_the_place_of_the_old(cast, act):
    old = Status.objects.get(state="pending")
    new = act(create_status, values={"name": "With the vendor team", "state": "pending", "is_default": True})
    assert Status.objects.get(state="pending", is_default=True) == new
    assert history(f"status:{old.pk}")[-1].fact.changes == {"is_default": (True, False)}
    act(change_status_row, status_id=old.pk, values={"is_default": True})
    assert Status.objects.get(state="pending", is_default=True) == old


def test_every_state_keeps_a_default_and_a_used_status_its_state(cast, act):
    default = Status.objects.get(state="new")
    for values in ({"is_default": False}, {"is_active": False}, {"state": "open"}):
        with pytest.raises(Invalid):
            act(change_status_row, status_id=default.pk, values=values)
    cast.ticket()
    with pytest.raises(Invalid, match="still stand in it"):
        act(change_status_row, status_id=default.pk, values={"state": "open"})


def test_a_status_that_changes_state_and_becomes_the_default_takes_the_place_there(cast, act):
    status = act(create_status, values={"name": "Odd", "state": "open"})
    act(change_status_row, status_id=status.pk, values={"state": "pending", "is_default": True})
    assert Status.objects.get(state="pending", is_default=True) == status
    assert Status.objects.filter(state="open", is_default=True).count() == 1


def test_starting_a_desk_twice_changes_nothing(cast):
    before = (Queue.objects.count(), Status.objects.count())
    start_desk(by=cast.actor(cast.ana), at=cast.at)
    assert (Queue.objects.count(), Status.objects.count()) == before
    assert kinds(cast.ticket())[0] == "ticket_opened"
