"""A vendor's bad days: a server on loopback that stands in front of a real one, and fails on purpose."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import httpx

_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding", "date", "server"}


class Between:
    """Passes every request on, but for what `fails` says: one of limited, broken, garbage, silent."""

    def __init__(self, target: str) -> None:
        self.fails = ""
        self.seen: list[tuple[str, str, int]] = []
        # What came, and when by the clock of measurements: before it is passed on.
        self.came: list[tuple[float, str, bytes]] = []
        client = httpx.Client(base_url=target, timeout=30)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            answers: ClassVar = {
                "limited": (429, b'{"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 300}'),
                "broken": (500, b"oh no"),
                "garbage": (200, b"<html>no such thing"),
            }

            def log_message(self, *_said: object) -> None:
                return

            def _pass(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.came.append((time.perf_counter(), self.path, body))
                if outer.fails == "silent":
                    self.close_connection = True
                    return
                if outer.fails in self.answers:
                    status, content = self.answers[outer.fails]
                    headers = {"Content-Type": "application/json"}
                else:
                    sent = {name: value for name, value in self.headers.items() if name.lower() not in {"host", "connection"}}
                    answer = client.request(self.command, self.path, content=body, headers=sent)
                    status, content = answer.status_code, answer.content
                    headers = {name: value for name, value in answer.headers.items() if name.lower() not in _HOP}
                outer.seen.append((self.command, self.path, status))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_DELETE = _pass  # noqa: N815 -- the names http.server calls

        self._client = client
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._client.close()
