"""Slack's way of writing: what stands between angle brackets, and how words are kept from being it."""

import re

from steward.channels.contract import Account

_MARK = re.compile(r"<([^<>\n]{1,3000})>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def plain(text: str, *, bot: str) -> str:
    """Give what somebody wrote as plain words: people and channels by name, links with their address, the desk's own name gone."""
    read = _MARK.sub(lambda found: _said(found[1], bot), text)
    for entity, sign in _ENTITIES:
        read = read.replace(entity, sign)
    return read.strip()


def names_desk(account: Account, text: str, *, bot: str) -> bool:
    """Tell whether words name the desk: by a mention of its user, or by its name in front."""
    if bot and (f"<@{bot}>" in text or f"<@{bot}|" in text):
        return True
    name = str(account.settings.get("bot_name") or "Steward").lower()
    return text.lower().startswith((f"{name}:", f"@{name}"))


def written(words: str) -> str:
    """Write words so that nothing in them is obeyed: no mention, no link of another text, no call for everybody."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _said(mark: str, bot: str) -> str:
    target, _bar, label = mark.partition("|")
    if target.startswith("@"):
        return "" if bot and target[1:] == bot else f"@{label.removeprefix('@') or target[1:]}"
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!"):
        return _called(target[1:], label)
    address = target.removeprefix("mailto:")
    return label if label and label in (target, address) else f"{label} ({target})" if label else target


def _called(target: str, label: str) -> str:
    kind, _caret, _rest = target.partition("^")
    if kind in {"here", "channel", "everyone"}:
        return f"@{kind}"
    # A date or a group of people: what was shown instead stands behind the bar.
    return label or f"@{kind}"
