"""Lark's names of reactions and the signs the desk knows."""

from steward.channels.rules.signs import TICKET

# Lark has no ticket among its reactions; this one stands for it unless the channel names another.
TICKET_REACTION = "Pin"
_SIGN_OF = {
    "DONE": "✅",
    "CheckMark": "✅",
    "CrossMark": "❌",
    "Yes": "✅",
    "No": "❌",
    "OK": "ok",
    "THUMBSUP": "👍",
    "ThumbsDown": "👎",
    "JIAYI": "👍",
    "Hundred": "💯",
    "PARTY": "🎉",
    "HEART": "❤️",
    "THANKS": "🙏",
    "APPLAUSE": "👏",
    "SMILE": "🙂",
}
_REACTION_OF = {"✅": "DONE", "❌": "CrossMark", "👍": "THUMBSUP", "👎": "ThumbsDown", "👀": "GLANCE", "🎉": "PARTY"}


def sign_of(reaction: str, *, ticket: str) -> str:
    """Give a reaction as a sign of the desk; one without a sign keeps its name."""
    if reaction == (ticket or TICKET_REACTION):
        return TICKET
    return _SIGN_OF.get(reaction, reaction)


def reaction_of(sign: str) -> str:
    """Give a sign of the desk as a reaction; empty where Lark has none."""
    return _REACTION_OF.get(sign, "")
