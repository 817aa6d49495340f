"""The language of lists: what is typed is read, said back, and never refused."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.desk.rules.filters.dates import stretch, whole_day
from steward.desk.rules.filters.known import OPERATORS, desk_operators
from steward.desk.rules.filters.operators import Operator
from steward.desk.rules.filters.reading import LONGEST, MOST_PARTS, read_filter
from steward.desk.rules.filters.tree import Ago, Choice, Day, Id, Named, Number, Phrase, Query, Term, Word
from steward.desk.rules.filters.writing import write_filter


def parts(text, **values):
    return read_filter(text, **values).query.parts


def said(text):
    return [problem.message % problem.values for problem in read_filter(text).problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("  \n\t ", ()),
        ("empty queue", (Word("empty"), Word("queue"))),
        ("-empty queue*", (Word("empty", negated=True), Word("queue", beginning=True))),
        ('"queue is  empty" -"no luck"', (Phrase("queue is empty"), Phrase("no luck", negated=True))),
        ("#1042 -#7 12", (Number(1042), Number(7, negated=True), Word("12"))),
        ("is:open,pending", (Term("is", (Choice("open"), Choice("pending"))),)),
        ("IS:Open state:on_hold", (Term("is", (Choice("open"),)), Term("is", (Choice("on-hold"),)))),
        ("-is:closed", (Term("is", (Choice("closed"),), negated=True),)),
        ("from:ravi@x.example", (Term("from", (Named("ravi@x.example"),)),)),
        ('from:"Ravi K","Oto"', (Term("from", (Named("Ravi K"), Named("Oto"))),)),
        ("from:12 from:#13", (Term("from", (Id(12),)), Term("from", (Id(13),)))),
        ("in:12 in:#13", (Term("in", (Named("12"),)), Term("in", (Id(13),)))),
        ('to:me assignee:none,"me"', (Term("assignee", (Choice("me"),)), Term("assignee", (Choice("none"), Named("me"))))),
        ("priority:1,high", (Term("priority", (Choice("urgent"), Choice("high"))),)),
        ("before:2026-03-01", (Term("before", (Day(date(2026, 3, 1)),)),)),
        (
            "updated-after:7d on:2026/3",
            (Term("updated-after", (Ago(7, "d"),)), Term("on", (Day(date(2026, 3, 1), whole_month=True),))),
        ),
        ("since:today", (Term("after", (Choice("today"),)),)),
        ("is:open is:open", (Term("is", (Choice("open"),)),)),
        ("标签：x “两 个”", (Word("标签:x"), Phrase("两 个"))),
        ("in：访问，申诉", (Term("in", (Named("访问"), Named("申诉"))),)),
        ("https://x.example/a:b 10:30 C:\\dir", (Word("https://x.example/a:b"), Word("10:30"), Word("C:\\dir"))),
        ('foo"bar baz"', (Word("foo"), Phrase("bar baz"))),
        ('""', ()),
        ("- -- *", (Word("-"), Word("-", negated=True), Word("*"))),
        ('from:"a \\"b\\" \\\\c"', (Term("from", (Named('a "b" \\c'),)),)),
    ],
)
def test_a_filter_is_read(text, expected):
    assert parts(text) == expected


def test_the_last_word_is_a_beginning_while_it_is_typed():
    assert parts("empty que", typing=True) == (Word("empty"), Word("que", beginning=True))
    assert parts("empty que ", typing=True) == (Word("empty"), Word("que"))
    assert parts("que is:open", typing=True) == (Word("que"), Term("is", (Choice("open"),)))
    assert parts('"que"', typing=True) == (Phrase("que"),)


@pytest.mark.parametrize(
    ("text", "expected", "words"),
    [
        ("form:ravi", ["“form:” is no operator; did you mean “from:”?"], (Word("form:ravi"),)),
        ("xyzzy:1", ["“xyzzy:” is no operator; it was searched as a word."], (Word("xyzzy:1"),)),
        ("is:opne", None, (Word("is:opne"),)),
        ("is:open,opne", None, (Term("is", (Choice("open"),)),)),
        ("before:soon", ["“before:soon” is no day; write 2026-03-01, 2026-03, today or 7d."], (Word("before:soon"),)),
        (
            "before:2026-02-30",
            ["“before:2026-02-30” is no day; write 2026-03-01, 2026-03, today or 7d."],
            (Word("before:2026-02-30"),),
        ),
        ("tag:", ["“tag:” wants a value, such as tag:outage."], ()),
        ('xyzzy:"two words"', ["“xyzzy:” is no operator; it was searched as a word."], (Phrase("two words"),)),
        ('in:"Access', ["A quote is not closed; it was read up to the end."], (Term("in", (Named("Access"),)),)),
    ],
)
def test_what_cannot_be_read_is_said_and_searched_as_a_word(text, expected, words):
    assert said(text) == expected or (expected is None and len(said(text)) == 1)
    assert parts(text) == words


def test_a_problem_names_what_an_operator_knows():
    assert said("has:sense")[0].startswith("“has:” does not know “sense”; it knows attachment, note, follow-up")


def test_very_long_input_is_cut_and_it_is_said():
    assert len(parts("a b " * 5_000)) <= MOST_PARTS
    assert any(f"{LONGEST:,}" in words for words in said("x" * 10_000))
    many = " ".join(f"w{n}" for n in range(MOST_PARTS + 5))
    assert len(parts(many)) == MOST_PARTS
    assert said(many) == [f"Only the first {MOST_PARTS} parts are looked at."]


TYPED = (
    st.text()
    | st.text("-\"\\:,*#is open from 12 \u201c\u201d：，'", max_size=40)
    | st.lists(
        st.sampled_from(
            ["is:", "in:", "from:", "-", '"', "open", ",", " ", "#7", "7d", "before:", "zz:", "*", "\\", "me", "x y", "队列"]
        ),
        max_size=12,
    ).map("".join)
)


@given(TYPED, st.booleans())
def test_whatever_is_typed_is_read_and_means_the_same_when_written(text, typing):
    first = read_filter(text, typing=typing).query
    again = read_filter(write_filter(first)).query
    assert again == first
    assert write_filter(again) == write_filter(first)


NAMES = st.text(min_size=1, max_size=20).map(lambda text: " ".join(text.replace("\x00", "").split())).filter(bool)
VALUES = {
    "in": NAMES.map(Named) | st.integers(1, 10**17).map(Id),
    "assignee": NAMES.map(Named) | st.integers(1, 10**17).map(Id) | st.sampled_from([Choice("me"), Choice("none")]),
    "from": NAMES.map(Named) | st.integers(1, 10**17).map(Id),
    "is": st.sampled_from([Choice(key) for key in OPERATORS.get("is").choices]),
    "before": st.dates(date(2, 1, 1), date(9998, 1, 1)).map(Day)
    | st.builds(Ago, st.integers(0, 9999), st.sampled_from(["min", "h", "d", "w", "mo", "y"])),
}
TERMS = st.sampled_from(sorted(VALUES)).flatmap(
    lambda name: st.builds(
        Term, st.just(name), st.lists(VALUES[name], min_size=1, max_size=3, unique=True).map(tuple), st.booleans()
    )
)


@given(st.lists(TERMS | st.builds(Number, st.integers(0, 10**16), st.booleans()), max_size=6, unique=True))
def test_every_tree_survives_being_written(terms):
    # What no keyboard can tell apart is one: the curly quotes and wide signs read as the plain ones.
    from steward.desk.rules.filters.lexing import plain

    query = Query(tuple(terms))
    text = write_filter(query)
    if plain(text) == text and len(text) <= LONGEST:
        assert read_filter(text).query == query


def test_days_are_the_readers_own():
    at = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)  # the 3rd in Tokyo
    tokyo = ZoneInfo("Asia/Tokyo")
    begin, end = stretch(Choice("today"), zone=tokyo, at=at)
    assert (begin.isoformat(), end.isoformat()) == ("2026-03-03T00:00:00+09:00", "2026-03-04T00:00:00+09:00")
    assert stretch(Choice("yesterday"), zone=tokyo, at=at)[1] == begin
    assert stretch(Choice("tomorrow"), zone=tokyo, at=at)[0] == end
    month = stretch(Day(date(2026, 2, 1), whole_month=True), zone=tokyo, at=at)
    assert (month[1] - month[0]).days == 28
    assert stretch(Ago(7, "d"), zone=tokyo, at=at)[0] == datetime(2026, 2, 23, 20, 0, tzinfo=UTC)
    assert stretch(Ago(9999, "y"), zone=tokyo, at=at)[0].year == 1970
    assert whole_day(Ago(1, "d"), zone=tokyo, at=at)[0].isoformat() == "2026-03-02T00:00:00+09:00"


def test_a_day_is_as_long_as_the_clocks_say():
    begin, end = stretch(Day(date(2026, 3, 29)), zone=ZoneInfo("Europe/Berlin"), at=datetime(2026, 3, 1, tzinfo=UTC))
    assert (end.astimezone(UTC) - begin.astimezone(UTC)).total_seconds() == 23 * 3600


def test_others_add_operators_and_words_of_their_own():
    operators = desk_operators()
    operators.add(Operator("field", "A field of the desk's own", "field:severity=high", takes_names=True))
    operators.add_choice("is", "strange", "odd")
    read = read_filter("field:severity=high is:strange", operators=operators)
    assert read.problems == ()
    assert write_filter(read.query, operators=operators) == "field:severity=high is:strange"
    assert OPERATORS.get("field") is None or OPERATORS is not operators
    with pytest.raises(ValueError, match="two operators"):
        operators.add(Operator("x", "", "", aliases=("to",)))
    with pytest.raises(ValueError, match="there already"):
        operators.add_choice("is", "strange", "")


def test_a_filter_kept_under_an_operator_that_is_gone_can_still_be_written():
    assert write_filter(Query((Term("gone", (Named("x"),)),))).startswith("gone:")


def test_every_example_is_read_by_its_operator():
    for operator in OPERATORS:
        assert read_filter(operator.example).problems == (), operator.name
        assert operator.help
