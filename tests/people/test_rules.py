"""What the rules of people say."""

from datetime import UTC, datetime, timedelta

import pytest

from steward.people import rules
from steward.people.rules import Capability, Role

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_every_role_has_capabilities() -> None:
    assert all(rules.capabilities_of([role]) for role in Role)


def test_every_capability_belongs_to_some_role() -> None:
    assert rules.capabilities_of(Role) == frozenset(Capability)


def test_roles_add_up() -> None:
    both = rules.capabilities_of(["agent", "admin"])
    assert both == rules.capabilities_of(["agent"]) | rules.capabilities_of(["admin"])


def test_only_an_admin_manages_people_and_settings() -> None:
    for capability in (Capability.MANAGE_PEOPLE, Capability.MANAGE_SETTINGS):
        assert [role for role in Role if capability in rules.capabilities_of([role])] == [Role.ADMIN]


def test_a_requester_may_only_ask() -> None:
    assert rules.capabilities_of(["requester"]) == {Capability.ASK}


def test_an_admin_alone_does_not_read_tickets() -> None:
    assert Capability.WORK_TICKETS not in rules.capabilities_of(["admin"])


def test_an_unknown_role_is_an_error() -> None:
    with pytest.raises(ValueError, match="owner"):
        rules.capabilities_of(["owner"])


def test_roles_are_kept_once_and_in_one_order() -> None:
    assert rules.ordered_roles(["admin", "agent", "admin"]) == [Role.AGENT, Role.ADMIN]


def test_only_who_is_nothing_else_is_a_requester_only() -> None:
    assert rules.is_requester_only(["requester"])
    assert not rules.is_requester_only(["requester", "agent"])
    assert not rules.is_requester_only([])


@pytest.mark.parametrize("address", ["ada@desk.example", "a.b+c@x.co", "o'neil@desk.example", "x@localhost"])
def test_usual_addresses_are_addresses(address: str) -> None:
    assert rules.is_email(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "@desk.example",
        "ada@",
        "a b@x.co",
        "ada@x..co",
        "ada@-x.co",
        "<ada@x.co>",
        "ada@x.co\n",
        "ádá@x.co",
        "a" * 65 + "@x.co",
        "a@" + "x" * 260,
    ],
)
def test_other_texts_are_none(address: str) -> None:
    assert not rules.is_email(address)


def test_an_address_is_compared_in_small_letters() -> None:
    assert rules.normalize_email(" Ada@Desk.Example ") == "ada@desk.example"


@pytest.mark.parametrize("name", ["UTC", "Asia/Shanghai", "America/Argentina/Buenos_Aires"])
def test_known_zones_are_zones(name: str) -> None:
    assert rules.is_time_zone(name)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "/etc/localtime", "Asia", "Asia/Shanghai\x00", "x" * 5000])
def test_other_names_are_no_zones(name: str) -> None:
    assert not rules.is_time_zone(name)


@pytest.mark.parametrize(
    ("tag", "is_one"), [("en", True), ("zh-Hans", True), ("pt-br", True), ("", False), ("english please", False), ("e", False)]
)
def test_language_tags_have_a_form(tag: str, is_one: bool) -> None:
    assert rules.is_language(tag) is is_one


def test_a_token_is_stored_as_its_hash() -> None:
    assert rules.token_hash("abc") != "abc"
    assert rules.token_hash("abc") == rules.token_hash("abc")
    assert len(rules.token_hash("\ud800")) == 64


def test_a_link_is_over_at_the_very_instant_it_expires() -> None:
    assert not rules.has_expired(AT, AT - timedelta(microseconds=1))
    assert rules.has_expired(AT, AT)
