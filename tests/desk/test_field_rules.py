"""What a custom field takes, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.core.errors import Invalid
from steward.desk.rules.fields import Definition, Kind, Option, bounds_fit, checked, missing, read, read_named, told
from steward.desk.rules.patterns import fits, read_pattern

OPTIONS = (Option(1, "Blue"), Option(2, "Dark red"), Option(3, "Old", is_active=False))


def field(kind, **values):
    return Definition(id=7, name="Build", kind=Kind(kind), options=OPTIONS, **values)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("text", ["  KX  1 "], "KX 1"),
        ("long_text", ["a\r\nb "], "a\nb"),
        ("number", ["42"], 42), ("number", ["-0.50"], -0.5), ("number", ["1e3"], 1000), ("number", ["\u22123"], -3), ("number", ["0.1234567"], 0.123457),
        ("date", ["2026-03-02"], "2026-03-02"), ("yes_no", ["yes"], True), ("yes_no", ["false"], False),
        ("one_of", ["2"], 2), ("many_of", ["2", "1", "2"], [1, 2]), ("person", ["9"], 9), ("link", [" https://a.example/x "], "https://a.example/x"),
        ("text", [""], None), ("text", ["\u200b"], None), ("many_of", [], None), ("number", [" "], None), ("yes_no", [""], None),
    ],
)  # fmt: skip
def test_what_a_form_sends_is_read(kind, raw, value):
    found = read(field(kind), raw)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("kind", "raw"),
    [("number", "1,5"), ("number", "nan"), ("number", "inf"), ("number", "1_000"), ("number", "9" * 20), ("number", "٣"), ("number", "x"),
     ("date", "2026-02-30"), ("date", "02.03.2026"), ("yes_no", "maybe"), ("one_of", "-1"), ("one_of", "1" * 18), ("one_of", "blue"), ("text", "a\x00b")],
)  # fmt: skip
def test_what_is_no_such_value_names_the_input(kind, raw):
    with pytest.raises(Invalid) as refused:
        read(field(kind), [raw])
    assert refused.value.field == "field-7"


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("one_of", "dark  RED", 2),
        ("many_of", "blue; Dark red;", [1, 2]),
        ("text", "as it is", "as it is"),
        ("number", "3", 3),
        ("one_of", " ", None),
    ],
)
def test_files_name_choices(kind, text, value):
    assert read_named(field(kind), text) == value


@pytest.mark.parametrize("text", ["Green", "Old", "Blue, Dark red"])
def test_a_name_that_is_no_choice_in_use_is_refused(text):
    with pytest.raises(Invalid):
        read_named(field("one_of"), text)


@pytest.mark.parametrize(
    ("kind", "limits", "good", "bad"),
    [
        ("text", {"lowest": "2", "highest": "4"}, ["ab", "abcd"], ["a", "abcde"]),
        ("text", {"pattern": "AA-9{3,5}"}, ["KX-204", "äö-20471"], ["KX-20", "K1-204", "KX-204711", "KX204", ""]),
        ("text", {}, ["x" * 500], ["x" * 501]),
        ("number", {"lowest": "0", "highest": "10"}, [0, 10, 2.5], [-1, 10.01]),
        ("date", {"lowest": "2026-01-01", "highest": "2026-12-31"}, ["2026-01-01", "2026-12-31"], ["2025-12-31", "2027-01-01"]),
        ("one_of", {}, [1, 2], [3, 4]),
        ("person", {}, [1], [9]),
        ("many_of", {"lowest": "1", "highest": "1"}, [[1]], [[1, 2], [3]]),
        ("link", {}, ["https://a.example", "http://a.example:8080/x?y#z"], ["javascript:alert(1)", "a.example", "https://", "https://a b", "ftp://a", "https://[x"]),
    ],
)  # fmt: skip
def test_a_value_is_judged(kind, limits, good, bad):
    for value in good:
        assert checked(field(kind, **limits), value) == value
    for value in bad:
        with pytest.raises(Invalid) as refused:
            checked(field(kind, **limits), value)
        assert "Build" in refused.value.message


def test_what_stands_already_may_stay_though_its_option_was_retired():
    assert checked(field("one_of"), 3, current=3) == 3
    assert checked(field("many_of"), [1, 3], current=[3]) == [1, 3]
    with pytest.raises(Invalid):
        checked(field("many_of"), [2, 3], current=[1])


def test_the_ledger_learns_no_words():
    assert [told(kind, "Ravi Kumar") for kind in ("text", "long_text", "link")] == ["given"] * 3
    assert (told("text", None), told("one_of", 3), told("number", 1.5), told("many_of", [1, 2])) == (None, 3, 1.5, [1, 2])


def test_what_must_be_filled_is_named():
    first, second = field("text", required_at_solve=True), field("yes_no", required_at_solve=True, required_at_open=True)
    assert missing([(first, None), (second, False)]) == [first]
    assert missing([(first, None), (second, None)], at_open=True) == [second]


@pytest.mark.parametrize(
    ("kind", "lowest", "highest"),
    [
        ("number", "5", "1"),
        ("number", "x", ""),
        ("date", "2026-03-02", "2026-03-01"),
        ("date", "1", ""),
        ("link", "1", ""),
        ("yes_no", "", "1"),
    ],
)
def test_bounds_that_cannot_be_are_refused(kind, lowest, highest):
    with pytest.raises(Invalid):
        bounds_fit(Kind(kind), lowest, highest)


def test_a_value_is_said_in_words():
    assert field("many_of").names_of([1, 3]) == "Blue, Old"
    assert (field("one_of").names_of(99), field("number").names_of(0.5), field("text").names_of(None)) == ("?", "0.5", "")


@pytest.mark.parametrize("pattern", ["{3}", "?", "9{", "9{x}", "9{3,1}", "9{1,999}", "a\\", "}", "A" * 121, "9{,3}", "9??"])
def test_a_pattern_that_cannot_be_read_says_where(pattern):
    with pytest.raises(Invalid) as refused:
        read_pattern(pattern)
    assert refused.value.field == "pattern"


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        ("9?A", ["1a", "a"], ["11a", ""]),
        ("\\9{2}", ["99"], ["12"]),
        ("*{1,3}.", ["a1.", "x."], [".", "abcd."]),
        ("", [""], ["x"]),
        (".{2}", [".."], ["ab"]),
    ],
)
def test_a_pattern_takes_what_it_says(pattern, good, bad):
    assert all(fits(read_pattern(pattern), text) for text in good)
    assert not any(fits(read_pattern(pattern), text) for text in bad)


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_pattern_and_no_text_break_anything(pattern, text):
    try:
        signs = read_pattern(pattern)
    except Invalid:
        return
    assert fits(signs, text) in {True, False}


def test_no_pattern_takes_long():
    hard = read_pattern("*{0,200}" * 15)
    assert not fits(hard, "a" * 499 + "!")
