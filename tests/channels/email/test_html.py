"""HTML of strangers."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.channels.email.html import clean_html, has_remote_images, html_to_text
from steward.channels.email.tidying import DEEPEST, KNOWN, NO_TEXT, tidied


@pytest.mark.parametrize("tag", ["div", "span", "b", "table", "blockquote", "ul"])
def test_what_is_nested_deeper_than_anybody_nests_keeps_its_words_and_loses_its_depth(tag):
    hostile = f"<{tag}>" * 20_000 + "swordfish" + f"</{tag}>" * 20_000
    assert tidied(hostile).count(f"<{tag}>") == DEEPEST
    assert "swordfish" in html_to_text(hostile)
    assert "swordfish" in clean_html(hostile)


def test_a_long_list_is_no_deep_one():
    long = "<ul>" + "<li>one<p>two" * 2_000 + "</ul>"
    assert html_to_text(long).count("- one") == 2_000
    assert html_to_text(long).count("two") == 2_000


@pytest.mark.parametrize(
    ("messy", "tidy"),
    [
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<p>a<div>b</div>", "<p>a</p><div>b</div>"),
        ("<b>a<i>b</b>c</i>", "<b>a<i>b</i></b>c"),
        ("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>", "<ul><li>a</li><li>b<ul><li>c</li></ul></li><li>d</li></ul>"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>"),
        ("<table><tr><td></b></div>a</table>", "<table><tr><td>a</td></tr></table>"),
        ("<td><p>a<table><td>b</p></table>", "<td><p>a</p><table><td>b</td></table></td>"),
        ("</i></i>a", "a"),
        ("<BR/>a<Hr>", "<br>a<hr>"),
        ("<custom-tag x=1>a</custom-tag>", "a"),
        ("<!-- <b> -->a<!-->b<!--->c<!x <b>>d<?php ?>e", "abc>de"),
        ("<!-- never ends <b>a", ""),
        ("<a href=x onclick='evil()' title=\"a>b\">c</a>", '<a href="x" title="a>b">c</a>'),
        ("<a b'c>d</a>", "<a>d</a>"),
        ("<a href='say \"hi\"'>a", '<a href="say &quot;hi&quot;">a</a>'),
        ("2 < 3 <> </> <3", "2 &lt; 3 &lt;>  &lt;3"),
        ("<style>b{}</style>a<script>if (a<b) {}</script >b<title>c", "ab"),
        ("<svg><b>x</b></svg>a<math>b", "ab"),
        ("<textarea></div></textarea>a", "a"),
    ],
)
def test_html_is_written_anew_as_a_parser_would_read_it(messy, tidy):
    assert tidied(messy) == tidy


PIECES = st.sampled_from(
    ["<b>", "</b>", "<p>", "</p>", "<div>", "</div>", "<table>", "</table>", "<td>", "<tr>", "<li>", "<ul>", "</ul>", "<a href=x>", "</a>",
     "<br>", "x", " ", "&amp;", "&", "<", ">", "<!--", "-->", "<script>", "</script>", "<style>", "</style>", "<svg>", "'", '"', "<dd>"]
)  # fmt: skip
TAG = re.compile(r"<(/?)([a-z0-9]+)[^<>]*>")


@given(st.lists(PIECES, max_size=60).map("".join))
def test_whatever_it_was_it_is_properly_nested_then_and_stays_as_it_is(messy):
    once = tidied(messy)
    open_tags = []
    for closing, name in TAG.findall(once):
        assert name in KNOWN
        assert name not in NO_TEXT
        if closing:
            assert open_tags.pop() == name
        elif name not in {"br", "hr", "img", "col", "wbr"}:
            open_tags.append(name)
    assert open_tags == []
    assert tidied(once) == once


def test_thousands_of_signs_in_one_piece_are_all_there():
    log = "<pre>" + "&lt;row&gt;\n" * 3_000 + "</pre>"
    assert html_to_text(log).count("<row>") == 3_000
    assert clean_html(log).count("&lt;row&gt;") == 3_000


@pytest.mark.parametrize(
    "bomb",
    [
        "".join(f"<b id={number}></div><div>" for number in range(30_000)),
        "".join(f"<p><font color={number}></p>x" for number in range(30_000)),
        "<ul></i>" * 80_000,
        "<table>" + "<a>" * 200_000,
        "&" * 600_000,
        '<a href="' + "&" * 600_000 + '">x</a>',
        "<svg>" * 100_000,
        "<dd><li>" * 80_000,
    ],
    ids=["formats", "fonts", "ends", "table", "signs", "address", "svg", "lists"],
)
def test_what_would_fill_a_machine_is_read_in_time(bomb):
    # Before it was tidied, each of these took minutes or all memory there is.
    html_to_text(bomb)
    clean_html(bomb)


def test_pictures_from_elsewhere_are_shown_only_where_asked_for():
    html = '<img src="https://tracker.example/x.gif" alt="x"><img src="cid:logo@a"><img src=javascript:evil()>'
    assert has_remote_images(html)
    assert "tracker" not in clean_html(html)
    assert 'src="cid:logo@a"' in clean_html(html)
    assert "tracker" in clean_html(html, remote_images=True)
    assert "javascript" not in clean_html(html, remote_images=True)
    assert not has_remote_images('<img src="cid:logo@a">')


@pytest.mark.parametrize(
    "hostile",
    ["<a href='java&#115;cript:evil()'>x</a>", "<a href=' javascript:evil()'>x</a>", "<a href='data:text/html,evil'>x</a>",
     "<div style='background:url(https://evil.example)'>x</div>", "<form action=evil><input></form>", "<base href=https://evil.example>",
     "<meta http-equiv=refresh content='0;evil'>", "<link rel=stylesheet href=evil>", "<b onmouseover=evil()>x</b>",
     "<svg onload=evil()>", "<iframe srcdoc='<script>evil()</script>'></iframe>", "<math><mtext><script>evil()</script></math>",
     "<img src=x onerror=evil()>", "<a title='</a><script>evil()</script>'>x</a>", "<style><img src=x onerror=evil()></style>"],
)  # fmt: skip
def test_nothing_that_runs_or_calls_elsewhere_is_left(hostile):
    clean = clean_html(hostile, remote_images=True)
    assert re.search(r"<[^>]*(?:\bon\w+=|javascript|data:|url\(|evil\.example)", clean) is None
    assert re.search(r"<(?:script|style|form|input|base|meta|link|iframe|svg|math)", clean) is None


def test_what_is_hidden_stays_hidden_however_deep():
    hostile = "<div>" * 1_000 + "<style>secret</style><script>evil()</script>shown"
    assert html_to_text(hostile).strip("> ") == "shown"
    assert "evil" not in clean_html(hostile)


@pytest.mark.parametrize("hostile", ["<di<div>v onclick=x>a", "<div <div>" * 2_000 + "a", "<" * 5_000 + "a", "<div" * 5_000])
def test_leaving_out_makes_nothing_that_runs(hostile):
    assert re.search(r"<[^>]*onclick", clean_html(hostile)) is None
    html_to_text(hostile)
