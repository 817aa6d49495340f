"""The desk's own fields as they are drawn: each kind is valid HTML, whatever it is called and whatever it holds."""

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import product

import pytest
from django.template import engines

from steward.desk.actions.field_settings import create_field
from steward.desk.rules.fields import Definition, Kind, Option, Value
from tests.cast import SETUP, Cast
from tests.web.ticket.acting import ATTACK, as_, text_of

NASTY = f"\"><b x='y'> & {ATTACK}"
VALUES: dict[Kind, Value] = {
    Kind.TEXT: NASTY,
    Kind.LONG_TEXT: f"</textarea>{NASTY}",
    Kind.NUMBER: 4.5,
    Kind.DATE: "2026-03-02",
    Kind.YES_NO: False,
    Kind.ONE_OF: 1,
    Kind.MANY_OF: [1, 2],
    Kind.PERSON: 2,
    Kind.LINK: "https://x.example/?a=1&b=2",
}
VOID = {"input"}
BARE = {"required", "checked", "selected", "autofocus", "open", "multiple", "data-field"}


class Boxes(HTMLParser):
    """Keep what the boxes named `q` of a page hold, and the words of its chips' addresses."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.held: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "input" and told.get("name") == "q":
            self.held.append(told.get("value"))


class Strict(HTMLParser):
    """Keep every tag with its attributes, and refuse what no browser should have to guess."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _value in attrs]
        assert max(Counter(names).values(), default=1) == 1, (tag, attrs)
        for name, value in attrs:
            assert re.fullmatch(r"[a-z][a-z-]*", name), (tag, name)
            assert (value is None) == (name in BARE), (tag, name, value)
            assert value not in {"False", "True", "None"}, (tag, name, value)
            assert name.startswith("aria-") or value not in {"false", "true"}, (tag, name, value)
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def of(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]


def drawn(macro: str, field: Definition, value: Value, **how: object) -> Strict:
    template = engines["jinja2"].env.from_string("{{ ui.fields[macro](field, value, **how) }}")
    parser = Strict()
    parser.feed(template.render(macro=macro, field=field, value=value, how=how))
    parser.close()
    assert parser.open == []
    return parser


def field(kind: Kind, **more: object) -> Definition:
    options = (Option(1, NASTY), Option(2, "Plain"), Option(3, "Retired", is_active=False))
    return Definition(7, NASTY, kind, options=options, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize(("required", "seen", "optional"), list(product((False, True), repeat=3)))
def test_each_kind_is_drawn_as_valid_html_empty_and_filled(kind: Kind, required: bool, seen: bool, optional: bool) -> None:
    for value, help_ in product((None, VALUES[kind]), ("", NASTY)):
        told = drawn("ask", field(kind, help=help_), value, required=required, seen=seen, optional=optional, autofocus=required)
        asked = [one for one in told.of("input", "select", "textarea") if one.get("name") == "field-7"]
        assert asked
        assert [("required" in one) for one in asked] == [required and kind != Kind.MANY_OF] * len(asked)
        assert ("seen-7" in {one.get("name") for one in told.of("input")}) == seen
        ids = [one["id"] for _tag, one in told.tags if "id" in one]
        assert len(ids) == len(set(ids))
        assert all(one["for"] in ids for one in told.of("label") if "for" in one)
        assert all(one["aria-describedby"] in ids for _tag, one in told.tags if "aria-describedby" in one)
        assert told.of("script", "b") == []


@pytest.mark.parametrize("kind", list(Kind))
def test_what_was_typed_or_is_kept_comes_back_whole(kind: Kind) -> None:
    for told in (drawn("ask", field(kind), VALUES[kind]), drawn("ask", field(kind), None, kept=field(kind).raw_of(VALUES[kind]))):
        raw = field(kind).raw_of(VALUES[kind])
        if kind == Kind.LONG_TEXT:
            continue  # stands between its tags; the parser has seen that it stays there
        if kind == Kind.MANY_OF:
            assert [one["value"] for one in told.of("input") if "checked" in one] == raw
        elif kind in {Kind.ONE_OF, Kind.PERSON, Kind.YES_NO}:
            assert [one["value"] for one in told.of("option") if "selected" in one] == raw
        else:
            assert [one["value"] for one in told.of("input")] == raw


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_is_told_as_valid_html(kind: Kind) -> None:
    for value in (None, VALUES[kind]):
        assert drawn("told", field(kind), value).of("script", "b") == []


def test_a_filter_on_a_choice_comes_back_as_it_was_typed(cast: Cast) -> None:
    create_field(
        values={"name": "Who's held up?", "kind": "one_of"}, options=['A "team" & <more>', "A market"], by=SETUP, at=cast.at
    )
    for typed in ('field:"Who\'s held up?=A market"', 'field:"Who\'s held up?"', 'field:"nothing <b>like=this&amp;"'):
        answer = as_(cast.ada).get("/tickets/", {"view": "all", "q": typed})
        boxes = Boxes()
        boxes.feed(text_of(answer))
        assert boxes.held
        assert {(held or "").strip() for held in boxes.held} == {typed}
        assert "<b>like" not in text_of(answer)
