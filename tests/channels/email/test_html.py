"""HTML of strangers."""

import re

import pytest

from steward.channels.email.html import DEEPEST, clean_html, html_to_text, shallow


@pytest.mark.parametrize("tag", ["div", "span", "b", "table", "blockquote", "ul"])
def test_what_is_nested_deeper_than_anybody_nests_keeps_its_words_and_loses_its_depth(tag):
    hostile = f"<{tag}>" * 20_000 + "swordfish" + f"</{tag}>" * 20_000
    assert shallow(hostile).count(f"<{tag}>") == DEEPEST
    assert "swordfish" in html_to_text(hostile)
    assert "swordfish" in clean_html(hostile)


def test_a_long_list_is_no_deep_one():
    long = "<ul>" + "<li>one<p>two" * 2_000 + "</ul>"
    assert shallow(long) == long
    assert html_to_text(long).count("one") == 2_000


def test_what_is_hidden_stays_hidden_however_deep():
    hostile = "<div>" * 1_000 + "<style>secret</style><script>evil()</script>shown"
    assert html_to_text(hostile).strip("> ") == "shown"
    assert "evil" not in clean_html(hostile)


@pytest.mark.parametrize("hostile", ["<di<div>v onclick=x>a", "<div <div>" * 2_000 + "a", "<" * 5_000 + "a", "<div" * 5_000])
def test_leaving_out_makes_nothing_that_runs(hostile):
    assert re.search(r"<[^>]*onclick", clean_html(hostile)) is None
    html_to_text(hostile)
