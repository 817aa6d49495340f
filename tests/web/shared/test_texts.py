import time

import pytest
from django.utils import translation

from steward.web.shared import texts


def test_markup_in_a_message_is_shown_and_never_run() -> None:
    assert str(texts.linked('<img src=x onerror="alert(1)">')) == "&lt;img src=x onerror=&#34;alert(1)&#34;&gt;"


def test_an_address_becomes_a_link_that_tells_the_other_site_nothing() -> None:
    shown = str(texts.linked("see https://a.example/x?a=1&b=2."))
    assert shown == (
        'see <a href="https://a.example/x?a=1&amp;b=2" rel="noopener noreferrer nofollow" target="_blank" dir="ltr">'
        "https://a.example/x?a=1&amp;b=2</a>."
    )


@pytest.mark.parametrize("text", ["javascript:alert(1)", "data:text/html,x", "ftp://a.example", "https:// a"])
def test_nothing_but_web_addresses_becomes_a_link(text: str) -> None:
    assert "<a " not in str(texts.linked(text))


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("(https://a.example/b)", "https://a.example/b"),
        ("https://a.example/wiki/Mercury_(planet)", "https://a.example/wiki/Mercury_(planet)"),
        ('"https://a.example/b"', "https://a.example/b"),
        ("看https://a.example/b。谢谢", "https://a.example/b。谢谢"),
        ("https://a.example/b!?", "https://a.example/b"),
    ],
)
def test_an_address_ends_where_a_reader_would_say(text: str, url: str) -> None:
    assert f'href="{url}"' in str(texts.linked(text))


def test_a_paste_of_ten_thousand_lines_is_shown_at_once_and_cut() -> None:
    text = "\n".join(f"row {number} https://a.example/{number}))))))" for number in range(10_000))
    started = time.perf_counter()
    texts.linked(text)
    assert time.perf_counter() - started < 2
    parts = texts.split_long(text)
    assert parts.head.count("\n") == 39
    assert parts.lines == 9_960
    assert parts.head + "\n" + parts.rest == text


def test_one_endless_line_is_cut_too_and_nothing_is_lost() -> None:
    text = "x" * 100_000
    parts = texts.split_long(text)
    assert len(parts.head) == 4_000
    assert parts.head + parts.rest == text
    assert parts.lines == 1


def test_a_short_text_stays_whole() -> None:
    assert texts.split_long("a\nb") == texts.Split("a\nb", "", 0)


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ada Brandt", "AB"), ("王小明", "王"), ("oto@example.com", "O"), ("", "?"), ("  ", "?"), ("Maria da Silva", "MS")],
)
def test_a_name_is_stood_for_by_its_letters(name: str, letters: str) -> None:
    assert texts.initials(name) == letters


def test_a_name_keeps_its_color() -> None:
    assert texts.hue("Ada") == texts.hue("Ada")
    assert {texts.hue(str(number)) for number in range(200)} == set(range(12))


def test_numbers_and_sizes_follow_the_language() -> None:
    with translation.override("en"):
        assert texts.number(1284) == "1,284"
        assert texts.percent(0.834) == "83%"
        assert texts.file_size(999) == "999 bytes"
        assert texts.file_size(1_482_113) == "1.5 MB"
        assert texts.file_size(25_000_000) == "25 MB"
    with translation.override("de"):
        assert texts.number(1284) == "1.284"
    assert texts.number(None) == "–"
    assert texts.percent(None) == "–"
