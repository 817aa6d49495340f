"""Taking people over from a file."""

from collections.abc import Mapping
from typing import Any

import pytest

from steward.core.errors import NotAllowed
from steward.ledger.models import Event
from steward.people.actions import ImportResult, create_team, import_people
from steward.people.actor import ActorKind, system
from steward.people.models import Membership, Requester, Team, User
from steward.people.queries import actor_for
from steward.people.queries.checks import people_problems
from tests.people.cast import AT, SYSTEM, admin, user

pytestmark = pytest.mark.django_db
IMPORTER = system("import people", kind=ActorKind.IMPORT)


def run(*rows: Mapping[str, Any] | str, **options: Any) -> ImportResult:
    return import_people(rows=rows, by=IMPORTER, at=AT, **options)


def counts(result: ImportResult) -> tuple[int, int, int, int, int]:
    return result.read, result.created, result.updated, result.skipped, result.rejected


ADA = {"email": "Ada@desk.example", "name": "Ada", "roles": "agent; lead", "teams": "Night", "time_zone": "Europe/Berlin"}
RAVI = {
    "email": "ravi@x.example",
    "name": "Ravi",
    "roles": "",
    "platform_role": "moderator",
    "team": "Video",
    "market": "DE",
    "client_version": "4.2",
}


def test_users_and_requesters_are_taken_over() -> None:
    create_team(name="Night", by=SYSTEM, at=AT)
    assert counts(run(ADA, RAVI)) == (2, 2, 0, 0, 0)
    ada = User.objects.get(email="ada@desk.example")
    assert (ada.roles, ada.time_zone, ada.has_usable_password()) == (["agent", "lead"], "Europe/Berlin", False)
    assert Membership.objects.filter(user=ada, team__name="Night").exists()
    ravi = Requester.objects.get()
    assert (ravi.email, ravi.platform_role, ravi.team, ravi.market, ravi.client_version, ravi.user_id) == (
        "ravi@x.example",
        "moderator",
        "Video",
        "DE",
        "4.2",
        None,
    )
    assert list(people_problems()) == []


def test_importing_again_changes_nothing() -> None:
    run(ADA, RAVI, create_teams=True)
    before = Event.objects.count()
    assert counts(run(ADA, RAVI, create_teams=True)) == (2, 0, 0, 2, 0)
    assert Event.objects.count() == before


def test_importing_changed_rows_updates_them_and_empty_cells_change_nothing() -> None:
    run(ADA, RAVI, create_teams=True)
    result = run(
        {**ADA, "roles": "agent", "name": "", "teams": "Day"}, {**RAVI, "client_version": "4.3", "market": ""}, create_teams=True
    )
    assert counts(result) == (2, 0, 2, 0, 0)
    ada = User.objects.get(email="ada@desk.example")
    assert (ada.name, ada.roles) == ("Ada", ["agent"])
    assert set(Team.objects.filter(memberships__user=ada).values_list("name", flat=True)) == {"Night", "Day"}
    ravi = Requester.objects.get()
    assert (ravi.client_version, ravi.market) == ("4.3", "DE")


def test_a_dry_run_says_the_same_and_writes_nothing() -> None:
    before = Event.objects.count()
    assert counts(run(ADA, RAVI, create_teams=True, dry_run=True)) == (2, 2, 0, 0, 0)
    assert (User.objects.count(), Requester.objects.count(), Team.objects.count(), Event.objects.count()) == (0, 0, 0, before)


def test_bad_rows_are_rejected_with_their_reason_and_the_others_taken() -> None:
    result = run(
        {"email": "nobody"},
        {"email": "a@x.example", "roles": "owner", "name": "A"},
        {"email": "b@x.example", "roles": "agent"},
        {"email": "c@x.example", "roles": "agent", "name": "C", "teams": "Nowhere"},
        {"email": "d@x.example", "time_zone": "Mars"},
        {"email": "e@x.example", "name": {"first": "E"}},
        {"email": "f@x.example", "name": "N\x00"},
        {"email": "g@x.example", None: ["too", "many"]},
        {"email": "h@x.example", "teams": "Night"},
        "{broken",
        {},
        RAVI,
    )
    assert counts(result) == (12, 1, 0, 0, 11)
    assert [reject.number for reject in result.rejects] == list(range(1, 12))
    assert all(reject.reason for reject in result.rejects)
    assert "Nowhere" in result.rejects[3].reason
    assert not User.objects.exists()


def test_a_rejected_row_leaves_nothing_of_itself() -> None:
    run({"email": "c@x.example", "roles": "agent", "name": "C", "teams": "Nowhere"})
    assert not User.objects.exists()
    assert not Event.objects.exists()


def test_an_address_twice_in_one_file_is_rejected_the_second_time() -> None:
    result = run(RAVI, {**RAVI, "email": "RAVI@X.example", "market": "FR"})
    assert counts(result) == (2, 1, 0, 0, 1)
    assert Requester.objects.get().market == "DE"


def test_lists_and_numbers_from_json_are_read() -> None:
    run(
        {"email": "ada@x.example", "name": "Ada", "roles": ["agent", "requester"], "teams": ["Night"], "client_version": 4.2},
        create_teams=True,
    )
    assert Requester.objects.get().client_version == "4.2"
    assert actor_for(User.objects.get()).requester_id == Requester.objects.get().pk


def test_a_row_without_roles_leaves_a_users_roles() -> None:
    ada = user("Ada", "lead")
    assert counts(run({"email": ada.email, "language": "de"})) == (1, 0, 1, 0, 0)
    ada.refresh_from_db()
    assert (ada.roles, ada.language) == (["lead"], "de")


def test_the_last_admin_is_not_imported_away() -> None:
    root = admin()
    result = run({"email": "root@desk.example", "roles": "agent"})
    assert result.rejected == 1
    assert actor_for(User.objects.get(id=root.user_id)).roles == {"admin"}


def test_columns_without_a_meaning_are_told() -> None:
    assert run({**RAVI, "shoe_size": "44"}).ignored == ["shoe_size"]


def test_progress_is_told_by_chunks() -> None:
    told: list[int] = []
    run(*({"email": f"p{number}@x.example"} for number in range(250)), progress=told.append)
    assert told == [100, 200, 250]
    assert Requester.objects.count() == 250


def test_nobody_but_an_admin_imports() -> None:
    with pytest.raises(NotAllowed):
        import_people(rows=[RAVI], by=actor_for(user("Lin", "lead")), at=AT)
