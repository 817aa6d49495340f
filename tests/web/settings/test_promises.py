"""Business calendars and SLA policies: versions, previews, and which policy a ticket would fall under."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from steward.roster.models import BusinessCalendar, CalendarVersion
from steward.roster.rules.calendar_shape import parse_hours
from steward.sla.models import Policy, PolicyVersion
from steward.web.settings.week import week_of
from tests.cast import Cast
from tests.web.settings.story import calendar, policy, shut_calendar

HTMX = {"HTTP_HX_REQUEST": "true"}
HOURS = {
    "time_zone": "Europe/Dublin",
    "slots_0": "09:00-12:00, 13:00-18:00",
    "slots_4": "22:00-06:00",
    "holidays": "2026-12-24 Christmas Eve 09:00-12:00\n2026-12-25 Christmas",
}


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ana)
    return client


def test_a_calendar_is_made_with_many_slots_nights_and_holidays(cast: Cast, admin: Client) -> None:
    assert admin.post("/settings/calendars/new/", {"name": "<i>Dublin</i>", **HOURS}).status_code == 303
    version = CalendarVersion.objects.get()
    assert [(slot["weekday"], slot["start"], slot["end"]) for slot in version.slots] == [
        (0, "09:00", "12:00"),
        (0, "13:00", "18:00"),
        (4, "22:00", "06:00"),
    ]
    assert version.holidays[0] == {"date": "2026-12-24", "name": "Christmas Eve", "slots": [{"start": "09:00", "end": "12:00"}]}
    page = admin.get(f"/settings/calendars/{version.calendar_id}/").content.decode()
    assert "<i>Dublin</i>" not in page
    for words in ('value="09:00-12:00, 13:00-18:00"', "2026-12-24 Christmas Eve 09:00-12:00", "right now", "Hours published"):
        assert words in page


def test_publishing_makes_a_version_and_says_from_when_it_counts(cast: Cast, admin: Client) -> None:
    made = calendar()
    to = f"/settings/calendars/{made.pk}/"
    answer = admin.post(f"{to}publish/", {**HOURS, "seen_version": "1"}, follow=True).content.decode()
    assert "Version 2 counts from now on" in answer
    assert "nothing was published" in admin.post(f"{to}publish/", {**HOURS, "seen_version": "2"}, follow=True).content.decode()
    assert made.versions.count() == 2
    stale = admin.post(f"{to}publish/", {**HOURS, "slots_1": "10-11", "seen_version": "1"}, **HTMX)
    assert stale.status_code == 409
    assert "Somebody published version 2" in stale.content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"slots_0": "nine to five"}, "slots_0"),
        ({"slots_3": "25:00-26:00"}, "slots_3"),
        ({"slots_0": "", "slots_4": ""}, "slots"),
        ({"holidays": "Christmas"}, "holidays"),
        ({"holidays": "2026-02-30 Never"}, "holidays"),
        ({"holidays": "2026-12-25\n2026-12-25"}, "holidays"),
        ({"time_zone": "Mars"}, "time_zone"),
    ],
)
def test_hours_that_cannot_be_meant_are_refused_and_the_preview_says_so_too(
    cast: Cast, admin: Client, change: dict[str, str], field: str
) -> None:
    response = admin.post("/settings/calendars/new/", {"name": "X", **HOURS, **change}, **HTMX)
    assert response.status_code == 422
    assert f'"field": "{field}"' in response["HX-Trigger"]
    preview = admin.post("/settings/calendars/preview/", {**HOURS, **change}, **HTMX)
    assert preview.status_code == 200
    assert "banner" in preview.content.decode()
    assert not BusinessCalendar.objects.exists()


def test_a_preview_draws_the_week_and_saves_nothing(cast: Cast, admin: Client) -> None:
    page = admin.post("/settings/calendars/preview/", HOURS).content.decode()
    assert "09:00–12:00, 13:00–18:00" in page
    assert "<rect" in page
    assert not BusinessCalendar.objects.exists()


def test_a_week_says_what_is_open_and_what_comes_next() -> None:
    slots = [{"weekday": 0, "start": "09:00", "end": "17:00"}, {"weekday": 1, "start": "22:00", "end": "06:00"}]
    hours = parse_hours("UTC", slots, [{"date": "2026-03-05", "name": "Fair"}])
    week = week_of(hours, datetime(2026, 3, 2, 12, tzinfo=UTC))
    assert (week.is_open, week.until, week.seconds) == (True, datetime(2026, 3, 2, 17, tzinfo=UTC), 16 * 3600)
    assert [day.words for day in week.days[:3]] == ["09:00–17:00", "22:00–24:00", "00:00–06:00"]
    assert week.days[3].holiday == "Fair"
    assert week_of(hours, datetime(2026, 3, 2, 18, tzinfo=UTC)).next_at == datetime(2026, 3, 3, 22, tzinfo=UTC)
    always = parse_hours("UTC", [{"weekday": day, "start": "00:00", "end": "24:00"} for day in range(7)], [])
    assert week_of(always, datetime(2026, 3, 2, tzinfo=UTC)).until is None


def test_on_the_night_the_clocks_change_a_day_is_as_long_as_it_is() -> None:
    hours = parse_hours("Europe/Dublin", [{"weekday": 6, "start": "00:00", "end": "24:00"}], [])
    day = week_of(hours, datetime(2026, 3, 29, 12, tzinfo=UTC)).days[6]
    assert (day.minutes, day.spans, day.words) == (23 * 60, ((0, 23 * 60),), "00:00–24:00")


def test_a_calendar_is_renamed_and_put_away(cast: Cast, admin: Client) -> None:
    made = shut_calendar()
    assert admin.post(f"/settings/calendars/{made.pk}/about/", {"name": "Late"}).status_code == 303
    assert admin.post(f"/settings/calendars/{made.pk}/active/").status_code == 303
    made.refresh_from_db()
    assert (made.name, made.is_active) == ("Late", False)
    assert "Put away" in admin.get("/settings/calendars/").content.decode()


def promise(**values: Any) -> dict[str, Any]:
    return {
        "name": "VIP",
        "calendar": calendar().pk,
        "first_response_1": "15m",
        "resolution_3": "1h 30m",
        "warn_at": "80%",
        **values,
    }


def test_a_policy_is_made_and_published_anew(cast: Cast, admin: Client) -> None:
    form = promise(queue_ids=[cast.support.pk], markets="EU, BR", pause_resolution=["pending"])
    assert admin.post("/settings/policies/new/", form).status_code == 303
    version = PolicyVersion.objects.get(policy__name="VIP")
    assert version.targets == {"first_response": {"1": 900}, "resolution": {"3": 5400}}
    assert version.conditions == {"queue_ids": [cast.support.pk], "markets": ["BR", "EU"]}
    assert (version.warn_at, version.pause_on["resolution"]) == (0.8, ["pending"])
    to = f"/settings/policies/{version.policy_id}/"
    changed = admin.post(f"{to}publish/", {**form, "first_response_1": "20m", "seen_version": "1"}, follow=True).content.decode()
    assert "Version 2 counts from now on" in changed
    for words in ("Urgent 15m", "Urgent 20m", "queue: Support"):
        assert words in changed
    assert (
        "nothing was published"
        in admin.post(f"{to}publish/", {**form, "first_response_1": "0:20", "seen_version": "2"}, follow=True).content.decode()
    )
    assert admin.post(f"{to}publish/", {**form, "seen_version": "1"}).status_code == 409


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"first_response_1": "1d"}, "first_response_1"),
        ({"first_response_1": "soon"}, "first_response_1"),
        ({"first_response_1": "", "resolution_3": ""}, "targets"),
        ({"calendar": ""}, "calendar"),
        ({"calendar": "999999"}, "calendar"),
        ({"warn_at": "120"}, "warn_at"),
        ({"warn_at": "nan"}, "warn_at"),
        ({"queue_ids": ["x"]}, "queue_ids"),
        ({"priorities": ["9"]}, "conditions"),
        ({"pause_resolution": ["solved"]}, "pause_on"),
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused_at_its_field(
    cast: Cast, admin: Client, change: dict[str, Any], field: str
) -> None:
    response = admin.post("/settings/policies/new/", {**promise(), **change}, **HTMX)
    assert response.status_code == 422
    assert f'"field": "{field}"' in response["HX-Trigger"]
    assert not Policy.objects.filter(name="VIP").exists()


def test_policies_are_moved_in_their_order(cast: Cast, admin: Client) -> None:
    policy()
    admin.post("/settings/policies/new/", promise())

    def order() -> list[str]:
        return list(Policy.objects.order_by("position").values_list("name", flat=True))

    vip = Policy.objects.get(name="VIP")
    assert admin.post(f"/settings/policies/{vip.pk}/move/", {"up": "1"}).status_code == 303
    assert order() == ["Urgent and high", "VIP", "Standard"]
    admin.post(f"/settings/policies/{vip.pk}/move/", {"up": "1"})
    admin.post(f"/settings/policies/{vip.pk}/move/", {"up": "1"})
    assert order() == ["VIP", "Urgent and high", "Standard"]
    admin.post(f"/settings/policies/{vip.pk}/move/", {"down": "1"})
    assert order() == ["Urgent and high", "VIP", "Standard"]
    assert admin.post(f"/settings/policies/{vip.pk}/active/").status_code == 303
    assert admin.post(f"/settings/policies/{vip.pk}/move/", {"up": "1"}).status_code == 404


def test_a_sample_ticket_falls_under_the_policy_that_would_count(cast: Cast, admin: Client) -> None:
    policy()
    ask = {"queue": cast.support.pk, "priority": 1, "channel": "chat"}
    assert "Urgent and high" in admin.get("/settings/policies/match/", ask).content.decode()
    assert "Standard" in admin.get("/settings/policies/match/", {**ask, "priority": 3}).content.decode()
    for one in Policy.objects.all():
        admin.post(f"/settings/policies/{one.pk}/active/")
    assert "No policy matches" in admin.get("/settings/policies/match/", ask).content.decode()
    assert admin.get("/settings/policies/match/", {"priority": "x"}).status_code == 422


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_lists_cost_the_same_however_long_they_are(
    cast: Cast, admin: Client, assert_queries: Callable[[int], Any], count: int
) -> None:
    policy()
    admin.get("/settings/policies/")
    for number in range(count):
        admin.post("/settings/policies/new/", promise(name=f"Policy {number}"))
        shut_calendar(f"Calendar {number}")
    admin.get("/settings/")  # takes the messages away
    with assert_queries(10):
        admin.get("/settings/policies/")
    with assert_queries(6):
        admin.get("/settings/calendars/")
