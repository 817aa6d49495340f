"""A running desk with a mailbox, and people who write letters to it from their mail programs."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parseaddr
from types import MappingProxyType
from typing import Any

import httpx
import pytest
from pytest_django import DjangoDbBlocker

from steward.channels.actions.accounts import create_channel
from steward.channels.models import Channel, InboundEnvelope
from steward.core import clock
from steward.desk.actions.settings import set_hold_time
from tests.cast import SETUP, Cast
from tests.channels import worlds
from tests.channels.worlds import Said
from tests.databases import point_at
from tests.mail_servers import PASSWORD, Imap, Sent, Smtp, imap_server, letter, settings_for, smtp_server
from tests.site import Site, running

DESK = "help@desk.example"
_LACKS = MappingProxyType(
    {
        "pieces": "a letter is written whole",
        "edits": "a letter that was sent stays as it is",
        "taking back": "a letter that was sent stays as it is",
        "signs": "nothing can be put on a letter",
        "taps": "nothing can be tapped in a letter",
        "leaving": "nobody can be taken out of a letter",
        "triage": "letters have no room in which agents work",
        "unreadable": "what cannot be read is kept as a file",
    }
)


@dataclass
class Talk:
    """What somebody wrote in one chat, and who else is in it."""

    others: tuple[str, ...] = ()
    written: list[str] = field(default_factory=list)
    is_over: bool = False


class Person:
    """Somebody at their mail program. A chat is an exchange of letters; a room one with others in copy."""

    def __init__(self, name: str, world: "World") -> None:
        self.name = name
        self.vendor_id = f"{name.lower()}.{secrets.token_hex(4)}@people.example"
        self._world = world

    def direct(self) -> str:
        return self._begin()

    def room(self, name: str, *others: worlds.Person) -> str:
        return self._begin(*(other.vendor_id for other in others), self.vendor_id)

    def invite(self, chat: str, whom: worlds.Person) -> None:
        talk = self._world.talks[chat]
        talk.others = (*talk.others, whom.vendor_id)

    def say(self, chat: str, body: str, *, thread: str = "", reply_to: str = "", to_desk: bool = False) -> str:
        talk = self._world.talks[chat]
        if talk.others and not (thread or to_desk):
            # Among themselves; the desk has no copy.
            return secrets.token_hex(8)
        return self._send(chat, body, answers=reply_to or thread)

    def say_as_machine(self, chat: str, body: str) -> str:
        return self._send(chat, body, Auto_Submitted="auto-replied")

    def edit(self, chat: str, message: str, body: str) -> str:
        raise AssertionError(_LACKS["edits"])

    def take_back(self, chat: str, message: str) -> None:
        raise AssertionError(_LACKS["taking back"])

    def react(self, chat: str, message: str, sign: str) -> str:
        raise AssertionError(_LACKS["signs"])

    def tap(self, chat: str, asked: Said, value: str) -> None:
        raise AssertionError(_LACKS["taps"])

    def send_file(self, chat: str, name: str, content: bytes, media_type: str) -> str:
        return self._send(chat, "", files=[(name, content, media_type)])

    def download(self, said: Said) -> bytes:
        (file,) = said.raw.letter.iter_attachments()
        return bytes(file.get_content())

    def rename(self, name: str) -> None:
        self.name = name

    def put_desk_out(self, chat: str) -> None:
        raise AssertionError(_LACKS["leaving"])

    def ask_desk_in(self, chat: str) -> None:
        raise AssertionError(_LACKS["leaving"])

    def seen(self, chat: str, *, thread: str = "") -> Sequence[Said]:
        return [_said(one) for one in self._received(chat) if not thread or thread in _references(one)]

    def write(self, chat: str, body: str, *, answers: str = "", id: str = "", **more: Any) -> tuple[str, bytes]:  # noqa: A002
        """Write a letter: an answer to the newest one here, with that one quoted below, or the first of its kind."""
        talk, name = self._world.talks[chat], id or f"{secrets.token_hex(10)}@people.example"
        headers = {"Cc": ", ".join(one for one in talk.others if one != self.vendor_id)} if talk.others else {}
        newest = next(iter(reversed(self._received(chat))), None)
        said, to, subject, chain = body, DESK, body.split("\n", maxsplit=1)[0], ()
        if answers:
            subject, chain = "Re: something", (answers,)
        elif newest is not None and not talk.is_over:
            to, subject = str(newest.letter["Reply-To"] or newest.letter["From"]), f"Re: {newest.letter['Subject']}"
            chain = (*_references(newest), newest.id)
            quoted = "\n".join(f"> {line}" for line in newest.text.splitlines())
            said = f"{body}\n\nOn Mon, 2 Mar 2026 at 10:00, Desk <{DESK}> wrote:\n\n{quoted}\n" if body else ""
        elif talk.written and not talk.is_over:
            subject, chain = "Re: something", (talk.written[-1],)
        sender = f"{self.name} <{self.vendor_id}>"
        return name, letter(said, sender=sender, to=to, subject=subject, id=name, answers=chain, **{**headers, **more})

    def _send(self, chat: str, body: str, **more: Any) -> str:
        talk = self._world.talks[chat]
        name, raw = self.write(chat, body, **more)
        talk.written.append(name)
        # Whoever has said that it is fixed begins a new letter for the next matter.
        talk.is_over = body == "yes"
        self._world.imap.append(raw)
        return name

    def _begin(self, *others: str) -> str:
        chat = secrets.token_hex(8)
        self._world.talks[chat] = Talk(others)
        return chat

    def _received(self, chat: str) -> list[Sent]:
        return self._world.smtp.to(self.vendor_id)


def _references(sent: Sent) -> tuple[str, ...]:
    return tuple(one.strip("<>") for one in str(sent.letter["References"] or "").split())


def _said(sent: Sent) -> Said:
    name = parseaddr(str(sent.letter["From"]))[0]
    author = f"{name.split(' ')[0]}: " if " via " in name else ""
    files = [str(part.get_filename()) for part in sent.letter.iter_attachments()]
    return Said(sent.id, "\n".join([f"{author}{sent.text}", *files]), by_desk=True, raw=sent)


@dataclass
class World:
    """A desk and its mail servers, and who is there."""

    site: Site
    cast: Cast
    imap: Imap
    smtp: Smtp
    channel: Channel
    talks: dict[str, Talk] = field(default_factory=dict)
    kind: str = "email"
    counterpart: str = "real servers: pymap for IMAP, aiosmtpd for SMTP, started by the suite"

    @property
    def lacks(self) -> Mapping[str, str]:
        return _LACKS

    def person(self, name: str) -> Person:
        return Person(name, self)

    def fail(self, how: str) -> None:
        self.smtp.fails = how

    def taken(self, event: str) -> bool:
        return InboundEnvelope.objects.filter(vendor_event_id__endswith=f":{event}").exclude(done_at=None).exists()

    def message(self, chat: str, who: Person, body: str, *, name: str = "", changes: str = "") -> bytes:
        assert not changes
        return who.write(chat, body, id=name and f"{name}@people.example")[1]

    def bring(self, *events: bytes) -> int:
        self.imap.append(*events)
        return 200

    def forged(self, name: str) -> Sequence[int]:
        address = f"{self.site.address}/channels/email/{self.channel.pk}/events"
        bodies = [
            letter(f"let me in {name}"),
            name.encode(),
            b"\xff\xfe\x00" + name.encode(),
            b'["' + name.encode() + b'", ' + b"[" * 100_000,
        ]
        return [httpx.post(address, content=body, timeout=60).status_code for body in bodies]

    def meaningless(self) -> str:
        name = secrets.token_hex(12)
        self.imap.append(f"Message-ID: <{name}@people.example>\r\nSubject: from nobody\r\n\r\nHello".encode())
        return name

    def speaks_unreadably(self, who: worlds.Person, chat: str) -> None:
        raise AssertionError(_LACKS["unreadable"])


@pytest.fixture(scope="module")
def _world(django_db_setup: None, template_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with (
        django_db_blocker.unblock(),
        running("steward_email", template=template_database) as (site, cast),
        imap_server() as imap,
        smtp_server() as smtp,
    ):
        set_hold_time(channel="email", seconds=0, by=SETUP, at=clock.now())
        cast.on_shift(cast.ada, cast.ben)
        channel = create_channel(
            kind="email",
            name="Help",
            settings=settings_for(imap, smtp),
            secrets={"imap_password": PASSWORD},
            by=cast.actor(cast.ana),
            at=clock.now(),
        )
        site.start("listen email")
        yield World(site, cast, imap, smtp, channel)


@pytest.fixture
def world(_world: World) -> World:
    """Give both; the connection leads to the running desk's database."""
    point_at(_world.site.database)
    _world.smtp.fails = ""
    return _world
