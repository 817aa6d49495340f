"""Real mail servers on loopback: pymap for IMAP in a process of its own, ended by its number, and aiosmtpd for SMTP in a thread."""

import asyncio
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from imapclient import IMAPClient

from tests.site import wait_for

USER, PASSWORD = "desk", "mail-password"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass
class Imap:
    """An IMAP server with one mailbox, which is empty whenever it starts."""

    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None
    _lock: Any = field(default_factory=threading.Lock)
    _client: IMAPClient | None = None

    def start(self) -> None:
        run = "import sys; from pymap.main import main; sys.exit(main())"
        where = ["--host", "127.0.0.1", "--port", str(self.port), "--no-tls"]
        alone = ["--no-service", "admin", "--no-service", "managesieve"]
        desk = ["dict", "--demo-user", USER, "--demo-password", PASSWORD]
        command = [sys.executable, "-W", "ignore", "-c", run, *where, *alone, *desk]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert wait_for(self._answers, 60)

    def stop(self) -> None:
        with self._lock:
            if self._client is not None:
                with suppress(Exception):
                    self._client.shutdown()
            self._client = None
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)
        self.process = None

    def client(self) -> IMAPClient:
        """Give a new connection that is signed in."""
        client = IMAPClient("127.0.0.1", port=self.port, ssl=False, timeout=60)
        client.login(USER, PASSWORD)
        return client

    def append(self, *letters: bytes) -> None:
        """Put letters into the mailbox, in their order."""
        with self._lock:
            if self._client is None:
                self._client = self.client()
            for letter in letters:
                self._client.append("INBOX", letter)

    def seen(self) -> dict[int, bool]:
        """Say of each letter whether it is marked as seen."""
        client = self.client()
        try:
            client.select_folder("INBOX", readonly=True)
            flags = client.get_flags(client.search())
            return {uid: b"\\Seen" in found for uid, found in flags.items()}
        finally:
            client.logout()

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False


@dataclass(frozen=True)
class Sent:
    """A letter as the server took it: for whom, and what stands in it."""

    sender: str
    whom: tuple[str, ...]
    raw: bytes
    letter: EmailMessage

    @property
    def id(self) -> str:
        return str(self.letter["Message-ID"]).strip("<> ")

    @property
    def text(self) -> str:
        part = self.letter.get_body(("plain",))
        return "" if part is None else str(part.get_content()).strip()


class Smtp:
    """An SMTP server that keeps what it is handed, once for each id, and fails as told: limited, broken, garbage or silent.

    `refuses` says with what words somebody's letters are refused.
    """

    def __init__(self) -> None:
        self.taken: list[Sent] = []
        self.fails = ""
        self.refuses: dict[str, str] = {}
        self.tried = 0
        self._controller = Controller(_Handler(self), hostname="127.0.0.1", port=free_port(), data_size_limit=40_000_000)
        self._controller.start()
        self.port: int = self._controller.port

    def stop(self) -> None:
        self.fails = ""
        self._controller.stop()

    def to(self, address: str) -> list[Sent]:
        """Give what somebody finds in their mailbox, oldest first; a letter that came twice is shown once."""
        found = {one.id: one for one in reversed(self.taken) if address in one.whom}
        return list(reversed(found.values()))


class _Handler:
    def __init__(self, smtp: Smtp) -> None:
        self._smtp = smtp

    async def handle_EHLO(self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]) -> list[str]:
        return await self._greet(session, hostname, responses)

    async def handle_HELO(self, _server: Any, session: Any, _envelope: Any, hostname: str) -> str:
        return (await self._greet(session, hostname, ["250 mail.example"]))[-1]

    async def _greet(self, session: Any, hostname: str, responses: list[str]) -> list[str]:
        smtp = self._smtp
        smtp.tried += 1
        while smtp.fails == "silent":  # noqa: ASYNC110 -- it is told from another thread
            await asyncio.sleep(0.05)
        if smtp.fails in {"broken", "garbage"}:
            return ["421 The server is going down" if smtp.fails == "broken" else "<html>no such thing"]
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, options: Any) -> str:
        if self._smtp.fails == "limited":
            return "451 4.7.1 Too many letters, try again later"
        if address in self._smtp.refuses:
            return self._smtp.refuses[address]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        raw = bytes(envelope.content)
        letter = message_from_bytes(raw, policy=default)
        self._smtp.taken.append(Sent(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw, letter))
        return "250 Taken"


@contextmanager
def imap_server() -> Iterator[Imap]:
    """Run an IMAP server."""
    imap = Imap()
    imap.start()
    try:
        yield imap
    finally:
        imap.stop()


@contextmanager
def smtp_server() -> Iterator[Smtp]:
    """Run an SMTP server."""
    smtp = Smtp()
    try:
        yield smtp
    finally:
        smtp.stop()


def settings_for(imap: Imap | None, smtp: Smtp | None, **more: str) -> dict[str, str]:
    """Give the settings of a channel that speaks to these."""
    found = {"address": "help@desk.example", "imap_security": "none", "smtp_security": "none"}
    if imap is not None:
        found |= {"imap_host": "127.0.0.1", "imap_port": str(imap.port), "imap_user": USER}
    if smtp is not None:
        found |= {"smtp_host": "127.0.0.1", "smtp_port": str(smtp.port)}
    return {**found, **more}


def letter(
    body: str = "The console is slow.",
    *,
    sender: str = "Mara <mara@people.example>",
    to: str = "help@desk.example",
    subject: str = "The console is slow",
    id: str = "",  # noqa: A002
    answers: Sequence[str] = (),
    files: Sequence[tuple[str, bytes, str]] = (),
    html: str = "",
    **headers: str,
) -> bytes:
    """Write a letter as a mail program does; `answers` are the ids of what it answers, oldest first."""
    written = EmailMessage(policy=default)
    written["From"], written["To"], written["Subject"] = sender, to, subject
    written["Message-ID"] = f"<{id or f'{secrets.token_hex(10)}@people.example'}>"
    written["Date"] = "Mon, 02 Mar 2026 10:00:00 +0000"
    if answers:
        written["In-Reply-To"], written["References"] = f"<{answers[-1]}>", " ".join(f"<{one}>" for one in answers)
    for name, value in headers.items():
        written[name.replace("_", "-")] = value
    written.set_content(body)
    if html:
        written.add_alternative(html, subtype="html")
    for name, content, media_type in files:
        kind, _slash, sub = media_type.partition("/")
        written.add_attachment(content, maintype=kind, subtype=sub, filename=name)
    return written.as_bytes()
