"""What the conformance suite asks of every channel's counterpart: people at their clients, and a wire that can fail or lie.

Each adapter gives a `World` of its own (`matrix_world.py` is the example); the behaviors in `conformance/behaviors` know no vendor.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from steward.channels.models import Channel
from tests.cast import Cast
from tests.site import Site


@dataclass(frozen=True)
class Said:
    """What stands in a chat, as those in it see it; `raw` is the vendor's own."""

    id: str
    text: str
    by_desk: bool = False
    thread: str = ""
    raw: Any = field(default=None, compare=False)


class Person(Protocol):
    """Somebody at their client of the vendor. Chats and messages are named by the vendor's ids."""

    name: str
    vendor_id: str

    def direct(self) -> str:
        """Open a private chat with the desk, and wait until the desk is there."""

    def room(self, name: str, *others: "Person") -> str:
        """Open a room with the desk and others in it, and wait until the desk is there."""

    def invite(self, chat: str, whom: "Person") -> None:
        """Take somebody into a room."""

    def say(self, chat: str, body: str, *, thread: str = "", reply_to: str = "", to_desk: bool = False) -> str:
        """Say something, naming the desk where asked; give the message."""

    def say_as_machine(self, chat: str, body: str) -> str:
        """Say something as programs do; give the message."""

    def edit(self, chat: str, message: str, body: str) -> str:
        """Change what was said; give the change."""

    def take_back(self, chat: str, message: str) -> None:
        """Take back what was said."""

    def react(self, chat: str, message: str, sign: str) -> str:
        """Put a sign (✅ ❌ 🎫 🎉) on a message; give the sign."""

    def tap(self, chat: str, asked: Said, value: str) -> None:
        """Tap one of the answers shown under a question: yes or no."""

    def send_file(self, chat: str, name: str, content: bytes, media_type: str) -> str:
        """Send a file; give the message."""

    def download(self, said: Said) -> bytes:
        """Take down the file somebody sent."""

    def rename(self, name: str) -> None:
        """Be called otherwise."""

    def put_desk_out(self, chat: str) -> None:
        """Take the desk out of a chat."""

    def ask_desk_in(self, chat: str) -> None:
        """Take the desk into it again."""

    def seen(self, chat: str, *, thread: str = "") -> Sequence[Said]:
        """What stands in a chat, or in one of its threads, oldest first."""


class World(Protocol):
    """A running desk and its vendor. `lacks` says why a behavior is not the vendor's, by the behavior's ability."""

    kind: str
    counterpart: str
    lacks: Mapping[str, str]
    site: Site
    cast: Cast
    channel: Channel

    def person(self, name: str) -> Person:
        """Register somebody."""

    def fail(self, how: str) -> None:
        """Have the vendor's side fail: limited, broken, garbage or silent; or nothing, to be well again."""

    def taken(self, event: str) -> bool:
        """Say whether what came for a message, change or sign has been kept and dealt with."""

    def message(self, chat: str, who: Person, body: str, *, name: str = "", changes: str = "") -> Any:
        """Make an event as the vendor would bring it: somebody said something, or changed it before it came."""

    def bring(self, *events: Any) -> int:
        """Bring events as the vendor does; give the status the desk answers with."""

    def forged(self, name: str) -> Sequence[int]:
        """Bring what is not the vendor's, truncated, binary and nested without end, a name in each; give the statuses."""

    def meaningless(self) -> str:
        """Bring something of the vendor's that means nothing; give a name by which its envelope is found."""

    def speaks_unreadably(self, who: Person, chat: str) -> None:
        """Have somebody say something that cannot be read here, such as an encrypted message."""


def texts(who: Person, chat: str, *, thread: str = "") -> list[str]:
    """What stands in a chat, as plain words."""
    return [one.text for one in who.seen(chat, thread=thread)]
