"""The steps that behaviors share."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from steward.channels.actions.accounts import change_channel
from steward.channels.models import InboundEnvelope
from steward.core import clock
from steward.desk.actions.lifecycle import solve_ticket
from steward.desk.actions.replies import reply
from steward.desk.models import Message, Ticket
from tests.channels.worlds import Person, Said, World, texts
from tests.site import wait_for


def soon(condition: Callable[[], object], seconds: float = 60) -> bool:
    return wait_for(lambda: bool(condition()), seconds, pause=0.05)


def words() -> str:
    return f"The console of market {secrets.token_hex(4)} is slow"


def waits_for(who: Person, chat: str, phrase: str, *, thread: str = "", seconds: float = 60) -> Said:
    """Wait until something with these words stands there, and give the newest such."""
    found: list[Said] = []

    def stands() -> bool:
        found.extend(one for one in who.seen(chat, thread=thread) if phrase in one.text)
        return bool(found)

    assert wait_for(stands, seconds), f"{phrase!r} is not among {texts(who, chat, thread=thread)}"
    return found[-1]


def ticket_asking(question: str) -> Ticket:
    assert soon(lambda: Ticket.objects.filter(subject=question).exists())
    return Ticket.objects.get(subject=question)


def asked(who: Person, question: str) -> tuple[str, Ticket, str]:
    """Have somebody ask in private; give the chat, the ticket and the message."""
    chat = who.direct()
    message = who.say(chat, question)
    return chat, ticket_asking(question), message


def asked_in_a_room(who: Person, question: str, *others: Person) -> tuple[str, Ticket, str]:
    """Have somebody ask in a room; give the room, the ticket and the thread's root."""
    room = who.room("Console", *others)
    root = who.say(room, question, to_desk=True)
    return room, ticket_asking(question), root


@contextmanager
def quiet_for(world: World, seconds: float) -> Iterator[None]:
    """Have the desk wait longer than its tests' one second for whoever writes in pieces."""
    by = world.cast.actor(world.cast.ana)
    change_channel(channel_id=world.channel.pk, settings={"quiet_seconds": seconds}, by=by, at=clock.now())
    try:
        yield
    finally:
        change_channel(channel_id=world.channel.pk, settings={"quiet_seconds": 1}, by=by, at=clock.now())


def answer(world: World, ticket: Ticket, body: str, **more: object) -> Message:
    return reply(ticket_id=ticket.pk, body=body, by=world.cast.actor(world.cast.ada), at=clock.now(), **more)


def solve(world: World, ticket: Ticket) -> None:
    solve_ticket(ticket_id=ticket.pk, by=world.cast.actor(world.cast.ada), at=clock.now())


def said_on(ticket: Ticket) -> list[str]:
    found = Message.objects.filter(ticket=ticket, kind="message", automatic=False).order_by("id")
    return list(found.values_list("body", flat=True))


def kept_with(phrase: str) -> QuerySet[InboundEnvelope]:
    """The envelopes in whose raw content some words stand."""
    return InboundEnvelope.objects.annotate(said=Cast("raw", TextField())).filter(said__contains=phrase)


def received(who: Person, chat: str, ticket: Ticket, *, thread: str = "") -> Said:
    return waits_for(who, chat, f"Received as #{ticket.pk}.", thread=thread)
