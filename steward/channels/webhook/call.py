"""Posting to an address somebody else chose: checked once, connected to as checked, bounded in time and size."""

import socket
import ssl
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from threading import Event, Timer
from time import monotonic

from steward import __version__
from steward.channels.rules.webhooks import is_public, is_trusted, place_of
from steward.core.errors import Invalid

CONNECT_WITHIN, WHOLE_WITHIN = 5.0, 15.0
LONGEST_ANSWER = 1_000
_OK = range(200, 300)


@dataclass(frozen=True)
class Answer:
    """How a call ended: the status and the beginning of what was answered, or the problem."""

    milliseconds: int
    status: int | None = None
    text: str = ""
    problem: str = ""

    @property
    def is_taken(self) -> bool:
        """Tell whether the other side said that it has it."""
        return self.status in _OK


def post(address: str, *, body: bytes, headers: dict[str, str], allowed: frozenset[str], within: float = WHOLE_WITHIN) -> Answer:
    """Post a body and give how it ended; nothing is raised for what the other side does.

    The name is resolved once, every address of it is checked, and the connection goes to one that was: a name that leads
    elsewhere a moment later leads nowhere. No redirect is followed, and no proxy of the environment is used.
    """
    started = monotonic()
    try:
        scheme, host, port, path = place_of(address, allowed=allowed)
        found = _resolved(host, port, allowed)
        status, text = _talk(scheme, host, port, path, found, body=body, headers=headers, within=within)
    except Invalid as refused:
        return Answer(_since(started), problem=refused.message)
    except TimeoutError:
        return Answer(_since(started), problem="no answer in time")
    except ssl.SSLError as error:
        return Answer(_since(started), problem=f"no trusted connection: {error.reason or error}"[:200])
    except (OSError, HTTPException, ValueError) as error:
        late = monotonic() - started >= within
        return Answer(_since(started), problem="no answer in time" if late else f"{type(error).__name__}: {error}"[:200])
    return Answer(_since(started), status=status, text=text)


def _since(started: float) -> int:
    return round((monotonic() - started) * 1000)


def _resolved(host: str, port: int, allowed: frozenset[str]) -> str:
    try:
        found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (socket.gaierror, UnicodeError) as error:
        raise OSError(f"{host} is not known: {error}") from error
    if not is_trusted(host, port, allowed) and not all(map(is_public, found)):
        raise Invalid("The address leads into a network of ours; nothing is sent there.")
    return found[0]


def _talk(
    scheme: str, host: str, port: int, path: str, ip: str, *, body: bytes, headers: dict[str, str], within: float
) -> tuple[int, str]:
    connection = HTTPConnection(host, port)
    plain = socket.create_connection((ip, port), timeout=min(CONNECT_WITHIN, within))
    # Each read has its time-out; one who sends a byte now and then is cut off by the clock.
    cut = Event()
    clock = Timer(within, _cut, [plain, cut])
    clock.daemon = True
    clock.start()
    try:
        plain.settimeout(within)
        secure = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if scheme == "https" else plain
        connection.sock = secure
        connection.request(
            "POST", path, body=body, headers={**headers, "User-Agent": f"Steward/{__version__}", "Connection": "close"}
        )
        answer = connection.getresponse()
        text = answer.read(LONGEST_ANSWER).decode("utf-8", "replace").replace("\x00", "␀")
        # What was cut off looks like an answer that simply ended.
        if cut.is_set():
            raise TimeoutError
        return answer.status, text
    finally:
        clock.cancel()
        connection.close()
        plain.close()


def _cut(held: socket.socket, cut: Event) -> None:
    cut.set()
    try:
        held.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
