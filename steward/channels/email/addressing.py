"""Addresses and ids the desk gives out, by which an answer finds its ticket."""

import hashlib
import hmac
import re

_TOKEN = re.compile(r"\+t(\d{1,18})\.([0-9a-f]{12})@", re.IGNORECASE)
_OWN_ID = re.compile(r"t(\d{1,18})\.m(\d{1,18})\.([0-9a-f]{12})@[\w.-]+")


def reply_address(address: str, *, ticket: int, key: bytes) -> str:
    """Give the address that leads to a ticket, such as help+t42.1f…@example.org; it cannot be guessed for another one."""
    name, _, host = address.partition("@")
    return f"{name}+t{ticket}.{_sign(key, f'reply:{ticket}')}@{host}"


def ticket_of_address(address: str, *, key: bytes) -> int | None:
    """Give the ticket a signed address leads to, or None where nothing of ours signed it."""
    found = _TOKEN.search(address)
    if found is None or not hmac.compare_digest(found.group(2).lower(), _sign(key, f"reply:{int(found.group(1))}")):
        return None
    return int(found.group(1))


def message_id(*, ticket: int, message: int, host: str, key: bytes) -> str:
    """Give the id under which a message of the desk goes out: the same message has the same one, and nobody else can make it."""
    return f"t{ticket}.m{message}.{_sign(key, f'message:{ticket}:{message}')}@{host}"


def message_of_id(found_id: str, *, key: bytes) -> tuple[int, int] | None:
    """Give the ticket and the message that an id of ours stands for, or None."""
    found = _OWN_ID.fullmatch(found_id)
    if found is None:
        return None
    ticket, message = int(found.group(1)), int(found.group(2))
    return (ticket, message) if hmac.compare_digest(found.group(3), _sign(key, f"message:{ticket}:{message}")) else None


def _sign(key: bytes, words: str) -> str:
    return hmac.new(key, words.encode(), hashlib.sha256).hexdigest()[:12]
