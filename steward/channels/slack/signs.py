"""Slack's names of emoji and the signs the desk knows."""

from steward.channels.rules.signs import TICKET

_SIGN_OF = {
    "white_check_mark": "✅",
    "heavy_check_mark": "✔",
    "ballot_box_with_check": "☑",
    "x": "❌",
    "heavy_multiplication_x": "✖",
    "+1": "👍",
    "thumbsup": "👍",
    "-1": "👎",
    "thumbsdown": "👎",
    "100": "💯",
    "ok": "ok",
    "eyes": "👀",
    "tada": "🎉",
    "heart": "❤️",
    "pray": "🙏",
    "clap": "👏",
    "slightly_smiling_face": "🙂",
    "one": "1️⃣",
    "two": "2️⃣",
    "three": "3️⃣",
    "four": "4️⃣",
    "five": "5️⃣",
}
_NAME_OF = {"✅": "white_check_mark", "❌": "x", "👍": "+1", "👎": "-1", "👀": "eyes", "🎉": "tada", TICKET: "ticket"}
TICKET_REACTION = "ticket"


def sign_of(name: str, *, ticket: str = "") -> str:
    """Give an emoji as a sign of the desk, without its skin tone; one without a sign keeps its name."""
    plain = name.partition("::")[0]
    if plain == (ticket.strip(":") or TICKET_REACTION):
        return TICKET
    return _SIGN_OF.get(plain, f":{plain}:")


def name_of(sign: str) -> str:
    """Give a sign of the desk as the name of an emoji; empty where Slack has none."""
    return _NAME_OF.get(sign, "")
