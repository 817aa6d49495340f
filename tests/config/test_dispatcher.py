import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

# A real server is started, held up and stopped.
pytestmark = pytest.mark.crash


class Site:
    """A running web server on the loopback."""

    def __init__(self, *, patience: float) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        granian = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(self.port)]
        options = ["--workers", "1", "--loop", "asyncio", "--workers-kill-timeout", "5", "--log-level", "error"]
        self.process = subprocess.Popen(
            [*granian, *options, "tests.config.sample_app:application"],
            cwd=ROOT,
            env={**os.environ, "SAMPLE_PATIENCE": str(patience), "PYTHONPATH": str(ROOT)},
        )
        for _ in range(200):
            try:
                self.ask("GET", "/")
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the web server did not start")

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        said = answer.read()
        connection.close()
        return answer.status, json.loads(said) if "json" in answer.headers["content-type"] else said.decode()

    def open(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def stop(self) -> float:
        begun = time.monotonic()
        self.process.terminate()
        self.process.wait(timeout=30)
        return time.monotonic() - begun


@pytest.fixture
def start() -> Iterator[Callable[..., Site]]:
    sites = []

    def begin(patience: float = 30) -> Site:
        sites.append(Site(patience=patience))
        return sites[-1]

    yield begin
    for site in sites:
        site.process.terminate()
        try:
            site.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            site.process.kill()


def head(path: str, length: int) -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode()


def wait_for(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def test_bodies_arrive_whole_small_large_chunked_and_empty(start: Callable[..., Site]) -> None:
    site = start()
    for size in (0, 1, 70_000, 5_000_000):
        body = os.urandom(size)
        status, said = site.ask("POST", "/post", body)
        assert (status, said["length"], said["digest"]) == (200, size, sha256(body).hexdigest())

    status, said = site.ask("POST", "/post", iter([b"a" * 1000] * 300))
    assert (status, said["length"], said["announced"]) == (200, 300_000, "300000")


def test_too_large_a_body_is_refused_in_words_before_and_while_it_comes(start: Callable[..., Site]) -> None:
    site = start()
    status, said = site.ask("POST", "/announced", b"x" * 27_000_000)
    assert status == 413
    assert "26 MB" in said
    assert "Nothing was saved" in said
    status, said = site.ask("POST", "/api/announced", b"x" * 27_000_000)
    assert (status, said["code"]) == (413, "too_large")
    status, said = site.ask("POST", "/chunked", iter([b"x" * 1_000_000] * 27), accept="application/json")
    assert (status, said["error"]["code"]) == (413, "too_large")
    assert site.ask("GET", "/")[1]["ran"] == ["GET / 0", "GET / 0"]


def test_a_page_never_runs_with_a_body_cut_short(start: Callable[..., Site]) -> None:
    site = start()
    for body in (
        head("/cut", 1000) + b"half",
        b"POST /cut HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhalf!\r\n",
    ):
        with site.open() as client:
            client.sendall(body)
            time.sleep(0.2)
    time.sleep(0.5)
    assert site.ask("GET", "/")[1]["ran"] == ["GET / 0", "GET / 0"]


def test_eight_stalled_uploads_hold_no_thread_and_are_told_so_in_time(start: Callable[..., Site]) -> None:
    site = start(patience=2)
    stalled = [site.open() for _ in range(8)]
    for client in stalled:
        client.sendall(head("/stall", 1000) + b"never more")
    begun = time.monotonic()
    assert site.ask("POST", "/ninth", b"here")[0] == 200
    assert time.monotonic() - begun < 1
    for client in stalled:
        assert client.recv(4096).startswith(b"HTTP/1.1 408")
        client.close()
    assert all("/stall" not in line for line in site.ask("GET", "/")[1]["ran"])


def test_eight_downloads_nobody_reads_give_their_threads_back(start: Callable[..., Site]) -> None:
    site = start(patience=1)
    stalled = [site.open() for _ in range(8)]
    for client in stalled:
        client.sendall(b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
    begun = time.monotonic()
    assert site.ask("GET", "/ninth")[0] == 200
    assert time.monotonic() - begun < 5
    for client in stalled:
        client.close()


def test_a_stream_is_served_beside_the_pages_and_ends_with_its_client(start: Callable[..., Site]) -> None:
    site = start()
    with site.open() as client:
        client.sendall(b"GET /live HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"data: tick" in client.recv(4096) + client.recv(4096)
        assert site.ask("GET", "/")[1]["open"] == 1


def test_a_stop_says_goodbye_to_streams_and_answers_what_runs(start: Callable[..., Site]) -> None:
    site = start()
    streams = [site.open() for _ in range(3)]
    for client in streams:
        client.sendall(b"GET /live HTTP/1.1\r\nHost: x\r\n\r\n")
    assert wait_for(lambda: site.ask("GET", "/")[1]["open"] == 3)
    with ThreadPoolExecutor() as pool:
        running = pool.submit(site.ask, "GET", "/slow")
        time.sleep(0.4)
        assert site.stop() < 5
        assert running.result()[0] == 200
    for client in streams:
        said = b""
        while chunk := client.recv(65536):
            said += chunk
        assert b"event: bye" in said
        client.close()
    assert site.process.returncode in {0, -signal.SIGTERM}


def test_refusals_speak_the_language_asked_for(start: Callable[..., Site]) -> None:
    site = start()
    for accepted in ("xx-nothing;q=1, *", "zh-hans", "\udcff;;;q=broken".encode("latin-1", "replace").decode()):
        status, said = site.ask("POST", "/announced", b"x" * 26_500_000, accept_language=accepted)
        assert status == 413
        assert said.strip()
