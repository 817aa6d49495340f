"""The variables of texts: a small grammar that fills once and reckons nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.desk.rules.variables import Filled, fill, left_over, places, unknown

KNOWN = {"requester.name", "ticket.number"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("no variable", ()),
        ("{requester.name}", ()),
        ("{{requester.name}}", ("requester.name",)),
        ("{{ requester.name }} and {{requester.name}}", ("requester.name",)),
        ("{{}}", ("",)),
        ("{{a\nb}}", ()),
        ("{{{requester.name}}}", ("requester.name",)),
        ("{{requester.name", ()),
        ("{{a}}{{b}}", ("a", "b")),
    ],
)
def test_what_stands_between_double_braces_is_a_place(text, found):
    assert places(text) == found


def test_only_known_names_are_variables():
    assert unknown("{{requester.name}} {{Requester Name}} {{}}", KNOWN) == ("Requester Name", "")
    assert left_over("{{requester.name}} {{x}}", KNOWN) == ("requester.name",)


def test_an_empty_variable_stays_in_sight_and_is_named():
    values = {"requester.name": "  ", "ticket.number": "#7"}
    assert fill("Hi {{ requester.name }}, {{ticket.number}}", values) == Filled("Hi {{requester.name}}, #7", ("requester.name",))


def test_what_a_value_holds_is_never_read_as_a_variable():
    filled = fill("{{ticket.number}}", {"ticket.number": "{{requester.name}}", "requester.name": "Ravi"})
    assert "Ravi" not in filled.text
    assert left_over(filled.text, KNOWN) == ()


@given(st.text(), st.dictionaries(st.sampled_from(sorted(KNOWN)), st.text()))
def test_any_text_is_filled_without_an_error_and_leaves_only_what_it_names(text, values):
    filled = fill(text, values)
    assert set(filled.missing) <= {name for name, value in values.items() if not value.strip()}
    if not places(text):
        assert filled.text == text
