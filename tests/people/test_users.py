"""Making, changing and deactivating accounts."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from steward.core.errors import Conflict, Invalid, NotAllowed, NotFound
from steward.ledger.models import Event
from steward.people.actions import add_user, change_user, deactivate_user, make_password_link, reactivate_user, set_roles
from steward.people.models import PasswordLink, Requester, User
from steward.people.queries import actor_for
from tests.people.cast import AT, SYSTEM, admin, kinds_on, last_on, user

pytestmark = pytest.mark.django_db


def test_an_address_is_taken_however_it_is_written() -> None:
    user("Ada")
    with pytest.raises(Conflict) as refused:
        add_user(email="ADA@desk.example", name="Other", roles=["agent"], by=SYSTEM, at=AT)
    assert refused.value.field == "email"
    assert User.objects.with_email("Ada@DESK.example").count() == 1


@pytest.mark.parametrize("roles", [["owner"], []])
def test_the_database_refuses_roles_that_are_none(roles: list[str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="x@y.example", name="X", roles=roles, created_at=AT)


def test_the_database_refuses_an_address_in_capitals() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="X@y.example", name="X", roles=["agent"], created_at=AT)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("email", "a\x00@x.co"),
        ("name", "  "),
        ("name", "\u200b"),
        ("name", "N" * 201),
        ("name", "A\x00da"),
        ("roles", ["owner"]),
        ("roles", []),
        ("language", "klingon please"),
        ("time_zone", "Mars/Olympus"),
    ],
)
def test_a_bad_value_is_refused_naming_its_field(field: str, value: object) -> None:
    given = {"email": "new@desk.example", "name": "New", "roles": ["agent"], field: value}
    with pytest.raises(Invalid) as refused:
        add_user(**given, by=SYSTEM, at=AT)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert not User.objects.exists()


def test_an_account_says_in_the_ledger_how_it_came_to_be() -> None:
    ada = user("Ada", "agent", "lead")
    assert last_on(f"user:{ada.pk}") == {"user_id": ada.pk, "how": "import", "roles": ["agent", "lead"], "invitation_id": None}


def test_a_user_with_the_requester_role_is_the_requester_of_their_address() -> None:
    ravi = user("Ravi", "requester")
    requester = Requester.objects.get(user=ravi)
    assert requester.email == ravi.email
    actor = actor_for(ravi)
    assert (actor.kind, actor.id, actor.user_id) == ("requester", requester.pk, ravi.pk)


def test_changing_a_name_leaves_the_name_out_of_the_ledger() -> None:
    root, ada = admin(), user("Ada")
    change_user(user_id=ada.pk, changes={"name": "Ada Lovelace", "language": "zh-hans"}, by=root, at=AT)
    event = Event.objects.filter(stream=f"user:{ada.pk}").latest("seq")
    assert event.payload == {"user_id": ada.pk, "changes": {"language": ["en", "zh-hans"]}, "personal": ["name"]}
    assert not Event.objects.filter(payload__icontains="lovelace").exists()


def test_changing_nothing_records_nothing() -> None:
    ada = user("Ada")
    change_user(user_id=ada.pk, changes={"name": "Ada"}, by=SYSTEM, at=AT)
    assert kinds_on(f"user:{ada.pk}") == ["people.user_joined"]


def test_a_user_changes_their_own_name_but_not_their_address_or_anybody_else() -> None:
    ada, ben = user("Ada"), user("Ben")
    me = actor_for(ada)
    assert change_user(user_id=ada.pk, changes={"name": "Ada L."}, by=me, at=AT).name == "Ada L."
    with pytest.raises(NotAllowed):
        change_user(user_id=ada.pk, changes={"email": "new@desk.example"}, by=me, at=AT)
    with pytest.raises(NotAllowed):
        change_user(user_id=ben.pk, changes={"name": "Benny"}, by=me, at=AT)


def test_a_field_nobody_knows_is_refused() -> None:
    ada = user("Ada")
    with pytest.raises(Invalid):
        change_user(user_id=ada.pk, changes={"is_active": "no"}, by=SYSTEM, at=AT)


def test_a_new_address_is_the_one_to_sign_in_with_and_the_requesters_too() -> None:
    root, ravi = admin(), user("Ravi", "requester")
    change_user(user_id=ravi.pk, changes={"email": "Ravi.N@desk.example"}, by=root, at=AT)
    assert Requester.objects.get(user=ravi).email == "ravi.n@desk.example"
    assert list(EmailAddress.objects.filter(user=ravi).values_list("email", "verified", "primary")) == [
        ("ravi.n@desk.example", True, True)
    ]


def test_roles_change_with_old_and_new() -> None:
    root, ada = admin(), user("Ada")
    set_roles(user_id=ada.pk, roles=["lead", "agent"], by=root, at=AT)
    assert last_on(f"user:{ada.pk}") == {"user_id": ada.pk, "old": ["agent"], "new": ["agent", "lead"]}


def test_who_gets_the_requester_role_becomes_a_requester() -> None:
    ada = user("Ada")
    set_roles(user_id=ada.pk, roles=["agent", "requester"], by=SYSTEM, at=AT)
    assert actor_for(ada).requester_id == Requester.objects.get(user=ada).pk


@pytest.mark.parametrize("role", ["requester", "agent", "lead", "engineer", "reviewer"])
def test_nobody_but_an_admin_manages_people(role: str) -> None:
    actor, ada = actor_for(user("Someone", role)), user("Ada")
    for act in (
        lambda: set_roles(user_id=ada.pk, roles=["admin"], by=actor, at=AT),
        lambda: set_roles(user_id=actor.user_id or 0, roles=["admin"], by=actor, at=AT),
        lambda: deactivate_user(user_id=ada.pk, by=actor, at=AT),
        lambda: reactivate_user(user_id=ada.pk, by=actor, at=AT),
        lambda: make_password_link(user_id=ada.pk, by=actor, at=AT),
        lambda: add_user(email="x@y.example", name="X", roles=["agent"], by=actor, at=AT),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_deactivated_user_is_kept_and_their_links_die() -> None:
    root, ada = admin(), user("Ada")
    make_password_link(user_id=ada.pk, by=root, at=AT)
    deactivate_user(user_id=ada.pk, by=root, at=AT)
    assert not User.objects.get(id=ada.pk).is_active
    assert PasswordLink.objects.get(user=ada).withdrawn_at == AT
    assert actor_for(User.objects.get(id=ada.pk)).capabilities == frozenset()
    reactivate_user(user_id=ada.pk, by=root, at=AT + timedelta(days=1))
    assert kinds_on(f"user:{ada.pk}")[-2:] == ["people.user_deactivated", "people.user_reactivated"]


def test_somebody_who_is_not_there_cannot_be_changed() -> None:
    for act in (
        lambda: deactivate_user(user_id=999_999, by=SYSTEM, at=AT),
        lambda: set_roles(user_id=999_999, roles=["agent"], by=SYSTEM, at=AT),
        lambda: change_user(user_id=999_999, changes={"name": "X"}, by=SYSTEM, at=AT),
    ):
        with pytest.raises(NotFound):
            act()


def test_the_last_active_admin_stays_active_and_stays_admin() -> None:
    root = admin()
    other = user("Other", "admin")
    deactivate_user(user_id=other.pk, by=root, at=AT)
    with pytest.raises(Conflict):
        deactivate_user(user_id=root.user_id or 0, by=root, at=AT)
    with pytest.raises(Conflict):
        set_roles(user_id=root.user_id or 0, roles=["agent"], by=root, at=AT)
    reactivate_user(user_id=other.pk, by=root, at=AT)
    deactivate_user(user_id=root.user_id or 0, by=actor_for(other), at=AT)


def test_a_deactivated_admin_may_lose_the_role() -> None:
    admin()
    other = user("Other", "admin")
    deactivate_user(user_id=other.pk, by=SYSTEM, at=AT)
    assert set_roles(user_id=other.pk, roles=["agent"], by=SYSTEM, at=AT).roles == ["agent"]
