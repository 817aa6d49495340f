"""The history of a saved view: who changed what and when, without what it asks for, and only for whom the view is listed."""

import pytest

from steward.desk.models import SavedView
from tests.cast import Cast, user
from tests.web.ticket.acting import as_, text_of


def save(client, query: str, name: str, audience: str = "private") -> SavedView:
    assert client.post(f"/tickets/views/new/?{query}", {"name": name, "audience": audience}).status_code == 303
    return SavedView.objects.latest("id")


def change(client, view: SavedView, **fields: str) -> None:
    assert client.post(f"/tickets/views/{view.pk}/", fields).status_code == 303


def history(client, view: SavedView) -> str:
    return text_of(client.get(f"/tickets/views/{view.pk}/history/"))


def test_every_change_is_told_with_who_made_it_and_never_what_it_asks_for(cast: Cast) -> None:
    lin, ana = as_(cast.lin), as_(cast.ana)
    view = save(lin, "view=all&q=from:zyxwv", "Burning", "all")
    change(ana, view, act="change", name="Still burning", audience=f"team:{cast.team.pk}")
    assert lin.post(f"/tickets/views/update/?view=v{view.pk}&q=from:zyxwv+is:open&order=newest").status_code == 303
    change(lin, view, act="put_away")
    told = history(lin, view)
    for words in (
        "Created",
        "Lin",
        "Ana",
        "Burning",
        "Still burning",
        "One team",
        cast.team.name,
        "In use",
        "What it asks for",
        "Order",
    ):
        assert words in told, words
    assert "zyxwv" not in told
    assert "personal values are not kept" in told
    assert f'href="/tickets/views/{view.pk}/history/"' in text_of(lin.get("/tickets/views/"))


def test_whose_rail_it_stands_in_is_nobody_elses_affair(cast: Cast) -> None:
    view = save(as_(cast.lin), "view=all&q=is:open", "Shared", "all")
    ada = as_(cast.ada)
    ada.get("/tickets/views/")
    change(ada, view, act="unpin")
    assert "Ada" not in history(as_(cast.lin), view).split('class="history"')[1]


def test_a_view_that_is_not_listed_for_somebody_has_no_history_for_them(cast: Cast) -> None:
    own = save(as_(cast.ada), "view=all&q=is:open", "Mine")
    assert as_(cast.ada).get(f"/tickets/views/{own.pk}/history/").status_code == 200
    assert as_(user("Rita", "requester")).get(f"/tickets/views/{own.pk}/history/").status_code == 302
    for who in (cast.ben, cast.lin, cast.ana):
        assert as_(who).get(f"/tickets/views/{own.pk}/history/").status_code == 404
    assert as_(cast.ada).get("/tickets/views/999999/history/").status_code == 404


@pytest.mark.parametrize("changes", [1, 3, 12])
def test_it_costs_the_same_however_much_was_changed(cast: Cast, assert_queries, changes: int) -> None:
    lin = as_(cast.lin)
    view = save(lin, "view=all&q=is:open", "Shared", "all")
    for number in range(changes):
        change(lin, view, act="change", name=f"Name {number}", audience="all")
    lin.get(f"/tickets/views/{view.pk}/history/")
    with assert_queries(7):
        assert history(lin, view).count("history-what") == changes + 1
