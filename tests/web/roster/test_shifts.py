"""The week of shifts, and entering them by hand."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from steward.core import clock
from steward.people.rules import Role
from steward.roster.actions import add_shift
from steward.roster.models import Shift, ShiftKind
from steward.web.roster import grid
from tests.cast import NOW, SETUP, Cast, user

FORM = {"kind": "1", "starts_at": "2026-03-02T09:00", "ends_at": "2026-03-02T17:00", "time_zone": "", "team": "", "note": ""}
XSS = "<img src=x onerror=alert(1)>"


@pytest.fixture
def lead(cast: Cast, client: Client) -> Client:
    client.force_login(cast.lin)
    return client


def shift(cast: Cast, **values: Any) -> Shift:
    defaults = {"user": cast.ada, "starts_at": NOW, "ends_at": NOW + timedelta(hours=8), "by": SETUP, "at": NOW}
    return add_shift(**{**defaults, **values})


@pytest.mark.parametrize("role", list(Role))
def test_everybody_who_works_here_sees_the_shifts_and_leads_plan_them(cast: Cast, client: Client, role: Role) -> None:
    one = shift(cast, starts_at=clock.now() + timedelta(days=1), ends_at=clock.now() + timedelta(days=1, hours=8))
    client.force_login(user("Role", role))
    plans = role in {Role.LEAD, Role.ADMIN}
    page = client.get("/shifts/")
    assert page.status_code == (302 if role == Role.REQUESTER else 200)
    assert (b"Enter a shift" in page.content) == plans
    outside = 404 if role == Role.REQUESTER else 403
    for path in ("/shifts/new/", f"/shifts/{one.pk}/"):
        assert client.get(path).status_code == (302 if role == Role.REQUESTER else 200 if plans else 403)
        assert client.post(path).status_code == (422 if plans else outside)
    assert client.post(f"/shifts/{one.pk}/cancel/").status_code == (303 if plans else outside)


def test_who_is_not_signed_in_is_sent_to_the_sign_in(cast: Cast, client: Client) -> None:
    assert client.get("/shifts/")["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("count", [1, 3, 40])
def test_the_week_costs_the_same_however_many_shifts_it_has(
    cast: Cast, lead: Client, assert_queries: Callable[[int], Any], count: int
) -> None:
    for number in range(count):
        shift(cast, user=user(f"P{number}", "agent", team=cast.team), team=cast.team)
    lead.get("/shifts/?week=2026-03-02")
    # Session, user, actor, queues and notices; shifts of the week, people, shifts now, next duty, teams.
    with assert_queries(9):
        page = lead.get("/shifts/?week=2026-03-02")
    assert page.content.decode().count("09:00–17:00") == 2 * count


def test_a_shift_is_thought_in_the_persons_zone_unless_another_is_chosen(cast: Cast, lead: Client) -> None:
    cast.ada.time_zone = "Asia/Tokyo"
    cast.ada.save(update_fields=["time_zone"])
    assert lead.post("/shifts/new/", {**FORM, "user": cast.ada.pk}).status_code == 303
    one = Shift.objects.get()
    assert (one.starts_at, one.time_zone) == (datetime(2026, 3, 2, 0, tzinfo=UTC), "Asia/Tokyo")
    lead.post("/shifts/new/", {**FORM, "user": cast.ben.pk, "time_zone": "Europe/Dublin", "team": cast.team.pk, "kind": "2"})
    other = Shift.objects.get(user=cast.ben)
    assert (other.starts_at, other.kind, other.team) == (datetime(2026, 3, 2, 9, tzinfo=UTC), ShiftKind.ON_CALL, cast.team)
    page = lead.get("/shifts/?week=2026-03-04").content.decode()
    for words in ("00:00–08:00", "09:00–17:00 their time", "Asia/Tokyo", "Times in UTC, your time zone", "on call"):
        assert words in page


def test_several_days_are_entered_at_once_or_none_of_them(cast: Cast, lead: Client) -> None:
    assert lead.post("/shifts/new/", {**FORM, "user": cast.ada.pk, "repeats": "4"}).status_code == 303
    assert Shift.objects.count() == 5
    clash = {**FORM, "user": cast.ada.pk, "starts_at": "2026-02-27T09:00", "ends_at": "2026-02-27T17:00", "repeats": "5"}
    response = lead.post("/shifts/new/", clash, HTTP_HX_REQUEST="true")
    assert response.status_code == 409
    assert "Ada already has shift" in response.content.decode()
    assert Shift.objects.count() == 5
    assert lead.post("/shifts/new/", {**clash, "repeats": "99"}).status_code == 422


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"user": ""}, "user"),
        ({"user": "x"}, "user"),
        ({"user": "999999"}, "user"),
        ({"kind": "9"}, "kind"),
        ({"starts_at": ""}, "starts_at"),
        ({"starts_at": "2026-03-02"}, "starts_at"),
        ({"starts_at": "9999-12-31T23:59"}, "starts_at"),
        ({"starts_at": "2026-03-02T09:00+01:00"}, "starts_at"),
        ({"ends_at": "2026-03-02T09:00"}, "ends_at"),
        ({"ends_at": "2026-05-02T09:00"}, "ends_at"),
        ({"time_zone": "Mars"}, "time_zone"),
        ({"team": "999999"}, "team"),
        ({"note": "a\x00b"}, "note"),
        ({"repeats": "many"}, "repeats"),
    ],
)
def test_a_bad_shift_is_refused_at_its_field(cast: Cast, lead: Client, change: dict[str, str], field: str) -> None:
    response = lead.post("/shifts/new/", {**FORM, "user": cast.ada.pk, **change}, HTTP_HX_REQUEST="true")
    assert response.status_code == 422
    assert f'"field": "{field}"' in response["HX-Trigger"]
    assert not Shift.objects.exists()


def test_a_shift_is_changed_and_times_left_alone_keep_their_instants(cast: Cast, lead: Client) -> None:
    # 01:30 comes twice in this night; the shift begins at the second.
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    one = shift(cast, starts_at=second, ends_at=second + timedelta(hours=6), time_zone="Europe/Dublin")
    page = lead.get(f"/shifts/{one.pk}/").content.decode()
    assert 'value="2026-10-25T01:30"' in page
    form = {
        **FORM,
        "user": cast.ada.pk,
        "time_zone": "Europe/Dublin",
        "starts_at": "2026-10-25T01:30",
        "ends_at": "2026-10-25T08:00",
    }
    assert lead.post(f"/shifts/{one.pk}/", {**form, "note": XSS}).status_code == 303
    one.refresh_from_db()
    assert (one.starts_at, one.ends_at, one.note) == (second, datetime(2026, 10, 25, 8, tzinfo=UTC), XSS)
    assert XSS not in lead.get("/shifts/?week=2026-10-25").content.decode()
    assert lead.get("/shifts/999999/").status_code == 404


def test_a_shift_that_has_begun_is_not_cancelled(cast: Cast, lead: Client) -> None:
    one = shift(cast)
    assert "cannot be cancelled" in lead.get(f"/shifts/{one.pk}/").content.decode()
    assert lead.post(f"/shifts/{one.pk}/cancel/").status_code == 422
    ahead = shift(cast, user=cast.ben, starts_at=clock.now() + timedelta(days=1), ends_at=clock.now() + timedelta(days=1, hours=8))
    assert lead.post(f"/shifts/{ahead.pk}/cancel/").status_code == 303
    assert "This shift was cancelled" in lead.get(f"/shifts/{ahead.pk}/").content.decode()
    assert lead.post(f"/shifts/{ahead.pk}/cancel/").status_code == 409


def test_who_is_on_now_is_said_and_else_who_is_next(cast: Cast, lead: Client) -> None:
    assert "No later shift is planned" in lead.get("/shifts/").content.decode()
    shift(cast, starts_at=clock.now() + timedelta(hours=1), ends_at=clock.now() + timedelta(hours=2))
    assert "The next shift begins" in lead.get("/shifts/").content.decode()
    cast.at = clock.now()
    cast.on_shift(cast.ben)
    page = lead.get(f"/shifts/?team={cast.team.pk}").content.decode()
    assert "Nobody is on duty." not in page
    assert 'data-online="true"' in page


def test_a_note_is_read_by_whom_it_concerns(cast: Cast, client: Client) -> None:
    shift(cast, note="doctor at noon")
    for who, reads in ((cast.ada, True), (cast.ben, False), (cast.lin, True)):
        client.force_login(who)
        assert ("doctor at noon" in client.get("/shifts/?week=2026-03-02").content.decode()) == reads


def test_odd_addresses_show_the_present(cast: Cast, lead: Client) -> None:
    for odd in ("rubbish", "9999-12-31", "0001-01-01", "2026-W10"):
        assert lead.get(f"/shifts/?week={odd}").status_code == 200
    assert lead.get("/shifts/?team=x").status_code == 422


def test_gaps_are_what_nobody_holds_from_now_on(cast: Cast) -> None:
    shift(cast, ends_at=NOW + timedelta(hours=8))
    shift(cast, user=cast.ben, starts_at=NOW + timedelta(hours=6), ends_at=NOW + timedelta(hours=24))
    shift(cast, user=cast.lin, kind=ShiftKind.ON_CALL, ends_at=NOW + timedelta(days=7))
    week = grid.week_around(date(2026, 3, 4), "UTC", NOW)
    shifts = list(Shift.objects.select_related("user"))
    assert grid.gaps_ahead(week, shifts) == [(NOW + timedelta(hours=24), datetime(2026, 3, 9, tzinfo=UTC))]
    covers = grid.cover_of(week, shifts)
    assert [cover.gaps for cover in covers[:3]] == [(), ("09:00–24:00",), ("00:00–24:00",)]
    assert (covers[0].held, covers[0].past) == (((540, 900),), 540)
    rows = {row.user: row for row in grid.rows_of(week, [cast.ada, cast.eno], shifts)}
    assert rows[cast.eno].is_empty
    assert [block.words for block in rows[cast.ben].cells[0] + rows[cast.ben].cells[1]] == ["15:00–09:00", "…–09:00"]
    assert [cell[0].words for cell in rows[cast.lin].cells][:3] == ["09:00–…", "all day", "all day"]
    cast.ben.is_active = False
    cast.ben.save(update_fields=["is_active"])
    assert len(grid.gaps_ahead(week, list(Shift.objects.select_related("user")))) == 1


def test_a_day_of_the_grid_is_as_long_as_it_is_where_the_reader_lives(cast: Cast) -> None:
    week = grid.week_around(date(2026, 3, 29), "Europe/Dublin", NOW)
    assert [cover.minutes for cover in grid.cover_of(week, [])] == [1440] * 6 + [1380]


def test_the_page_of_a_shift_tells_who_changed_what(cast: Cast, lead: Client, assert_queries: Callable[[int], Any]) -> None:
    one = shift(cast, team=cast.team)
    lead.post(f"/shifts/{one.pk}/", {**FORM, "user": cast.ben.pk, "kind": "2", "ends_at": "2026-03-02T18:00", "note": "Swapped"})
    page = lead.get(f"/shifts/{one.pk}/").content.decode().partition('class="history"')[2]
    for words in (
        "Entered: Ada",
        "Changed: Ben",
        "Lin",
        "Steward",
        "duty",
        "on call",
        "Note",
        "personal values are not kept",
        cast.team.name,
    ):
        assert words in page, words
    assert "Swapped" not in page
    for count in (2, 9):
        for number in range(count):
            lead.post(
                f"/shifts/{one.pk}/",
                {**FORM, "user": cast.ben.pk, "kind": "2", "starts_at": f"2026-03-02T{8 + number % 2:02}:0{number}"},
            )
        lead.get(f"/shifts/{one.pk}/")
        with assert_queries(11):
            lead.get(f"/shifts/{one.pk}/")
