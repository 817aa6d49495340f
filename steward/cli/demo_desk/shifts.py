"""How the demo's tickets are worked over the day: languages and capacity, time in hand, snoozes, and a handover to read."""

from datetime import datetime, timedelta
from functools import partial
from random import Random

from steward.cli.demo_desk.timeline import Timeline
from steward.cli.demo_desk.world import AT_WORK, World
from steward.desk.actions.handing_over import Leaving, hand_over
from steward.desk.actions.handling import beat
from steward.desk.actions.snoozing import snooze_ticket
from steward.desk.actions.weighing import set_agent
from steward.desk.models import HandedTicket, Snooze, Ticket
from steward.people.actor import system

BUILDER = system("demo")
# Whoever looks around first takes a good deal, and has some of it in hand.
_CAPACITY = 12
_HOURS_HANDLED = 14
_STEP = timedelta(seconds=50)
_LEAVES = "ben"
_NOTES = (
    "The requester sent the item ids; engineering has them. Look for their answer first.",
    "Waits for a screenshot. If nothing comes by noon, ask once more and then close it.",
    "Tried a fresh session and another browser: the same. Next is the log of the console.",
)
_WORD = "A quiet shift but for the uploads: two more reports and it is the media gateway again. Maeve knows."


def plan_shifts(world: World, timeline: Timeline, random: Random, *, now: datetime) -> None:
    """Put what agents do besides answering on the timeline, and say what each takes."""
    for name, worker in world.staff.items():
        if "agent" in worker.roles:
            takes = _CAPACITY if name == AT_WORK else None
            at = now - timedelta(days=8)
            set_agent(user_id=worker.user.pk, capacity=takes, languages=sorted(worker.speaks), by=BUILDER, at=at)
    for hours in range(_HOURS_HANDLED, 0, -1):
        at = now - timedelta(hours=hours, minutes=random.randint(0, 20))
        for place, name in enumerate(world.on_duty(at, role="agent")):
            timeline.add(at + timedelta(minutes=place), partial(_have_in_hand, world, random, name))
    timeline.add(now - timedelta(minutes=80), partial(_snooze, world, minutes=55))
    timeline.add(now - timedelta(minutes=64), partial(_snooze, world, minutes=None))
    timeline.add(now - timedelta(minutes=24), partial(_leave, world))


def _tickets(world: World, name: str) -> list[Ticket]:
    return list(Ticket.objects.filter(assignee=world.staff[name].user, state="open", snoozing="").order_by("priority", "id"))


def _have_in_hand(world: World, random: Random, name: str, at: datetime) -> None:
    """Have somebody read and try things on one of their tickets for some minutes."""
    tickets = _tickets(world, name)
    if not tickets:
        return
    ticket, actor = random.choice(tickets), world.staff[name].actor
    beats = random.randint(3, 14)
    for number in range(beats + 1):
        then = at + number * _STEP
        beat(ticket_id=ticket.pk, idle_for=timedelta(seconds=2), leaving=number == beats, by=actor, at=then)


def _snooze(world: World, at: datetime, *, minutes: int | None) -> None:
    """Put the least urgent ticket aside: for some minutes, or until its requester replies."""
    tickets = _tickets(world, AT_WORK)
    if not tickets:
        return
    until = Snooze.Until.REPLY if minutes is None else Snooze.Until.TIME
    until_at = at + timedelta(minutes=minutes) if minutes else None
    snooze_ticket(ticket_id=tickets[-1].pk, until=until, until_at=until_at, by=world.staff[AT_WORK].actor, at=at)


def _leave(world: World, at: datetime) -> None:
    """Have somebody go home: the first ticket to the agent at work, the others kept, each with a word."""
    leaver, colleague = world.staff[_LEAVES], world.staff[AT_WORK]
    working = Ticket.objects.filter(assignee=leaver.user).exclude(state__in=["solved", "closed"]).order_by("priority", "id")
    leaving = [
        Leaving(
            ticket_id=ticket.pk,
            choice=HandedTicket.Choice.KEPT if place else HandedTicket.Choice.PASSED,
            note=_NOTES[place % len(_NOTES)],
            to_user_id=None if place else colleague.user.pk,
        )
        for place, ticket in enumerate(working)
        if not ticket.queue.restricted
    ]
    hand_over(user_id=leaver.user.pk, leaving=leaving, note=_WORD, by=leaver.actor, at=at)
