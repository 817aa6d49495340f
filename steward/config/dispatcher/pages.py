"""Pages on Django's threads: a request goes to a thread once and comes back once, with its whole answer."""

import asyncio
import contextvars
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, Any

from a2wsgi.wsgi import build_environ

from steward.config.dispatcher.protocol import Message, Scope, Send

# So much of an answer is gathered before any of it is sent; a larger one, such as a file, goes out piece by piece.
GATHERED = 2**18

Page = Callable[..., Iterable[bytes]]


@dataclass
class _Answer:
    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    pieces: list[bytes] = field(default_factory=list)
    size: int = 0

    def start_response(self, status: str, headers: list[tuple[str, str]], _error: Any = None) -> Callable[[bytes], None]:
        self.status = int(status.split(" ", 1)[0])
        self.headers = [(name.strip().encode("latin1").lower(), value.strip().encode("latin1")) for name, value in headers]
        return self.add

    def add(self, piece: bytes) -> None:
        self.pieces.append(piece)
        self.size += len(piece)

    @property
    def start(self) -> Message:
        return {"type": "http.response.start", "status": self.status, "headers": self.headers}

    def taken(self, *, more: bool) -> Message:
        body, self.pieces, self.size = b"".join(self.pieces), [], 0
        return {"type": "http.response.body", "body": body, "more_body": more}


class Pages:
    """A WSGI application on threads of its own.

    Each message between a thread and the event loop costs two changes of hands, about a third of a millisecond of
    processor's time; a page has three of them. Here the answer comes back with the thread itself.
    """

    def __init__(self, page: Page, *, threads: int) -> None:
        self._page = page
        self._threads = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="page")

    async def __call__(self, scope: Scope, body: IO[bytes] | None, send: Send) -> None:
        """Answer one request whose body is here in whole."""
        if body is not None:
            body.seek(0)
        environ: Any = build_environ(scope, body or BytesIO())  # type: ignore[arg-type]
        loop = asyncio.get_running_loop()

        async def sending(message: Message) -> None:
            await send(message)

        def send_now(message: Message) -> None:
            asyncio.run_coroutine_threadsafe(sending(message), loop).result()

        context = contextvars.copy_context()
        answer, is_begun = await loop.run_in_executor(self._threads, context.run, self._run, environ, send_now)
        if not is_begun:
            await send(answer.start)
        await send(answer.taken(more=False))

    def _run(self, environ: Any, send_now: Callable[[Message], None]) -> tuple[_Answer, bool]:
        """Run a page to its end; give the answer, or the rest of it when it was too large to gather."""
        answer, is_begun = _Answer(), False
        iterable = self._page(environ, answer.start_response)
        try:
            for piece in iterable:
                answer.add(piece)
                if answer.size > GATHERED:
                    if not is_begun:
                        send_now(answer.start)
                        is_begun = True
                    send_now(answer.taken(more=True))
        finally:
            getattr(iterable, "close", lambda: None)()
        return answer, is_begun
