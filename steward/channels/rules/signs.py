"""What a reaction or a word means to a question, and which one asks for a ticket."""

TICKET = "🎫"
_PLAIN = str.maketrans("", "", "\ufe0e\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")
_YES = frozenset({"✅", "👍", "✔", "☑", "💯", "yes", "y", "1", "fixed", "ok", "是", "已解决", "解决了", "好了"})
_NO = frozenset({"❌", "👎", "✖", "✗", "no", "n", "2", "not fixed", "否", "没有", "未解决"})
_STARS = {"1️⃣": "1", "2️⃣": "2", "3️⃣": "3", "4️⃣": "4", "5️⃣": "5"}


def plain(sign: str) -> str:
    """Give a sign without skin tones and variants."""
    return sign.translate(_PLAIN)


def answer_of(said: str, options: list[str]) -> str:
    """Read a tapped value, a reaction or a bare word as one of the answers; empty where it is none."""
    word = plain(said).strip().strip(".!。！").lower()
    if word in options:
        return word
    if options == ["yes", "no"]:
        return "yes" if word in _YES else "no" if word in _NO else ""
    number = plain(_STARS.get(said.strip(), word)).replace("\u20e3", "")
    return number if number in options else ""
