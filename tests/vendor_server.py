"""A vendor's stand-in on loopback: a server of its own that answers as the one who stands in says."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, Any, dict[str, str]]


class Silent(Exception):
    """The vendor takes the request and says nothing."""


class StandIn:
    """Answers at `address` until stopped; `fails` are answers given before any other, `asked` what it was asked for."""

    def __init__(self) -> None:
        self.fails: list[Answer] = []
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_said: object) -> None:
                return

            def _do(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                path = urlsplit(self.path)
                try:
                    status, answer, headers = outer.answer(self.command, path.path, parse_qs(path.query), body, self.headers)
                except Silent:
                    self.close_connection = True
                    return
                content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                kind = "application/octet-stream" if isinstance(answer, bytes) else "application/json"
                for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = _do  # noqa: N815 -- the names http.server calls

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def answer(self, method: str, path: str, query: Any, body: bytes, headers: Any) -> Answer:
        """Answer a request: a status, an object or bytes, and headers. Raises `Silent` to say nothing."""
        raise NotImplementedError

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
