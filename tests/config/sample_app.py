"""A small application behind the real dispatcher, run by the real web server in `test_dispatcher.py`."""

import asyncio
import json
import os
import threading
import time
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Any

import django
from django.conf import settings

if not settings.configured:
    settings.configure(USE_I18N=True, LANGUAGE_CODE="en")
    django.setup()

from steward.config.dispatcher.app import Dispatcher
from steward.config.dispatcher.protocol import Receive, Scope, Send

ran: list[str] = []
streams = {"open": 0}


def pages(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer what the tests ask, and note what ran."""
    path = environ["PATH_INFO"]
    body = environ["wsgi.input"].read()
    ran.append(f"{environ['REQUEST_METHOD']} {path} {len(body)}")
    start_response("200 OK", [("content-type", "application/json")])
    if path == "/slow":
        time.sleep(1.5)
    if path == "/big":
        return (b"x" * 65536 for _ in range(3000))
    answer = {
        "length": len(body),
        "announced": environ.get("CONTENT_LENGTH", ""),
        "digest": sha256(body).hexdigest(),
        "thread": threading.current_thread().name,
        "ran": ran,
        **streams,
    }
    return [json.dumps(answer).encode()]


async def live(scope: Scope, receive: Receive, send: Send) -> None:
    """Stream a tick ten times a second, for ever."""
    streams["open"] += 1
    try:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
        while True:
            await send({"type": "http.response.body", "body": b"data: tick\n\n", "more_body": True})
            await asyncio.sleep(0.1)
    finally:
        streams["open"] -= 1


patience = float(os.environ.get("SAMPLE_PATIENCE", "30"))
application = Dispatcher(
    pages,
    {"/live": live},
    threads=8,
    max_body=26_000_000,
    chunk_patience=patience,
    client_patience=patience,
)
