"""A mailbox as it is set up: what it is called, whose word on senders counts, and the key that signs what leads back here."""

import hashlib
import hmac
from dataclasses import dataclass

from django.utils.crypto import salted_hmac

from steward.channels.contract import Account

IMAP_PORTS = {"ssl": 993, "starttls": 143, "none": 143}
SMTP_PORTS = {"ssl": 465, "starttls": 587, "none": 25}
_SALT = "steward.channels.email"


@dataclass(frozen=True)
class Server:
    """Where a server is and how it is spoken to; `security` is ssl, starttls or none."""

    host: str
    port: int
    security: str
    user: str


def address_of(account: Account) -> str:
    """Give the address people write to."""
    return _setting(account, "address").lower()


def host_of(account: Account) -> str:
    """Give the domain of the address, by which the ids of the desk's own letters are known."""
    return address_of(account).rpartition("@")[2] or "localhost"


def own_addresses(account: Account) -> frozenset[str]:
    """Give every address that leads into this mailbox: its own, and those named as aliases."""
    aliases = _setting(account, "aliases").replace(";", ",").split(",")
    return frozenset(one.strip().lower() for one in (address_of(account), *aliases) if one.strip())


def imap_of(account: Account) -> Server:
    """Say where letters are fetched; an empty host says that they are brought by a mail server's pipe."""
    return _server(account, "imap", IMAP_PORTS)


def smtp_of(account: Account) -> Server:
    """Say where letters are handed in."""
    return _server(account, "smtp", SMTP_PORTS)


def key() -> bytes:
    """Give the key that signs addresses and ids; it follows from the desk's secret and is kept nowhere."""
    return salted_hmac(_SALT, "addresses", algorithm="sha256").digest()


def loop_name(account: Account) -> str:
    """Give what every letter of this desk carries, so that one that comes back is known; nobody else can make it."""
    return short(f"loop:{address_of(account)}")


def short(words: str) -> str:
    """Give a name for words that tells nothing of them to who has not the key."""
    return hmac.new(key(), words.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:24]


def _server(account: Account, kind: str, ports: dict[str, int]) -> Server:
    security = _setting(account, f"{kind}_security") or "ssl"
    port = _setting(account, f"{kind}_port")
    return Server(
        host=_setting(account, f"{kind}_host"),
        port=int(port) if port.isascii() and port.isdigit() else ports.get(security, ports["ssl"]),
        security=security,
        user=_setting(account, f"{kind}_user"),
    )


def _setting(account: Account, name: str) -> str:
    return str(account.settings.get(name) or "").strip()
