"""A bare thanks confirms; anything that says more is read by a person."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from steward.desk.rules.replies import Meaning, is_bare_thanks, is_bare_yes, meaning_of
from steward.desk.rules.states import State

THANKS = """
thanks|Thank you so much!|thx 👍|It works now, thanks a lot|perfect|that's perfect|that works, thanks|All good, thanks ❤️|Thanks for your help :)
ok thanks|it's fixed, thank you very much|Solved. Thank you|TY!!|many thanks 🙏🏽|
谢谢！|没问题了，谢谢|好的，非常感谢|已经解决了 谢谢你|辛苦了|感謝|太感谢了|收到，谢谢|ok thanks 谢谢
ありがとうございます！|助かりました。|解決しました、ありがとうございました|감사합니다|고마워요!
Danke, passt|Vielen Dank!|Herzlichen Dank|Merci beaucoup :)|¡Muchas gracias!|obrigada|Muito obrigado|Grazie mille
спасибо большое|Дякую!|dziękuję|Teşekkürler|teşekkür ederim|cảm ơn|terima kasih banyak|salamat|tack|bedankt
धन्यवाद|शुक्रिया|ขอบคุณครับ|شكرا جزيلا"""
NOT_THANKS = """
thanks, but it still fails|ok 2nd try failed|thanks?|is it fixed|Is it working now|not fixed|it doesn't work|no thanks|ok|good|please fix, thanks
get it working|thanks http://x.example|solved #12|thanks 😡|works 👎|thanks :(|thanks for nothing|fixed one, two left|it works on my other laptop
thanks and one more thing|Perfect, now the other queue please|works not|it was fixed yesterday and broke again
没有解决 谢谢|没解决|还没解决了 谢谢|解决了吗？|解决了吗|可以了吗 谢谢|不谢|谢谢，但是还不行|请解决 谢谢|问题|谢谢 明天再看|好的
ありがとう、でも直りません|助かりませんでした|ありがとうございます。もう一つ質問があります|감사합니다만 안 됩니다
nein danke|danke, geht aber nicht|merci mais non|ça marche pas, merci|gracias pero no|no funciona, gracias|grazie ma non va|спасибо, не работает
धन्यवाद नहीं|ขอบคุณ แต่ยังไม่ได้|cảm ơn nhưng vẫn lỗi|terima kasih tapi masih error|شكرا لكن لا يعمل|dziękuję, ale nie działa
|   |...|👍|!!"""


def cases(block):
    return [text for line in block.strip("\n").split("\n") for text in line.split("|")]


@pytest.mark.parametrize("text", [text for text in cases(THANKS) if text])
def test_nothing_but_thanks_is_bare_thanks(text):
    assert is_bare_thanks(text)


@pytest.mark.parametrize("text", cases(NOT_THANKS))
def test_what_says_more_is_not(text):
    assert not is_bare_thanks(text)


def test_marks_that_show_nothing_change_nothing():
    assert is_bare_thanks("\u200bthanks\u200f ")
    assert not is_bare_thanks("thanks" + " " * 500 + "but it fails")
    assert not is_bare_thanks("thank you " * 9)


def test_a_long_or_nasty_text_is_judged_at_once():
    started = time.monotonic()
    for text in ("可以了" * 26 + "X", "a " * 500_000, "好的" * 39 + "!", "谢" * 80, "'" * 80):
        is_bare_thanks(text)
        is_bare_yes(text)
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("text", ["yes", "Yes!", "是的", "yes 👍", "はい。", "Sí", "ja"])
def test_a_yes_is_a_yes(text):
    assert is_bare_yes(text)


@pytest.mark.parametrize("text", ["yes but", "no", "yes yes", "yes?", "", "yes 👎", "y e s", "not yes"])
def test_and_nothing_else_is(text):
    assert not is_bare_yes(text)


AT = datetime(2026, 3, 20, tzinfo=UTC)
DAYS = timedelta(days=14)


@pytest.mark.parametrize(
    ("state", "body", "files", "closed", "meaning"),
    [
        *[
            (state, body, False, None, Meaning.CONTINUE)
            for state in ("new", "open", "pending", "on_hold")
            for body in ("thanks", "again", "yes")
        ],
        ("solved", "thanks", False, None, Meaning.CONFIRM),
        ("solved", "yes", False, None, Meaning.CONFIRM),
        ("solved", "thanks", True, None, Meaning.REOPEN),
        ("solved", "still broken", False, None, Meaning.REOPEN),
        ("closed", "thanks", False, timedelta(days=1), Meaning.CONFIRM),
        ("closed", "thanks", False, timedelta(days=100), Meaning.CONFIRM),
        ("closed", "yes", False, timedelta(days=1), Meaning.REOPEN),
        ("closed", "still broken", False, timedelta(days=14), Meaning.REOPEN),
        ("closed", "still broken", False, timedelta(days=14, seconds=1), Meaning.FOLLOW_UP),
        ("closed", "thanks", True, timedelta(days=15), Meaning.FOLLOW_UP),
    ],
)
def test_what_a_message_means(state, body, files, closed, meaning):
    closed_at = AT - closed if closed else None
    assert meaning_of(state=State(state), body=body, has_files=files, closed_at=closed_at, reopen_for=DAYS, at=AT) == meaning
