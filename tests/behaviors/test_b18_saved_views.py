"""Saved views: private, team, pinned; the counter beside one is what it opens."""

import re

import pytest

from steward.desk.actions.changing import add_tag
from steward.desk.models import SavedView
from tests.web.ticket.acting import HTMX, as_, text_of


def listed(page):
    return [int(number) for number in re.findall(r'<tr id="row-(\d+)"', page)]


def rail(page):
    """Give the saved views of the side rail: name, address, count."""
    pattern = r'href="(/tickets/\?view=v\d+[^"]*)"[^>]*>.*?<bdi class="truncate">([^<]*)</bdi><span class="count" id="count-(v\d+)"[^>]*>([^<]*)</span>'
    return {name: (href.replace("&amp;", "&"), key, count) for href, name, key, count in re.findall(pattern, page)}


def save(browser, query, name, audience="private"):
    return browser.post(f"/tickets/views/new/?{query}", {"name": name, "audience": audience})


def test_the_filter_of_a_list_becomes_a_view_in_one_step(cast):
    urgent, _calm = cast.ticket(priority=1), cast.ticket(priority=4)
    browser = as_(cast.ada)
    answer = save(browser, "view=open&q=priority:urgent&order=newest", "Burning")
    assert answer.status_code == 303
    page = text_of(browser.get(answer["Location"]))
    assert listed(page) == [urgent.pk]
    assert "<h1><bdi>Burning</bdi></h1>" in page
    view = SavedView.objects.get()
    assert (view.text, view.order) == ("is:working -is:snoozed priority:urgent", "newest")
    assert rail(page)["Burning"][2] == ""


def test_the_counter_is_what_opens_from_the_table_or_counted_on_asking(cast):
    tickets = [cast.ticket(priority=1 + number % 2) for number in range(5)]
    add_tag(ticket_id=tickets[0].pk, name="outage", by=cast.actor(cast.ada), at=cast.at)
    browser = as_(cast.ada)
    save(browser, "view=open&q=is:unassigned", "Free ones")
    save(browser, "view=open&q=priority:urgent", "Burning")
    save(browser, "view=all&q=tag:outage", "Outage")
    page = text_of(browser.get("/tickets/?view=open"))
    views = rail(page)
    assert views["Free ones"][2] == "5"
    assert 'hx-get="/tickets/counts/"' in page
    told = text_of(browser.get("/tickets/counts/", headers=HTMX))
    for name, (href, key, count) in views.items():
        counted = count or re.search(rf'hx-target="#count-{key}"[^>]*>(\d*)<', told).group(1)
        assert int(counted) == len(listed(text_of(browser.get(href)))), name


def test_a_count_stops_at_ninety_nine(cast, monkeypatch):
    from steward.desk.queries import counting
    from steward.web.inbox import counting as screen

    monkeypatch.setattr(screen, "MOST", 3)
    monkeypatch.setattr(screen, "count_up_to", lambda plans: counting.count_up_to(plans, most=3))
    for _number in range(5):
        cast.ticket(priority=1)
    browser = as_(cast.ada)
    save(browser, "view=open&q=priority:urgent", "Burning")
    assert ">2+<" in text_of(browser.get("/tickets/counts/", headers=HTMX))


def test_counters_never_count_what_is_out_of_sight(cast):
    cast.ticket(priority=1, queue=cast.restricted)
    for who, expected in ((cast.ada, ""), (cast.lin, "1")):
        browser = as_(who)
        save(browser, "view=open&q=priority:urgent", "Burning")
        assert (
            re.search(r'hx-target="#count-v\d+"[^>]*>(\d*)<', text_of(browser.get("/tickets/counts/", headers=HTMX))).group(1)
            == expected
        )


def test_a_lead_shares_with_the_team_and_each_may_take_it_out_of_the_rail(cast):
    save(as_(cast.lin), "view=open&q=priority:urgent", "Burning", f"team:{cast.team.pk}")
    view = SavedView.objects.get()
    ben = as_(cast.ben)
    assert "Burning" in rail(text_of(ben.get("/tickets/?view=open")))
    assert "Burning" not in rail(text_of(as_(cast.eno).get("/tickets/?view=open")))
    assert ben.post(f"/tickets/views/{view.pk}/", {"act": "unpin"}).status_code == 303
    assert "Burning" not in rail(text_of(ben.get("/tickets/?view=open")))
    assert "Burning" in text_of(ben.get("/tickets/views/"))
    assert ben.post(f"/tickets/views/{view.pk}/", {"act": "put_away"}).status_code == 403
    assert save(ben, "view=open", "Mine", "all").status_code == 403
    assert as_(cast.lin).post(f"/tickets/views/{view.pk}/", {"act": "change", "name": "Fire", "audience": "all"}).status_code == 303
    assert "Fire" in rail(text_of(as_(cast.eno).get("/tickets/?view=open")))


def test_views_are_renamed_moved_and_put_away_on_their_page(cast):
    browser = as_(cast.ada)
    for name in ("One", "Two"):
        save(browser, "view=open", name)
    two = SavedView.objects.get(name="Two")
    browser.post(f"/tickets/views/{two.pk}/", {"act": "up"})
    assert list(rail(text_of(browser.get("/tickets/")))) == ["Two", "One"]
    browser.post(f"/tickets/views/{two.pk}/", {"act": "change", "name": "Second"})
    browser.post(f"/tickets/views/{two.pk}/", {"act": "put_away"})
    page = text_of(browser.get("/tickets/views/"))
    assert "Second" in page
    assert "put away" in page
    assert list(rail(text_of(browser.get("/tickets/")))) == ["One"]
    browser.post(f"/tickets/views/{two.pk}/", {"act": "restore"})
    assert "Second" in rail(text_of(browser.get("/tickets/")))
    assert browser.post(f"/tickets/views/{two.pk}/", {"act": "explode"}).status_code == 422


def test_a_view_that_was_narrowed_can_be_changed_to_what_is_shown(cast):
    browser = as_(cast.ada)
    save(browser, "view=open&q=priority:urgent", "Burning")
    key = f"v{SavedView.objects.get().pk}"
    assert "Change “Burning”" not in text_of(browser.get(f"/tickets/?view={key}"))
    assert "Change “Burning”" in text_of(browser.get(f"/tickets/?view={key}&q=is:unassigned"))
    browser.post(f"/tickets/views/update/?view={key}&q=is:unassigned")
    assert SavedView.objects.get().text == "is:working -is:snoozed priority:urgent is:unassigned"


def test_columns_are_chosen_and_put_in_order_for_oneself(cast):
    cast.ticket()
    browser = as_(cast.ada)
    chosen = {
        "columns": ["subject", "due", "number"],
        "place-due": "1",
        "place-subject": "2",
        "place-number": "3",
        "order": "due",
        "grouping": "",
    }
    assert browser.post("/tickets/views/layout/?view=open", chosen).status_code == 303
    heads = re.findall(r'<th scope="col" class="cell-(\w+)', text_of(browser.get("/tickets/?view=open")))
    assert [name for name in heads if name != "box"] == ["due", "subject", "number"]
    assert len(re.findall(r'<th scope="col" class="cell-(\w+)', text_of(as_(cast.ben).get("/tickets/?view=open")))) >= 9


def test_every_column_draws_a_row(cast):
    from steward.desk.rules.views import COLUMNS

    ticket = cast.ticket()
    browser = as_(cast.ada)
    browser.post("/tickets/views/layout/?view=open", {"columns": list(COLUMNS), "order": "due", "grouping": ""})
    page = text_of(browser.get("/tickets/?view=open"))
    assert listed(page) == [ticket.pk]
    assert set(re.findall(r'<td class="cell-(\w+)', page)) - {"box"} == set(COLUMNS)


def test_a_view_on_a_queue_that_was_taken_out_of_sight_says_so_and_shows_the_rest(cast):
    from steward.desk.actions.settings import revoke_queue_access
    from tests.cast import SETUP

    seen = cast.ticket(priority=1)
    lin = as_(cast.lin)
    save(lin, f"view=open&queue_id={cast.restricted.pk}&q=priority:urgent", "Grave")
    key = f"v{SavedView.objects.get().pk}"
    revoke_queue_access(queue_id=cast.restricted.pk, user_id=cast.lin.pk, by=SETUP, at=cast.at)
    page = text_of(lin.get(f"/tickets/?view={key}"))
    assert listed(page) == [seen.pk]
    assert f"You see no queue “#{cast.restricted.pk}”; this part was left out." in page
    assert "Child safety" not in page


@pytest.mark.parametrize("path", ["/tickets/views/", "/tickets/counts/"])
def test_views_are_not_for_requesters(cast, client, path):
    from tests.web.ticket.acting import asking_user

    who, _asks = asking_user()
    assert as_(who).get(path).status_code in {302, 404}
    assert client.get(path).status_code == 302
    assert as_(who).post("/tickets/views/new/?view=open", {"name": "x"}).status_code == 404


def test_the_page_of_views_costs_the_same_with_1_3_and_30(cast):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    cast.ticket()
    browser, counts, made = as_(cast.ada), [], 0
    for rows in (1, 3, 30):
        for number in range(made, rows):
            save(browser, f"view=open&queue_id={cast.support.pk}&q=from:Ravi priority:urgent", f"View {number}")
        made = rows
        for path in ("/tickets/views/", "/tickets/?view=open", "/tickets/counts/"):
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(path).status_code == 200
            counts.append((path, len(queries)))
    assert len(set(counts)) == 3, counts
