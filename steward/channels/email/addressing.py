"""Addresses and ids the desk gives out, by which an answer finds its ticket."""

import hashlib
import hmac
import re
from collections.abc import Iterable
from itertools import chain

_TOKEN = re.compile(r"\+t(\d{1,18})\.([0-9a-f]{12})@", re.IGNORECASE)
_OWN_ID = re.compile(r"t(\d{1,18})\.m(\d{1,18})\.([0-9a-f]{12})@[\w.-]+")
_NOTICE_ID = re.compile(r"n\.([0-9a-f]{24})\.([0-9a-f]{12})@[\w.-]+")


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


def notice_id(parcel: str, *, host: str, key: bytes) -> str:
    """Give the id under which something else of the desk goes out, such as a receipt, by the key of its parcel."""
    name = hashlib.sha256(parcel.encode()).hexdigest()[:24]
    return f"n.{name}.{_sign(key, f'notice:{name}')}@{host}"


def is_own_id(found_id: str, *, key: bytes) -> bool:
    """Tell whether an id is of something this desk sent."""
    found = _NOTICE_ID.fullmatch(found_id)
    if found is None:
        return message_of_id(found_id, key=key) is not None
    return hmac.compare_digest(found.group(2), _sign(key, f"notice:{found.group(1)}"))


def ticket_claimed(*, addresses: Iterable[str], answers: Iterable[str], key: bytes) -> int | None:
    """Give the ticket a letter claims to be about: by the address it came to, else by the nearest letter of ours it answers.

    Only what this desk signed counts; a number in a subject never does.
    """
    by_address = (ticket_of_address(address, key=key) for address in addresses)
    by_id = (found[0] for found in (message_of_id(one, key=key) for one in answers) if found is not None)
    return next((ticket for ticket in chain(by_address, by_id) if ticket is not None), None)


def _sign(key: bytes, words: str) -> str:
    return hmac.new(key, words.encode(), hashlib.sha256).hexdigest()[:12]
