"""Two admins who remove each other at the same time: one of them stays."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from steward.core.errors import Conflict
from steward.people.actions import deactivate_user, set_roles
from steward.people.actor import Actor
from steward.people.models import User
from steward.people.queries import actor_for
from tests.people.cast import AT, user

Act = Callable[[Actor, int], object]


def _deactivate(by: Actor, user_id: int) -> None:
    deactivate_user(user_id=user_id, by=by, at=AT)


def _demote(by: Actor, user_id: int) -> None:
    set_roles(user_id=user_id, roles=["agent"], by=by, at=AT)


@pytest.mark.parametrize("acts", [(_deactivate, _deactivate), (_demote, _demote), (_deactivate, _demote)])
def test_one_admin_is_left(fresh_database: str, acts: tuple[Act, Act]) -> None:
    ada, ben = user("Ada", "admin"), user("Ben", "admin")
    for _round in range(4):
        User.objects.update(is_active=True, roles=["admin"])
        outcomes = _at_once([(acts[0], actor_for(ada), ben.pk), (acts[1], actor_for(ben), ada.pk)])
        assert sorted(outcomes) == ["done", "refused"], outcomes
        assert User.objects.active_admins().count() == 1


def _at_once(calls: list[tuple[Act, Actor, int]]) -> list[str]:
    barrier, outcomes = threading.Barrier(len(calls)), list[str]()

    def run(act: Act, by: Actor, user_id: int) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=10)
            act(by, user_id)
            outcomes.append("done")
        except Conflict:
            outcomes.append("refused")
        except Exception as error:
            outcomes.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes
