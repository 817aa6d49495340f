"""Selecting rows, changing them at once, and filling the desk's own fields, in a browser."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from steward.core import clock
from steward.desk.actions.changing import change_ticket
from steward.desk.actions.field_settings import change_field, create_field
from steward.desk.actions.field_values import set_field
from steward.desk.actions.settings import create_category
from steward.desk.models import Category, CustomField, Ticket
from steward.desk.queries.custom_fields import fields_of
from tests.cast import SETUP, Cast, requester
from tests.chromium import PICTURES, scrolls_sideways, settle, violations

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
SHOTS = PICTURES / "bulk"


def several(cast: Cast, count: int, **values) -> tuple[list[int], str]:
    """Open tickets of somebody of their own, and give them with the list that holds only them."""
    cast.at = clock.now()
    who = requester(f"Rosa{uuid4().hex[:6]}")
    ids = [cast.ticket(f"The reviewer page of market {number} is slow.", requester=who, **values).pk for number in range(count)]
    return ids, f"/tickets/?view=open&order=newest&requester_id={who.pk}"


def ticked(page: Page) -> list[int]:
    return sorted(int(value) for value in page.eval_on_selector_all("[data-box]:checked", "boxes => boxes.map(one => one.value)"))


def box(page: Page, number: int):
    return page.locator(f"#row-{number} [data-box]")


def test_a_selection_by_click_shift_and_key_lasts_over_live_changes_and_paging(cast: Cast, open_as: Open) -> None:
    ids, address = several(cast, 55)
    page = open_as(cast.ada, address)
    newest = sorted(ids, reverse=True)
    box(page, newest[1]).click()
    box(page, newest[4]).click(modifiers=["Shift"])
    assert ticked(page) == sorted(newest[1:5])
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-selected-count]")).to_have_text("5 selected" if newest[0] in ticked(page) else "3 selected")
    kept = ticked(page)
    change_ticket(ticket_id=newest[2], changes={"priority": (3, 1)}, by=cast.actor(cast.ben), at=clock.now())
    page.dispatch_event("#tickets", "steward:changed")
    expect(page.locator(f"#row-{newest[2]} .cell-priority")).to_contain_text("Urgent")
    assert ticked(page) == kept
    page.get_by_role("link", name="Older").click()
    expect(box(page, newest[-1])).to_be_visible()
    box(page, newest[-1]).click()
    expect(page.locator("[data-selected-count]")).to_have_text(f"{len(kept) + 1} selected")
    page.get_by_role("link", name="Newer").click()
    expect(box(page, newest[1])).to_be_checked()
    assert ticked(page) == kept
    page.locator("[data-select-none]").click()
    assert ticked(page) == []
    expect(page.locator("#bulk-bar")).to_be_hidden()


def test_all_that_match_are_changed_watched_and_taken_back(cast: Cast, open_as: Open) -> None:
    ids, address = several(cast, 4)
    page = open_as(cast.ada, address)
    page.locator("[data-select-page]").click()
    page.locator("[data-select-all]").click()
    expect(page.locator("[data-selected-count]")).to_contain_text("All that match")
    page.locator("#bulk-bar button[value=status]").click()
    page.get_by_label("What should be done?").or_(page.get_by_label("Another change")).select_option("priority")
    page.locator("select[name='1.priority']").select_option("1")
    page.locator("select[name='0.status']").select_option(label="Waiting on requester")
    expect(page.locator("#bulk-preview")).to_contain_text("The first tickets that change")
    expect(page.locator("#bulk-preview dd").first).to_have_text("4")
    page.locator("[data-bulk-run]").click()
    expect(page.locator("#bulk-progress")).to_contain_text("Done.")
    assert set(Ticket.objects.filter(pk__in=ids).values_list("state", "priority")) == {("pending", 1)}
    page.go_back()
    page.go_back()
    expect(page.locator("#bulk-bar")).to_be_hidden()
    page.go_forward()
    page.go_forward()
    page.get_by_role("button", name="Undo").click()
    page.locator("[data-question-yes]").click()
    expect(page.locator("h1")).to_contain_text("Taking back")
    expect(page.locator("#bulk-progress")).to_contain_text("Done.")
    assert set(Ticket.objects.filter(pk__in=ids).values_list("priority", flat=True)) == {3}


def test_a_field_saves_by_itself_and_what_is_being_typed_outlives_a_live_change(cast: Cast, open_as: Open) -> None:
    category = create_category(values={"name": f"Console {uuid4().hex[:6]}"}, by=SETUP, at=clock.now())
    build, level = fields(category)
    (number,), _address = several(cast, 1, category=category)
    page = open_as(cast.ada, f"/tickets/{number}/", width=1600)
    page.get_by_label(level.name).select_option(label="High")
    expect(page.locator("#timeline")).to_contain_text(f"set {level.name} to High")
    page.get_by_label(build.name).click()
    page.keyboard.type("KX-2")
    set_field(ticket_id=number, field_id=build.pk, value="KX-999", by=cast.actor(cast.ben), at=clock.now())
    page.dispatch_event(f"[data-live='ticket:{number}']", "steward:changed")
    expect(page.locator("#timeline")).to_contain_text(f"filled in {build.name}")
    expect(page.get_by_label(build.name)).to_have_value("KX-2")
    page.keyboard.type("04")
    page.keyboard.press("Tab")
    expect(page.locator("#custom-fields")).to_contain_text("Set mine: KX-204")
    page.get_by_role("button", name="Set mine: KX-204").click()
    expect(page.get_by_label(build.name)).to_have_value("KX-204")
    assert {one.words for one in fields_of(Ticket.objects.get(pk=number))} >= {"KX-204", "High"}
    retire()


def fields(category: Category, **values) -> tuple[CustomField, CustomField]:
    at, mark = clock.now(), uuid4().hex[:4]
    build = create_field(
        values={"name": f"Build {mark}", "kind": "text", "help": "As it stands in the footer, such as KX-204.", **values},
        category_ids=[category.pk],
        by=SETUP,
        at=at,
    )
    level = create_field(
        values={"name": f"Impact {mark}", "kind": "one_of"}, category_ids=[category.pk], options=["Low", "High"], by=SETUP, at=at
    )
    return build, level


def retire() -> None:
    for one in CustomField.objects.all():
        change_field(field_id=one.pk, values={"is_active": False}, by=SETUP, at=clock.now())


def test_send_and_solve_asks_for_what_is_missing_and_keeps_the_reply(cast: Cast, open_as: Open) -> None:
    category = create_category(values={"name": f"Queues {uuid4().hex[:6]}"}, by=SETUP, at=clock.now())
    build, _level = fields(category, required_at_solve=True)
    (number,), _address = several(cast, 1, category=category)
    page = open_as(cast.ada, f"/tickets/{number}/")
    page.fill(f"#composer-reply-{number} textarea", "It is fixed; the worker was stuck.")
    page.evaluate(
        "number => { const form = document.getElementById(`composer-reply-${number}`); const button = form.querySelector('button[name=then][value=solved]'); form.requestSubmit(button); }",
        number,
    )
    asked = page.locator("#missing")
    expect(asked).to_contain_text(build.name)
    expect(page.locator(f"#composer-reply-{number} textarea")).to_have_value("It is fixed; the worker was stuck.")
    settle(page)
    page.screenshot(path=SHOTS / "missing-light-1280.png")
    asked.get_by_label(build.name).fill("KX-204")
    asked.get_by_role("button").click()
    expect(page.locator("#missing .banner")).to_have_count(0)
    expect(page.locator("#timeline")).to_contain_text("It is fixed")
    retire()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_selecting_and_runs_are_accessible_and_fit(cast: Cast, open_as: Open, width: int, scheme: str) -> None:
    category = create_category(values={"name": f"Looks {uuid4().hex[:6]}"}, by=SETUP, at=clock.now())
    fields(category, required_at_solve=True)
    ids, address = several(cast, 6, category=category)
    page, found = open_as(cast.ada, address, width=width, color_scheme=scheme), []

    def look(name: str) -> None:
        settle(page)
        page.screenshot(path=SHOTS / f"{name}-{scheme}-{width}.png", full_page=True)
        found.extend(f"{name}: {one}" for one in violations(page))
        if scrolls_sideways(page):
            found.append(f"{name} scrolls sideways")

    for number in ids[:4]:
        box(page, number).click()
    look("list")
    page.locator("#bulk-bar button[value=status]").click()
    page.locator("select[name='0.status']").select_option(label="Solved")
    expect(page.locator("#bulk-preview")).to_contain_text("Still to be filled")
    look("prepare")
    page.locator("[data-bulk-run]").click()
    expect(page.locator("#bulk-progress")).to_contain_text("Done.")
    look("run")
    page.goto(page.url.partition("/bulk/")[0] + "/bulk/")
    look("runs")
    page.goto(page.url.partition("/bulk/")[0] + f"/tickets/{ids[0]}/")
    if not page.locator("#custom-fields").is_visible():
        page.locator("[data-panel-toggle]").click()
    look("fields")
    page.goto(page.url.partition("/tickets/")[0] + address)
    box(page, ids[0]).click()
    page.locator("#bulk-bar button:has-text('More')").click()
    page.locator("#bulk-bar button[value=reply]").click()
    page.locator("textarea[name='0.body']").fill(
        "Hi {{requester.first_name}},\n\nthe reviewer page is fast again: {{ticket.number}} is fixed.\n\n{{agent.first_name}}"
    )
    expect(page.locator("#bulk-preview blockquote").first).to_contain_text("is fixed")
    look("reply")
    page.locator("[data-bulk-run]").click()
    expect(page.locator("#bulk-progress")).to_contain_text("Nothing is sent yet")
    look("held")
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("textarea[name='0.body']")).to_have_value(
        "Hi {{requester.first_name}},\n\nthe reviewer page is fast again: {{ticket.number}} is fixed.\n\n{{agent.first_name}}"
    )
    retire()
    assert found == []
