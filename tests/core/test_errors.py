"""What pure code says is translated when it is read, also with values in it."""

import pytest

from steward.core import errors
from steward.core.errors import Conflict, DomainError, Invalid, speak_by
from steward.core.text import clean


@pytest.fixture
def german(monkeypatch):
    texts = {
        "There is no text.": "Da steht nichts.",
        "The text has %(count)s characters; %(most)s fit.": "%(count)s von %(most)s Zeichen.",
    }
    before = errors._Words.translate
    speak_by(lambda text: texts.get(text, text))
    yield
    speak_by(before)


def test_a_message_marked_in_pure_code_is_said_in_the_readers_language(german):
    with pytest.raises(Invalid, match=r"Da steht nichts\."):
        clean(" ", max_length=5)
    with pytest.raises(Invalid, match="6 von 5 Zeichen"):
        clean("sechs!", max_length=5)


def test_a_percent_sign_in_a_message_stays_one():
    assert DomainError("100% full").message == "100% full"
    assert str(Conflict("100 %d", theirs=1, yours=2)) == "100 %d"
