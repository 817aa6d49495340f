"""Request bodies, taken in whole before a page runs.

A slow or broken upload holds no thread, and a view never sees a body cut short.
"""

import asyncio
from tempfile import SpooledTemporaryFile
from typing import IO

from steward.config.dispatcher.protocol import Message, Receive, Scope, header

IN_MEMORY = 2**20


class Dropped(Exception):
    """The client went away before its body was complete; nobody is left to answer."""


class Refused(Exception):
    """The body cannot be taken; `status` says why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def has_body(scope: Scope) -> bool:
    """Say whether a request announces a body."""
    return header(scope, b"content-length") not in {b"", b"0"} or bool(header(scope, b"transfer-encoding"))


def announced(scope: Scope) -> int | None:
    """Give the announced length, None where the body comes in chunks of unknown number."""
    length = header(scope, b"content-length")
    if header(scope, b"transfer-encoding") or not length:
        return None
    if not length.isdigit():
        raise Refused(400)
    return int(length)


async def spool(scope: Scope, receive: Receive, *, limit: int, patience: float) -> IO[bytes]:
    """Take in the whole body, in memory up to 1 MB and on disk beyond; raises `Refused` or `Dropped`."""
    expected = announced(scope)
    _keep_to(limit, expected or 0)
    body: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 -- closed by the caller
    try:
        while True:
            message = await _next(receive, patience)
            chunk = message.get("body", b"")
            _keep_to(limit, body.tell() + len(chunk))
            # A write beyond the first megabyte touches the disk, and other requests wait for this loop.
            if body.tell() + len(chunk) > IN_MEMORY:
                await asyncio.to_thread(body.write, chunk)
            else:
                body.write(chunk)
            if not message.get("more_body", False):
                break
        _check_whole(body.tell(), expected)
    except BaseException:
        body.close()
        raise
    return body


async def discard(receive: Receive, *, seconds: float) -> None:
    """Read what is left of a refused body for a while: a client still sending would see a reset instead of the answer."""
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return
    except TimeoutError:
        return


def with_length(scope: Scope, body: IO[bytes]) -> Scope:
    """Give the scope with the body's true length, which a chunked request did not announce."""
    kept = [(name, value) for name, value in scope["headers"] if name not in {b"content-length", b"transfer-encoding"}]
    return {**scope, "headers": [*kept, (b"content-length", str(body.tell()).encode())]}


def _keep_to(limit: int, length: int) -> None:
    if length > limit:
        raise Refused(413)


def _check_whole(length: int, expected: int | None) -> None:
    if expected is not None and length != expected:
        raise Refused(400)


async def _next(receive: Receive, patience: float) -> Message:
    try:
        async with asyncio.timeout(patience):
            message = await receive()
    except TimeoutError:
        raise Refused(408) from None
    if message["type"] != "http.request":
        raise Dropped
    return message
