"""Text is kept as it was written, and found by its words."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.core.errors import Invalid
from steward.core.text import clean, is_blank, is_pair, one_line, search_words


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("  spaced \n", "spaced"),
        ("bell\x07 and escape\x1b[31m", "bell and escape[31m"),
        ("tab\tstays", "tab\tstays"),
        ("שלום \u202eעולם\u202c", "שלום \u202eעולם\u202c"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d💻 ok", "👩\u200d💻 ok"),
        ("zero\u200bwidth", "zero\u200bwidth"),
    ],
)
def test_a_text_keeps_what_it_says(written, kept):
    assert clean(written, max_length=100) == kept


@pytest.mark.parametrize(("text", "said"), [("a\x00b", "NUL"), ("half \ud83d", "half a character"), ("\udc00", "half a character")])
def test_what_cannot_be_stored_is_refused_in_words(text, said):
    with pytest.raises(Invalid, match=said) as refused:
        clean(text, max_length=100, field="body")
    assert refused.value.field == "body"
    assert refused.value.hint


@pytest.mark.parametrize(
    "text", ["", "  ", "\n\t", "\u200b\u200b", "\u200f\u202e", "\ufeff", "\u3164", "\u2800", "\u00ad", "\u2060\u00a0", "\x01"]
)
def test_a_text_that_shows_nothing_is_no_text(text):
    assert is_blank(text)
    with pytest.raises(Invalid, match="no text"):
        clean(text, max_length=100)
    assert is_blank(clean(text, max_length=100, required=False))


@pytest.mark.parametrize("text", [".", "0", "م", "\u200b.", "👍", "\u0301"])
def test_a_text_that_shows_something_is_one(text):
    assert not is_blank(text)


def test_a_text_too_long_is_refused_with_both_lengths():
    assert len(clean("x" * 1_000_000, max_length=1_000_000)) == 1_000_000
    with pytest.raises(Invalid, match=r"1,000,001 characters; 1,000,000 fit"):
        clean("x" * 1_000_001, max_length=1_000_000)


@given(st.text(), st.integers(1, 30))
def test_one_line_is_one_line_and_short_enough(text, most):
    folded = one_line(text, max_length=most)
    assert len(folded) <= most
    assert "\n" not in folded


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Queue-page is EMPTY!", ["the", "queue", "page", "is", "empty"]),
        ("ERR_42 at 10.0.0.1", ["err_42", "at", "10", "0", "0", "1"]),
        ("ＦＵＬＬ width", ["full", "width"]),
        ("Straße", ["strasse"]),
        ("审核队列空白", ["审核", "核队", "队列", "列空", "空白"]),
        ("谢", ["谢"]),
        ("abc审核def", ["abc", "审核", "def"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("ไม่ได้", ["ไม่ได้"]),
        ("' OR 1=1; -- & | ! ( ) :*", ["or", "1", "1"]),
        ("👍 …", []),
    ],
)
def test_a_text_is_found_by_these_words(text, words):
    assert list(search_words(text)) == [unicodedata.normalize("NFKC", word) for word in words]


@given(st.text())
def test_a_search_word_holds_nothing_a_query_could_mistake_for_an_operator(text):
    for word in search_words(text):
        assert word
        assert len(word) <= 64
        assert not set(word) & set("'\\&|!()<>:* \x00")


def test_only_pairs_are_whole():
    assert is_pair("审核")
    assert not is_pair("审")
    assert not is_pair("ab")
