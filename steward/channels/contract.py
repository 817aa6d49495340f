"""What an adapter is asked for, and the words in which it and the desk speak: one set for every vendor.

An adapter knows its vendor and nothing of tickets. It verifies and names what arrives, reads it into what was heard, and
carries parcels out. Everything between (order, repeats, threads, tickets, confirmations) is the same for all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from steward.channels.rules.asked import Setting
from steward.channels.rules.kinds import ChannelKind

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Account:
    """A configured channel as its adapter sees it; `secrets` never leave the adapter."""

    channel_id: int
    kind: ChannelKind
    name: str
    settings: Json
    secrets: Json = field(repr=False)


@dataclass(frozen=True)
class Place:
    """Where something is said: a chat, in it the thread under a message, or the chat itself; `direct` for one with one person."""

    chat_id: str
    root_id: str = ""
    direct: bool = False


@dataclass(frozen=True)
class Speaker:
    """Who says it, as the vendor knows them; the address only where the vendor vouches for it."""

    vendor_id: str
    name: str = ""
    email: str = ""
    is_bot: bool = False


@dataclass(frozen=True)
class RemoteFile:
    """A file that lies with the vendor until it is fetched, unless its content came along; the reference is the adapter's own."""

    reference: str
    name: str
    size: int = 0
    content: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Letter:
    """What a vendor of letters says of one beside its words.

    `ticket` is where an address or id leads that only this desk can have made; `answers` are the vendor's ids of what it
    answers, nearest first. What is `automatic` was written by no person; what is not `answerable` gets no receipt. `forged`
    says that the sender is not who they claim to be, `proven` that they are; mostly nobody knows.
    """

    ticket: int | None = None
    answers: tuple[str, ...] = ()
    copies: tuple[Speaker, ...] = ()
    automatic: bool = False
    answerable: bool = True
    forged: bool = False
    proven: bool = False


@dataclass(frozen=True)
class Wrote:
    """Somebody said something; `addressed` says that it was said to the desk, by naming it or in private."""

    vendor_id: str
    place: Place
    speaker: Speaker
    body: str
    files: tuple[RemoteFile, ...] = ()
    reply_to: str = ""
    addressed: bool = False
    subject: str = ""
    letter: Letter | None = None


@dataclass(frozen=True)
class Changed:
    """Somebody changed what they had said; `event_id` is the change's own."""

    event_id: str
    vendor_id: str
    place: Place
    speaker: Speaker
    body: str


@dataclass(frozen=True)
class TookBack:
    """Somebody took back what was said, or a reaction."""

    vendor_id: str
    place: Place
    speaker: Speaker


@dataclass(frozen=True)
class Reacted:
    """Somebody put a sign on a message, or tapped an answer under it."""

    event_id: str
    vendor_id: str
    place: Place
    speaker: Speaker
    sign: str


@dataclass(frozen=True)
class Invited:
    """The desk was asked into a chat."""

    event_id: str
    place: Place
    speaker: Speaker


@dataclass(frozen=True)
class Closed:
    """A chat or thread is gone: nothing can be carried there any more."""

    event_id: str
    place: Place
    why: str


@dataclass(frozen=True)
class Renamed:
    """Somebody is called otherwise now."""

    event_id: str
    speaker: Speaker


@dataclass(frozen=True)
class Garbled:
    """Something was said that cannot be read here, such as an encrypted message; whoever said it is to be told once."""

    event_id: str
    place: Place
    speaker: Speaker
    why: str


@dataclass(frozen=True)
class Undelivered:
    """Something of this desk, by the vendor's id, did not arrive after all."""

    event_id: str
    vendor_id: str
    why: str


@dataclass(frozen=True)
class Ignored:
    """Something that is deliberately made nothing of, such as the desk's own words that came back; it is counted."""

    event_id: str
    why: str


Heard = Wrote | Changed | TookBack | Reacted | Invited | Closed | Renamed | Garbled | Undelivered | Ignored


@dataclass(frozen=True)
class Arrival:
    """Something the vendor brought, verified and not yet read: kept under the vendor's own id for it.

    What has one `thread_key` is read in the order it came. An `original` too large for a row is kept as a file, and given
    back to `read` as those bytes under "original" in the raw.
    """

    event_id: str
    raw: Json
    thread_key: str = ""
    original: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Call:
    """A request of the vendor to this desk, as it came; names of headers in small letters."""

    method: str
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Typing:
    """That somebody other than the desk writes in a chat right now, or nobody does any more; nothing of it is kept."""

    chat_id: str
    writes: bool


@dataclass(frozen=True)
class Answer:
    """What the vendor is answered once everything that arrived is kept."""

    status: int
    body: Json
    arrivals: tuple[Arrival, ...] = ()
    typing: tuple[Typing, ...] = ()


@dataclass(frozen=True)
class Cover:
    """What a vendor of letters needs beside the words: whom to, about what, and the vendor's ids of what it answers, oldest first.

    What is `automatic` nobody wrote. `link` is where it can be answered instead; `left_out` are files too large to go along.
    """

    to: tuple[Speaker, ...]
    copies: tuple[Speaker, ...] = ()
    subject: str = ""
    thread: tuple[str, ...] = ()
    ticket: int | None = None
    automatic: bool = True
    language: str = ""
    link: str = ""
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Enclosed:
    """A file that goes along with a letter."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Parcel:
    """Something to carry out; carried twice under one `key` it arrives once, where the vendor knows such keys.

    `kind` is text, file, reaction or join. `answers` are what may be tapped under a text, as value and label; `target` is
    the vendor's id of the message reacted to.
    """

    key: str
    kind: str
    place: Place
    text: str = ""
    author: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    file_name: str = ""
    media_type: str = ""
    content: bytes = b""
    target: str = ""
    sign: str = ""
    sent_before: bool = False
    about: Json = field(default_factory=dict)
    cover: Cover | None = None
    files: tuple[Enclosed, ...] = ()


@dataclass(frozen=True)
class Traits:
    """What the vendor takes: messages a second from the account and into one chat.

    Where it carries `letters`, a message goes out whole, with a cover and all its files, of `most_bytes` together.
    """

    account_per_second: float = 50
    chat_per_second: float = 5
    letters: bool = False
    most_bytes: int = 0


class Forged(Exception):
    """A payload that is not the vendor's, or cannot be believed: nothing of it is kept."""


class Unreadable(Exception):
    """A payload that is the vendor's but means nothing to the adapter: it is kept with the reason."""


class Later(Exception):
    """The vendor cannot take or give it now: to be tried again, after so many seconds where it said so.

    `only_here` says that it is about this chat alone; otherwise the whole channel is left alone for a while.
    """

    def __init__(self, why: str, *, seconds: float | None = None, only_here: bool = False) -> None:
        super().__init__(why)
        self.seconds = seconds
        self.only_here = only_here


class Refused(Exception):
    """The vendor will never take it as it is: somebody has to look."""


class Carrier(Protocol):
    """The adapter of a vendor: one folder of this package, with one of these."""

    traits: Traits

    @property
    def asked(self) -> Sequence[Setting]:
        """What an admin fills in when a channel is set up: it makes the form, and nothing else is taken."""

    def answer(self, account: Account, call: Call) -> Answer:
        """Verify a request of the vendor; raises `Forged`. Touches neither database nor network."""

    def read(self, account: Account, raw: Json) -> Sequence[Heard]:
        """Read what was kept; the same raw gives the same. Raises `Unreadable`. Touches neither database nor network."""

    def profile(self, account: Account, speaker: Speaker) -> Speaker:
        """Give somebody with their name, and with their address where the vendor vouches for it. Raises `Later`."""

    def fetch(self, account: Account, file: RemoteFile, *, most: int) -> bytes:
        """Fetch a file of at most so many bytes. Raises `Later` or `Refused`."""

    def history(self, account: Account, place: Place, vendor_id: str) -> Sequence[Wrote]:
        """Give a message and what was said in its thread so far, oldest first. Raises `Later` or `Refused`."""

    def carry(self, account: Account, parcel: Parcel) -> str:
        """Carry a parcel out and give the vendor's id of what arrived. Raises `Later` or `Refused`."""

    def catch_up(self, account: Account, cursor: str) -> tuple[Sequence[Arrival], str]:
        """Give what arrived since a cursor of ours and a new cursor; nothing where the vendor itself sends again."""

    def check(self, account: Account) -> str:
        """Say in what way the vendor does not answer as it should, or nothing. For the operator's button."""


@runtime_checkable
class TypesAlong(Carrier, Protocol):
    """An adapter whose vendor shows in a chat that somebody writes."""

    def type(self, account: Account, place: Place) -> None:
        """Show for some seconds that the desk writes. Raises `Later` or `Refused`."""


class Line(Protocol):
    """What a listening adapter speaks to: the desk's end of a connection that is kept open."""

    @property
    def cursor(self) -> str:
        """How far what arrived is kept, in the adapter's own words; empty at the very first."""

    def keep(self, arrivals: Sequence[Arrival], *, cursor: str | None = None) -> int:
        """Keep what arrived, and how far that is; give how many were new. Only then may the vendor be told."""

    def well(self) -> None:
        """Say that the connection stands."""

    def stopped(self, *, within: float = 0) -> bool:
        """Say whether to come to an end, waiting for that so many seconds at most."""


@runtime_checkable
class Listener(Carrier, Protocol):
    """An adapter that fetches what arrives itself, by a connection it keeps open in a process of its own."""

    def listens(self, account: Account) -> bool:
        """Say whether an account is set up to be listened on."""

    def listen(self, account: Account, line: Line) -> None:
        """Stay connected and hand over what arrives, until told to stop. Raises `Later` or `Refused`; then it is called again."""
