"""What a requester's message means for a ticket that was already solved or closed."""

import re
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum

from steward.desk.rules.states import State


class Meaning(StrEnum):
    """What to do with an incoming message."""

    CONTINUE = "continue"  # the ticket is being worked: the message joins it
    CONFIRM = "confirm"  # nothing but thanks: the fix is confirmed
    REOPEN = "reopen"  # the request is not over
    FOLLOW_UP = "follow_up"  # too long ago: a new ticket, linked to this one


# Words that, alone or together, say no more than thank you or that it works. Anything else in the
# message means that there is something to read, and reading is an agent's work.
_CORE = frozenset(
    """
    thanks thank thankyou thx tks ty tyvm perfect fixed solved resolved confirmed works working appreciated
    danke dankeschön dank passt funktioniert merci gracias obrigado obrigada grazie bedankt dankjewel tack takk tak kiitos
    dziękuję dzięki díky děkuji спасибо дякую благодаря teşekkürler teşekkür cảm kasih makasih salamat
    شكرا شكراً شكرًا תודה ευχαριστώ mulțumesc mersi hvala köszönöm köszi
    """.split()  # noqa: SIM905 -- a list of words is read as a text
)
_THANKS = _CORE | frozenset(
    """
    cheers you u very much so many a lot again all great awesome excellent super nice cool wonderful ok okay k got it
    now its it's is that's that fine good yes yep yeah appreciate your help for everyone guys team the
    vielen herzlichen alles gut ja jetzt perfekt prima beaucoup parfait bien oui muchas mil perfecto genial muito perfeito
    mille molte perfetto большое огромное всё работает wel je u ederim çok ơn rất nhiều terima banyak
    جزيلا رائع tusen hartelijk
    """.split()  # noqa: SIM905 -- a list of words is read as a text
)
_YES = frozenset("yes yep yeah yup ja oui si sí sim da да evet tak ano 是 是的 对 對 好了 はい 네 예".split())  # noqa: SIM905 -- a list of words
# Scripts without spaces between words, or whose marks break words apart: whole pieces are taken out, longest first.
_PIECES = (
    "ありがとうございました|ありがとうございます|どうもありがとう|ありがとう|助かりました|解決しました|直りました|"
    "감사합니다|감사해요|고맙습니다|고마워요|고마워|해결되었습니다|해결됐습니다|"
    "已经解决了|已经解决|已解决|解决了|已經解決|已解決|解決了|修好了|没问题了|没问题|沒問題|非常感谢|感谢|感謝|谢谢|謝謝|多谢|多謝|辛苦了|"
    "धन्यवाद|शुक्रिया|ขอบคุณครับ|ขอบคุณค่ะ|ขอบคุณมาก|ขอบคุณ"
)
_FILLERS = "可以了|好的|好了|收到|非常|现在|現在|太|您|你|啦|了|很|棒|大家|已经|已經|大変|どうも|とても|정말|बहुत|ครับ|ค่ะ|มาก"
_CJK_CORE = re.compile(_PIECES)
_CJK_ALL = re.compile(f"{_PIECES}|{_FILLERS}")
_SMILES = re.compile(r"[:;]-?[)dp]|<3")
_WORDS = re.compile(r"[\w']+")
_MARKS = frozenset(" \n\t.,!;-–—…~'\"*、。！，～・·¡")
_GLAD = frozenset("👍🙏🎉😀😃😄😁😊🙂☺😍🥰🤗🤩😎🥳💯✅✔👌🤝🙌👏✨💪🌹❤💙💚💛🧡💜🙇☕🍻⭐🌟")
_UNSEEN = frozenset({"Cf", "Mn", "Sk"})
LONGEST_THANKS = 80


def is_bare_thanks(text: str) -> bool:
    """Tell whether a message says nothing but thanks, so that it may confirm instead of reopening.

    Careful on purpose: a question, a digit, an unhappy face, or one unknown word makes it a message to read.
    """
    folded = _folded(text)
    if not folded or len(folded) > LONGEST_THANKS:
        return False
    rest = _CJK_ALL.sub(" ", folded)
    said = _CJK_CORE.search(folded) is not None
    words = _WORDS.findall(rest)
    if not _only_glad_marks(_WORDS.sub(" ", rest)):
        return False
    if not words:
        return said
    # "is it fixed" asks, question mark or not.
    if words[0] == "is":
        return False
    return all(word in _THANKS for word in words) and (said or any(word in _CORE for word in words))


def is_bare_yes(text: str) -> bool:
    """Tell whether a message is a yes and nothing more: the answer to whether it is fixed."""
    folded = _folded(text)
    rest = _WORDS.sub(" ", folded)
    return _WORDS.findall(folded)[:2] in [[word] for word in _YES] and _only_glad_marks(rest)


def _folded(text: str) -> str:
    if len(text) > 4 * LONGEST_THANKS:
        return ""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    folded = _SMILES.sub(" ", folded)
    return "".join(character for character in folded if unicodedata.category(character) != "Cf").strip()


def _only_glad_marks(rest: str) -> bool:
    return all(mark in _MARKS or mark in _GLAD or unicodedata.category(mark) in _UNSEEN or mark.isspace() for mark in rest)


def meaning_of(
    *,
    state: State,
    body: str,
    has_files: bool,
    closed_at: datetime | None,
    reopen_for: timedelta,
    at: datetime,
) -> Meaning:
    """Say what a requester's message does to the ticket it was sent to."""
    if state not in {State.SOLVED, State.CLOSED}:
        return Meaning.CONTINUE
    # A solved ticket has asked whether it is fixed: there, a bare yes is the answer.
    if not has_files and (is_bare_thanks(body) or (state == State.SOLVED and is_bare_yes(body))):
        return Meaning.CONFIRM
    if state == State.CLOSED and closed_at is not None and at - closed_at > reopen_for:
        return Meaning.FOLLOW_UP
    return Meaning.REOPEN
