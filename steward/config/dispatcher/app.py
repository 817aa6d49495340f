"""The dispatcher: the live stream natively asynchronous, every page on Django's threads."""

import asyncio
import signal
import threading
from collections.abc import Callable, Mapping
from typing import Any

from steward.config.dispatcher import bodies, streams
from steward.config.dispatcher.pages import Pages
from steward.config.dispatcher.protocol import Application, Message, Receive, Scope, Send
from steward.config.dispatcher.refusals import refuse


class Dispatcher:
    """Sends each request to where it belongs and owns bodies, limits, time-outs and the stop."""

    def __init__(
        self,
        pages: Callable[..., Any],
        live: Mapping[str, Application],
        *,
        threads: int,
        max_body: int,
        chunk_patience: float = 30.0,
        client_patience: float = 30.0,
    ) -> None:
        self._pages = Pages(pages, threads=threads)
        self._live = live
        self._max_body = max_body
        self._chunk_patience = chunk_patience
        self._client_patience = client_patience
        self._stopping = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] == "lifespan":
            await self._live_and_stop(receive, send)
        elif scope["type"] == "http":
            live = self._live.get(scope["path"])
            await (self._stream(live, scope, receive, send) if live else self._page(scope, receive, send))
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _live_and_stop(self, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        # The web server's own handler stays: the loop hears of the signal through its wake-up descriptor and
        # calls it, and this one runs beside it. Open streams would otherwise hold the stop until the kill.
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: loop.call_soon_threadsafe(self._stopping.set))
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                self._stopping.set()
                await send({"type": "lifespan.shutdown.complete"})
                return
            await send({"type": "lifespan.startup.complete"})

    async def _stream(self, live: Application, scope: Scope, receive: Receive, send: Send) -> None:
        is_begun = not self._stopping.is_set() and await streams.run(live, scope, receive, send, stopping=self._stopping)
        if not is_begun and self._stopping.is_set():
            await refuse(scope, send, 503)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not bodies.has_body(scope):
            await self._pages(scope, None, self._patient(send))
            return
        try:
            body = await bodies.spool(scope, receive, limit=self._max_body, patience=self._chunk_patience)
        except bodies.Dropped:
            return
        except bodies.Refused as refused:
            if refused.status == 413:  # noqa: PLR2004
                await bodies.discard(receive, seconds=5.0)
            await refuse(scope, send, refused.status, limit=self._max_body)
            return
        with body:
            await self._pages(bodies.with_length(scope, body), body, self._patient(send))

    def _patient(self, send: Send) -> Send:
        """Wait for a client that reads slowly, but not for ever: its page's thread would wait with it."""
        is_gone = False

        async def patient(message: Message) -> None:
            nonlocal is_gone
            if is_gone:
                return
            try:
                async with asyncio.timeout(self._client_patience):
                    await send(message)
            except (TimeoutError, OSError, RuntimeError):
                is_gone = True

        return patient
