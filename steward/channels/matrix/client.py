"""Talking to a homeserver: every answer is an answer, a reason to wait, or a refusal."""

from functools import lru_cache
from typing import Any
from urllib.parse import quote

import httpx

from steward.channels.contract import Account, Later, Refused

PATIENCE = httpx.Timeout(15.0, connect=5.0)
_DUPLICATE = "M_DUPLICATE_ANNOTATION"


@lru_cache(maxsize=16)
def _client(base_url: str) -> httpx.Client:
    return httpx.Client(base_url=base_url, timeout=PATIENCE, follow_redirects=False)


def ask(account: Account, method: str, path: str, **more: Any) -> dict[str, Any]:
    """Ask the homeserver as the desk's own user and give its JSON. Raises `Later` and `Refused`."""
    response = _send(account, method, path, **more)
    try:
        answer = response.json()
    except ValueError as error:
        raise Later(f"{response.status_code}: the answer is no JSON") from error
    if not isinstance(answer, dict):
        raise Later(f"{response.status_code}: the answer is no object")
    _check(response.status_code, answer)
    return answer


def _send(account: Account, method: str, path: str, **more: Any) -> httpx.Response:
    url, token = str(account.settings.get("homeserver_url", "")).rstrip("/"), str(account.secrets.get("as_token", ""))
    try:
        return _client(url).request(method, path, headers={"Authorization": f"Bearer {token}", **more.pop("headers", {})}, **more)
    except (httpx.TransportError, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise Later(f"{type(error).__name__}: {error}") from error


def _check(status: int, answer: dict[str, Any]) -> None:
    if status < httpx.codes.BAD_REQUEST:
        return
    code, words = str(answer.get("errcode", "")), str(answer.get("error", ""))
    if status == httpx.codes.TOO_MANY_REQUESTS:
        waits = answer.get("retry_after_ms")
        raise Later(f"{status} {code}", seconds=waits / 1000 if isinstance(waits, int | float) else None, only_here=True)
    if status >= httpx.codes.INTERNAL_SERVER_ERROR or status == httpx.codes.UNAUTHORIZED:
        raise Later(f"{status} {code} {words}".strip())
    raise Refused(f"{status} {code} {words}".strip())


def is_duplicate(error: Refused) -> bool:
    """Tell whether the homeserver refused a sign because it stands there already."""
    return _DUPLICATE in str(error)


def send_event(account: Account, room: str, kind: str, key: str, content: dict[str, Any]) -> str:
    """Put an event into a room; the same key gives the same event."""
    path = f"/_matrix/client/v3/rooms/{quote(room, safe='')}/send/{kind}/{quote(f'steward-{account.channel_id}-{key}', safe='')}"
    return str(ask(account, "PUT", path, json=content)["event_id"])


def download(account: Account, reference: str, *, most: int) -> bytes:
    """Fetch a file by its mxc address, at most so many bytes. Raises `Refused` for a larger one or none."""
    server, _slash, media = reference.removeprefix("mxc://").partition("/")
    if not reference.startswith("mxc://") or not server or not media:
        raise Refused("no address of a file")
    url, token = str(account.settings.get("homeserver_url", "")).rstrip("/"), str(account.secrets.get("as_token", ""))
    path = f"/_matrix/client/v1/media/download/{quote(server, safe='')}/{quote(media, safe='')}"
    content = bytearray()
    try:
        with _client(url).stream("GET", path, headers={"Authorization": f"Bearer {token}"}) as response:
            if response.status_code == httpx.codes.TOO_MANY_REQUESTS or response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
                raise Later(f"{response.status_code}")
            if response.status_code != httpx.codes.OK:
                raise Refused(f"{response.status_code}")
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > most:
                    raise Refused(f"larger than {most // 1024 // 1024} MiB")
    except httpx.TransportError as error:
        raise Later(f"{type(error).__name__}: {error}") from error
    return bytes(content)
