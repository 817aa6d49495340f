"""Webhooks by the Standard Webhooks format: how they are signed, when they are tried again, and where they may lead."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from steward.core.errors import Invalid, marked

PREFIX = "whsec_"
# Nine attempts in about a day.
WAITS = tuple(timedelta(minutes=n) for n in (1, 5, 15, 60, 120, 240, 480, 480))
GIVE_UP_AFTER = timedelta(days=3)
OVERLAP = timedelta(hours=24)
PORTS = frozenset({80, 443, 8443})
LONGEST_ADDRESS = 2_000


def signature(secret: str, *, key: str, at: int, body: bytes) -> str:
    """Sign a body as `v1,…`: HMAC-SHA256 over its id, its second and itself. Raises `ValueError` for what is no secret."""
    try:
        bare = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("this is no webhook secret") from error
    digest = hmac.new(bare, f"{key}.{at}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def headers(secrets: Iterable[str], *, key: str, at: int, body: bytes) -> dict[str, str]:
    """Give the headers of an attempt, with one signature for each secret that is still good."""
    signed = " ".join(signature(secret, key=key, at=at, body=body) for secret in secrets)
    return {"webhook-id": key, "webhook-timestamp": str(at), "webhook-signature": signed, "Content-Type": "application/json"}


def next_try(tries: int, *, at: datetime) -> datetime | None:
    """Say when to try again after so many failures, None for never."""
    return at + WAITS[tries - 1] if 0 < tries <= len(WAITS) else None


def place_of(address: str, *, allowed: frozenset[str]) -> tuple[str, str, int, str]:
    """Read an address into scheme, host, port and path; raises `Invalid` for one nothing may be sent to.

    `allowed` are places `host:port` that an admin of the machine trusts, inside the house and without encryption too.
    """
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").rstrip("."), parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise _no_address() from None
    if parts.scheme not in {"http", "https"} or not host or not address.isascii() or len(address) > LONGEST_ADDRESS:
        raise _no_address()
    if any(ord(sign) <= ord(" ") or sign == "\x7f" for sign in address):
        raise _no_address()
    if parts.username is not None or parts.password is not None:
        raise Invalid(marked("An address with a password in it is not taken."), field="address")
    if not is_trusted(host, port, allowed):
        if parts.scheme != "https":
            raise Invalid(marked("Only addresses that begin with https:// are taken."), field="address")
        if port not in PORTS:
            raise Invalid(marked("This port is not one webhooks are sent to."), field="address")
    return parts.scheme, host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _no_address() -> Invalid:
    return Invalid(
        marked("This is no address of a web server."), field="address", hint=marked("Write it like https://hooks.example/steward.")
    )


def is_trusted(host: str, port: int, allowed: frozenset[str]) -> bool:
    """Tell whether the machine's admin named this place as trusted."""
    return f"{host.lower()}:{port}" in allowed


_NAT64 = "64:ff9b::"


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the open internet: nothing of this machine, this network, or a cloud's inside."""
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip.packed.startswith(ip_address(_NAT64).packed[:12]):
            inner = IPv4Address(ip.packed[-4:])
        if inner is not None:
            return is_public(str(inner))
        if ip.packed[:12] == bytes(12) or ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)
