"""Talking to Slack's Web API: every answer is an answer, a reason to wait, or a refusal."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.utils.translation import gettext as _

from steward.channels.contract import Account, Json, Later, Refused

PATIENCE = httpx.Timeout(20.0, connect=5.0)
USUAL = "https://slack.com/api"
# What the operator sets right, and what passes by itself: nothing is given up for either.
_NOT_LET_IN = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope", "not_allowed_token_type"}
)
_BUSY = frozenset({"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"})


class Rejected(Refused):
    """A refusal of the vendor with its code."""

    def __init__(self, code: str, more: str = "") -> None:
        super().__init__(f"{code} {more}".strip())
        self.code = code


def address_of(account: Account) -> str:
    """Give where the account's API is."""
    return str(account.settings.get("api_url") or USUAL).rstrip("/")


@lru_cache(maxsize=16)
def _client(base_url: str) -> httpx.Client:
    return httpx.Client(base_url=base_url, timeout=PATIENCE, follow_redirects=False)


def ask(
    account: Account, method: str, told: Json | None = None, *, who: str = "bot_token", only_here: bool = False
) -> dict[str, Any]:
    """Call a method as the bot, or as whom another secret says; a limit reached is about one chat alone where `only_here`.

    Raises `Later` and `Refused`.
    """
    return _asked(account, method, told or {}, who=who, only_here=only_here)[0]


def scopes_of(account: Account) -> tuple[dict[str, Any], frozenset[str]]:
    """Say who the desk is there, and what the app may do."""
    answer, response = _asked(account, "auth.test", {}, who="bot_token", only_here=False)
    given = response.headers.get("x-oauth-scopes", "")
    return answer, frozenset(one.strip() for one in given.split(",") if one.strip())


def pages(account: Account, method: str, key: str, told: Json, *, most: int) -> Iterator[dict[str, Any]]:
    """Give the rows of a list, page by page, so many at most."""
    cursor, given = "", 0
    while True:
        found = ask(account, method, {**told, "limit": min(200, most), **({"cursor": cursor} if cursor else {})})
        rows = found.get(key)
        for row in rows if isinstance(rows, list) else []:
            if isinstance(row, dict):
                yield row
                given += 1
                if given >= most:
                    return
        cursor = str((found.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return


def _asked(account: Account, method: str, told: Json, *, who: str, only_here: bool) -> tuple[dict[str, Any], httpx.Response]:
    # Reading takes forms alone, writing objects too: blocks and metadata need them.
    body: dict[str, Any] = (
        {"json": dict(told)} if method in _OBJECTS else {"data": {key: _plain(value) for key, value in told.items()}}
    )
    try:
        response = _client(address_of(account)).post(f"/{method}", headers=_headers(account, who), **body)
    except (httpx.TransportError, httpx.InvalidURL) as error:
        raise Later(f"{type(error).__name__}: {error}") from error
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise Later("ratelimited", seconds=_seconds(response), only_here=only_here)
    try:
        answer = response.json()
    except ValueError as error:
        raise Later(f"{response.status_code}: the answer is no JSON") from error
    if not isinstance(answer, dict):
        raise Later(f"{response.status_code}: the answer is no object")
    _check(response, answer)
    return answer, response


_OBJECTS = frozenset({"chat.postMessage", "files.completeUploadExternal"})


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _headers(account: Account, who: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {account.secrets.get(who) or ''}"}


def _seconds(response: httpx.Response) -> float | None:
    told = response.headers.get("retry-after", "")
    return float(told) if told.isascii() and told.isdigit() else None


def _check(response: httpx.Response, answer: dict[str, Any]) -> None:
    if answer.get("ok") is True and response.status_code < httpx.codes.BAD_REQUEST:
        return
    code = str(answer.get("error") or response.status_code)
    if code in _NOT_LET_IN or code in _BUSY or response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        needed = f"({answer['needed']})" if code == "missing_scope" and answer.get("needed") else ""
        raise Later(f"{code} {needed}".strip(), seconds=_seconds(response))
    raise Rejected(code)


def download(account: Account, address: str, *, most: int) -> bytes:
    """Fetch a file, at most so many bytes. Raises `Refused` for a larger one, none, or one that lies elsewhere."""
    if not _is_theirs(account, address):
        raise Refused(_("The file lies with another service."))
    content = bytearray()
    try:
        with httpx.stream("GET", address, headers=_headers(account, "bot_token"), timeout=PATIENCE) as response:
            if response.status_code == httpx.codes.TOO_MANY_REQUESTS or response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
                raise Later(f"{response.status_code}", seconds=_seconds(response))
            # Whoever may not have a file is shown the way to the sign-in, as a page or by a redirect.
            if response.status_code != httpx.codes.OK or _is_sign_in(response, address):
                raise Refused(_("The vendor does not give the file (%(status)s).") % {"status": response.status_code})
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > most:
                    raise Refused(f"larger than {most // 1024 // 1024} MiB")
    except (httpx.TransportError, httpx.InvalidURL) as error:
        raise Later(f"{type(error).__name__}: {error}") from error
    return bytes(content)


def _is_sign_in(response: httpx.Response, address: str) -> bool:
    is_page = response.headers.get("content-type", "").startswith("text/html")
    return is_page and not urlsplit(address).path.lower().endswith((".html", ".htm"))


def _is_theirs(account: Account, address: str) -> bool:
    # The token goes along: it is shown to nobody but the vendor.
    try:
        there, own = urlsplit(address), urlsplit(address_of(account))
        host = there.hostname or ""
        if (there.scheme, host, there.port) == (own.scheme, own.hostname, own.port):
            return True
    except ValueError:
        return False
    return there.scheme == "https" and there.port in {None, 443} and (host == "slack.com" or host.endswith(".slack.com"))


def upload(account: Account, address: str, content: bytes, name: str) -> None:
    """Put the bytes of a file where the vendor said. Raises `Later` and `Refused`."""
    if not _is_theirs(account, address):
        raise Refused(_("The file lies with another service."))
    try:
        response = httpx.post(address, files={"filename": (name, content)}, timeout=PATIENCE)
    except (httpx.TransportError, httpx.InvalidURL) as error:
        raise Later(f"{type(error).__name__}: {error}") from error
    if response.status_code != httpx.codes.OK:
        raise Later(f"{response.status_code}: the file was not taken", seconds=_seconds(response))
