"""Talking to the open platform: every answer is an answer, a reason to wait, or a refusal."""

import threading
import time
from functools import lru_cache
from typing import Any

import httpx

from steward.channels.contract import Account, Later, Refused

PATIENCE = httpx.Timeout(15.0, connect=5.0)
_HOSTS = {"feishu": "https://open.feishu.cn", "lark": "https://open.larksuite.com"}
_RENEW_BEFORE = 300.0
# Codes of the platform: the token is over, too much at once for the app, the tenant or one chat, and being sent already.
_TOKEN_IS_OVER = frozenset({99991661, 99991663, 99991664, 99991665, 99991668})
_TOO_MUCH = frozenset({99991400, 11232})
_TOO_MUCH_HERE = frozenset({230020, 230049})
_BUSY = frozenset({1, 190001, 230096, 99991671})

_tokens: dict[tuple[str, str, str], tuple[str, float]] = {}
_renewing = threading.Lock()


class Rejected(Refused):
    """A refusal of the platform with its code."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(f"{code} {words}".strip())
        self.code = code


def address_of(account: Account) -> str:
    """Give where the account's platform is: Feishu's, Lark's, or one of an installation of its own."""
    domain = str(account.settings.get("domain") or "feishu")
    return _HOSTS.get(domain, domain).rstrip("/")


@lru_cache(maxsize=16)
def _client(base_url: str) -> httpx.Client:
    return httpx.Client(base_url=base_url, timeout=PATIENCE, follow_redirects=False)


def ask(account: Account, method: str, path: str, **more: Any) -> dict[str, Any]:
    """Ask the platform as the app and give the data of its answer. Raises `Later` and `Refused`."""
    for token_is_fresh in (False, True):
        response = _send(account, method, path, token=_token(account, renewed=token_is_fresh), **more)
        answer = _object(response)
        if answer.get("code") not in _TOKEN_IS_OVER or token_is_fresh:
            break
    _check(response, answer)
    data = answer.get("data")
    # A few answers, such as that on the bot itself, have no data around what they say.
    return data if isinstance(data, dict) else answer


def _token(account: Account, *, renewed: bool) -> str:
    app_id, secret = str(account.settings.get("app_id", "")), str(account.secrets.get("app_secret", ""))
    key = (address_of(account), app_id, secret)
    with _renewing:
        token, until = _tokens.get(key, ("", 0.0))
        if renewed or time.monotonic() > until - _RENEW_BEFORE:
            told = {"app_id": app_id, "app_secret": secret}
            response = _send(account, "POST", "/open-apis/auth/v3/tenant_access_token/internal", json=told)
            answer = _object(response)
            token, seconds = str(answer.get("tenant_access_token") or ""), answer.get("expire")
            if not token:
                # A secret that is wrong is set right by the operator; nothing is given up until then.
                raise Later(f"{answer.get('code')} {answer.get('msg', '')}".strip(), seconds=_reset(response))
            _tokens[key] = (token, time.monotonic() + (seconds if isinstance(seconds, int | float) else 0))
    return token


def _send(account: Account, method: str, path: str, *, token: str = "", **more: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        return _client(address_of(account)).request(method, path, headers=headers, **more)
    except (httpx.TransportError, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise Later(f"{type(error).__name__}: {error}") from error


def _object(response: httpx.Response) -> dict[str, Any]:
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise Later(f"{response.status_code}", seconds=_reset(response))
    try:
        answer = response.json()
    except ValueError as error:
        raise Later(f"{response.status_code}: the answer is no JSON") from error
    if not isinstance(answer, dict):
        raise Later(f"{response.status_code}: the answer is no object")
    return answer


def _reset(response: httpx.Response) -> float | None:
    told = response.headers.get("x-ogw-ratelimit-reset", "")
    return float(told) if told.isascii() and told.isdigit() else None


def _check(response: httpx.Response, answer: dict[str, Any]) -> None:
    code, words = answer.get("code"), str(answer.get("msg", ""))
    if code == 0 and response.status_code < httpx.codes.BAD_REQUEST:
        return
    why = f"{code} {words}".strip()
    if code in _TOO_MUCH_HERE:
        raise Later(why, seconds=_reset(response), only_here=True)
    if code in _TOO_MUCH or code in _TOKEN_IS_OVER or code in _BUSY or response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise Later(why, seconds=_reset(response))
    raise Rejected(code if isinstance(code, int) else response.status_code, words)


def download(account: Account, path: str, *, most: int, **params: str) -> bytes:
    """Fetch a file, at most so many bytes. Raises `Refused` for a larger one or none."""
    content = bytearray()
    headers = {"Authorization": f"Bearer {_token(account, renewed=False)}"}
    try:
        with _client(address_of(account)).stream("GET", path, params=params, headers=headers) as response:
            if response.status_code != httpx.codes.OK or "application/json" in response.headers.get("content-type", ""):
                response.read()
                _check(response, _object(response))
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > most:
                    raise Refused(f"larger than {most // 1024 // 1024} MiB")
    except httpx.TransportError as error:
        raise Later(f"{type(error).__name__}: {error}") from error
    return bytes(content)
