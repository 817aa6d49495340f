"""Live streams that end when the server stops: each says goodbye, and the browser comes back to the next process."""

import asyncio
from contextlib import suppress

from steward.config.dispatcher.protocol import Application, Message, Receive, Scope, Send

BYE = b"retry: 1000\nevent: bye\ndata: {}\n\n"


class Stream:
    """One live connection, guarded so that the goodbye never falls into the middle of another event."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._turn = asyncio.Lock()
        self.has_started = False
        self.has_ended = False

    async def send(self, message: Message) -> None:
        """Pass a message on, unless the stream has ended."""
        async with self._turn:
            if self.has_ended:
                return
            self.has_started = self.has_started or message["type"] == "http.response.start"
            self.has_ended = message["type"] == "http.response.body" and not message.get("more_body", False)
            await self._send(message)

    async def say_goodbye(self) -> None:
        """End the stream as soon as the event on its way has passed; a client that reads nothing is not waited for."""
        if self.has_started:
            with suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    await self.send({"type": "http.response.body", "body": BYE, "more_body": False})


async def run(application: Application, scope: Scope, receive: Receive, send: Send, *, stopping: asyncio.Event) -> bool:
    """Run a stream until it ends or the server stops; says whether an answer was begun."""
    stream = Stream(send)
    work = asyncio.ensure_future(application(scope, receive, stream.send))
    stop = asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            await stream.say_goodbye()
        elif not work.cancelled() and (error := work.exception()):
            raise error
    finally:
        for task in (work, stop):
            task.cancel()
        await asyncio.gather(work, stop, return_exceptions=True)
    return stream.has_started
