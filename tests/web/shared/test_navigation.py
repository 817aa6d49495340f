from types import SimpleNamespace

import pytest

from steward.people.rules import Capability, Role, capabilities_of
from steward.web.shared import navigation

pytestmark = pytest.mark.usefixtures("gallery_settings")


def labels(*roles: Role, table=navigation.DESK) -> list[str]:
    return [place.label for place in navigation.places(SimpleNamespace(capabilities=capabilities_of(roles)), table=table)]


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        (Role.REQUESTER, []),
        (Role.AGENT, ["Tickets", "Follow-ups", "Shifts", "Settings"]),
        (Role.LEAD, ["Tickets", "Follow-ups", "Shifts", "Daily report", "Settings"]),
        (Role.ENGINEER, ["Tickets", "Shifts", "Settings"]),
        (Role.REVIEWER, ["Daily report"]),
        (Role.ADMIN, ["Shifts", "Daily report", "People", "Settings"]),
    ],
)
def test_each_role_sees_the_places_it_may_go_to(role: Role, shown: list[str]) -> None:
    assert labels(role) == shown


def test_requesters_have_places_of_their_own() -> None:
    assert labels(Role.REQUESTER, table=navigation.PORTAL) == ["My requests", "Ask for help"]
    # People of the desk ask for help too.
    assert labels(Role.ADMIN, table=navigation.PORTAL) == ["My requests", "Ask for help"]


def test_nobody_is_shown_nothing() -> None:
    assert navigation.places(None) == []


def test_what_does_not_exist_yet_is_not_shown(settings) -> None:
    settings.ROOT_URLCONF = "tests.web.shared.gallery.few_urls"
    assert labels(Role.AGENT) == ["Shifts"]


def test_the_nearest_place_is_the_one_a_page_belongs_to() -> None:
    who = SimpleNamespace(capabilities=frozenset(Capability))
    at = {place.label for place in navigation.places(who, path="/settings/people/7") if place.current}
    assert at == {"People"}
    assert not [place for place in navigation.places(who, path="/elsewhere") if place.current]
