import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
FORM = "#composer-reply-4812"
BOX = f"{FORM} textarea"
ALERT = f"{FORM} [data-composer-alert]"


def test_what_was_sent_appears_and_the_box_is_empty_again(open_page: Open, answers: dict[str, Any]) -> None:
    page = open_page("desk?pane=main")
    page.fill(BOX, "It is fixed now.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline")).to_contain_text("It is fixed now.")
    expect(page.locator(BOX)).to_have_value("")
    (sent,) = answers["received"]
    assert sent["client_token"] == "token-1"
    assert sent["seen_message_id"] == "9"
    page.fill(BOX, "Second")
    page.click(f"{FORM} [data-send]")
    expect(page.locator("#timeline")).to_contain_text("Second")
    assert answers["received"][1]["client_token"] not in {"", "token-1"}


def test_send_and_solve_sends_the_choice(open_page: Open, answers: dict[str, Any]) -> None:
    page = open_page("desk?pane=main")
    page.fill(BOX, "Done.")
    page.click(f"{FORM} .dropdown-menu > button")
    page.click("text=Send and solve")
    expect(page.locator("#timeline")).to_contain_text("Done.")
    assert answers["received"][0]["then"] == "solved"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("broken", "Not sent: That did not work. Your text is kept."),
        ("invalid", "Not sent: The text has 60,000 characters; 50,000 fit. Your text is kept."),
    ],
)
def test_a_refused_message_stays_in_the_box_and_goes_out_under_the_same_token(
    open_page: Open, answers: dict[str, Any], answer: str, says: str
) -> None:
    page = open_page("desk?pane=main")
    answers["answer"] = answer
    page.fill(BOX, "Nearly lost")
    page.click(f"{FORM} [data-send]")
    expect(page.locator(ALERT)).to_contain_text(says)
    expect(page.locator(BOX)).to_have_value("Nearly lost")
    expect(page.locator("#timeline")).not_to_contain_text("Nearly lost")
    answers["answer"] = "ok"
    page.click(f"{FORM} [data-send]")
    expect(page.locator("#timeline")).to_contain_text("Nearly lost")
    expect(page.locator(ALERT)).to_be_hidden()
    assert {one["client_token"] for one in answers["received"]} == {"token-1"}


def test_a_lost_connection_keeps_the_text_and_says_so(open_page: Open, answers: dict[str, Any]) -> None:
    page = open_page("desk?pane=main")
    page.fill(BOX, "In the tunnel")
    page.context.set_offline(True)
    page.click(f"{FORM} [data-send]")
    expect(page.locator(ALERT)).to_contain_text("Not sent: No connection to the desk. Your text is kept.")
    page.context.set_offline(False)
    page.click(f"{FORM} [data-send]")
    expect(page.locator("#timeline")).to_contain_text("In the tunnel")
    assert len(answers["received"]) == 1


def test_a_reload_in_the_middle_of_a_sentence_loses_nothing(open_page: Open, answers: dict[str, Any]) -> None:
    page = open_page("desk?pane=main")
    page.fill(BOX, "Half a sen")
    page.reload()
    expect(page.locator(BOX)).to_have_value("Half a sen")
    expect(page.locator(f"{FORM} [data-composer-state]")).to_contain_text("is back")
    page.click(f"{FORM} [data-send]")
    expect(page.locator("#timeline")).to_contain_text("Half a sen")
    page.reload()
    expect(page.locator(BOX)).to_have_value("")


def test_a_draft_of_a_note_never_turns_up_in_the_reply(open_page: Open) -> None:
    page = open_page("desk?pane=main")
    page.click("#composers-4812-note-tab")
    page.keyboard.type("He sounds angry")
    page.click("#composers-4812-reply-tab")
    expect(page.locator(BOX)).to_have_value("")
    page.reload()
    expect(page.locator(BOX)).to_have_value("")
    expect(page.locator("#composer-note-4812 textarea")).to_have_value("He sounds angry")


def test_a_double_click_sends_once(open_page: Open, answers: dict[str, Any]) -> None:
    page = open_page("desk?pane=main")
    answers["answer"] = "slow"
    page.fill(BOX, "Once only")
    page.dblclick(f"{FORM} [data-send]")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline")).to_contain_text("Once only")
    assert len(answers["received"]) == 1


def test_when_somebody_answered_meanwhile_the_second_press_means_it(open_page: Open, answers: dict[str, Any]) -> None:
    page = open_page("desk?pane=main")
    answers["answer"] = "conflict"
    page.fill(BOX, "Mine too")
    page.click(f"{FORM} [data-send]")
    expect(page.locator(ALERT)).to_contain_text("Ben answered while you wrote.")
    answers["answer"] = "ok"
    page.click(f"{FORM} [data-send]")
    expect(page.locator("#timeline")).to_contain_text("Mine too")
    assert [one["anyway"] for one in answers["received"]] == ["", "1"]


def test_files_are_checked_before_they_are_sent(open_page: Open, answers: dict[str, Any]) -> None:
    page = open_page("desk?pane=main")
    page.evaluate(
        """(selector) => {
          const input = document.querySelector(selector);
          const data = new DataTransfer();
          data.items.add(new File(["line"], "log.txt"));
          data.items.add(new File([], "empty.txt"));
          data.items.add(new File([new Uint8Array(30_000_000)], "film.mp4"));
          input.files = data.files;
          input.dispatchEvent(new Event("change", {bubbles: true}));
        }""",
        f"{FORM} input[type=file]",
    )
    expect(page.locator(ALERT)).to_contain_text("film.mp4 is too large: 30 MB, at most 25 MB.")
    expect(page.locator(ALERT)).to_contain_text("empty.txt is empty.")
    expect(page.locator(f"{FORM} .composer-files li")).to_have_count(1)
    page.fill(BOX, "See the log")
    page.click(f"{FORM} [data-send]")
    expect(page.locator("#timeline")).to_contain_text("See the log")
    assert answers["received"][0]["files"] == ["log.txt"]
    expect(page.locator(f"{FORM} .composer-files li")).to_have_count(0)


def test_files_are_dropped_pasted_and_taken_off_again(open_page: Open) -> None:
    page = open_page("desk?pane=main")
    page.evaluate(
        """(selector) => {
          const box = document.querySelector(selector);
          for (const [kind, name] of [["drop", "dropped.txt"], ["paste", "pasted.png"]]) {
            const data = new DataTransfer();
            data.items.add(new File(["x"], name));
            box.dispatchEvent(kind === "drop"
              ? new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true})
              : new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
          }
        }""",
        BOX,
    )
    expect(page.locator(f"{FORM} .composer-files")).to_have_text(re.compile("dropped.txt.*pasted.png", re.DOTALL))
    page.click(f"{FORM} [aria-label='Remove dropped.txt']")
    expect(page.locator(f"{FORM} .composer-files li")).to_have_count(1)


def test_a_live_refresh_keeps_text_focus_and_caret(open_page: Open, answers: dict[str, Any]) -> None:
    page = open_page("desk?pane=main")
    page.wait_for_timeout(300)
    page.fill(BOX, "Writing this")
    page.evaluate("selector => document.querySelector(selector).setSelectionRange(3, 5)", BOX)
    answers["extras"].append("A new one from Ben")
    answers["live"].append('event: changed\nid: 44\ndata: {"topics": ["ticket:4812"]}\n\n')
    expect(page.locator("#timeline")).to_contain_text("A new one from Ben")
    expect(page.locator(BOX)).to_have_value("Writing this")
    expect(page.locator(BOX)).to_be_focused()
    assert page.evaluate("document.activeElement.selectionStart") == 3
