"""How tickets of the demo hang together: merged, split, others asked, named and told along, one watched, a part."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from steward.cli.demo_desk.story import Story
from steward.cli.demo_desk.world import World
from steward.desk.actions.asides import answer_aside, guest, start_aside
from steward.desk.actions.intake import Origin, open_ticket, receive_message
from steward.desk.actions.linking import link_tickets
from steward.desk.actions.merging import merge_tickets
from steward.desk.actions.moving import split_ticket
from steward.desk.actions.participants import add_participant
from steward.desk.actions.replies import add_note
from steward.desk.actions.watching import watch_ticket
from steward.desk.models import Link, Queue, Ticket
from steward.people.models import Team

_AGAIN = "Me again, I wrote from my phone as well and am not sure it arrived: it is still the same here."
_ASKED = "Hi, since this morning some items never leave our list after we decided them. Is the feed on your side delayed?"
_ANSWERED = "Yes, we see a backlog in the EU region since 06:40 UTC. It should be gone by noon; we will write when it is."
_ASKED_OF_US = "Before we touch the push service: do reports of doubled items still come in at your side, and from which markets?"
_WE_ANSWERED = "Two since noon, both from {market}. Nothing from the others."
_ASKED_OF_THEM = "Is the cache of the list emptied at a release, or does it run out by itself? One site still sees the old order."
_MORE = "And something else, sorry: since today my shift plan shows the old team. Who can change that?"
_NAMED = "@{name} you had one like this last week: was it the filter in the end? See also #{number}."


def tie(planned: Sequence[Story], world: World, *, now: datetime) -> int:
    """Tie some of the tickets people have in hand at this moment; give how many tickets were opened for it."""
    adas = [story for story in planned if story.in_hand_of == "ada" and story.ticket_id]
    ada, ben = world.staff["ada"].actor, world.staff["ben"]
    if len(adas) < 4:  # noqa: PLR2004 -- the plan gives Ada four
        return 0
    first, second, third, fourth = adas[:4]
    again = open_ticket(
        requester=first.requester,
        subject="",
        body=_AGAIN,
        origin=Origin(channel="chat", language=first.thread.lang),
        queue=world.queues[first.thread.queue],
        by=first.voice,
        at=now - timedelta(minutes=38),
    )
    merge_tickets(source_ids=[again.pk], target_id=first.ticket_id, by=ada, at=now - timedelta(minutes=31))
    aside = start_aside(
        ticket_id=second.ticket_id,
        topic="Items that stay in the list",
        body=_ASKED,
        party="Northfeed support",
        address="support@northfeed.example",
        by=ada,
        at=now - timedelta(minutes=27),
    )
    answer_aside(conversation_id=aside.pk, body=_ANSWERED, by=guest(aside), at=now - timedelta(minutes=14))
    named = _NAMED.format(name=ben.user.name, number=first.ticket_id)
    add_note(ticket_id=third.ticket_id, body=named, by=ada, at=now - timedelta(minutes=12))
    colleague = next(one.requester for one in adas[1:] if one.requester.pk != first.requester.pk)
    add_participant(ticket_id=first.ticket_id, requester_id=colleague.pk, by=ada, at=now - timedelta(minutes=11))
    kind = Link.Kind.CHILD
    link_tickets(ticket_id=fourth.ticket_id, other_id=first.ticket_id, kind=kind, by=ada, at=now - timedelta(minutes=10))
    watch_ticket(ticket_id=second.ticket_id, by=world.staff["lin"].actor, at=now - timedelta(minutes=9))
    _ask_each_other(third, world, now=now)
    more = receive_message(ticket_id=fourth.ticket_id, body=_MORE, by=fourth.voice, at=now - timedelta(minutes=8))
    split_ticket(ticket_id=fourth.ticket_id, message_id=more.pk, by=ada, at=now - timedelta(minutes=5))
    return 2


def _ask_each_other(story: Story, world: World, *, now: datetime) -> None:
    """Have the two teams ask each other, where engineering has something in hand."""
    support, engineering = (Team.objects.get(name=name) for name in ("Console support", "Console engineering"))
    ada, ben, eno = (world.staff[name].actor for name in ("ada", "ben", "eno"))
    topic = "When the list is renewed"
    start_aside(
        ticket_id=story.ticket_id, topic=topic, body=_ASKED_OF_THEM, team=engineering, by=ada, at=now - timedelta(minutes=11)
    )
    theirs = Ticket.objects.filter(queue__purpose=Queue.Purpose.ENGINEERING).exclude(state__in=["solved", "closed"]).order_by("-id")
    for ticket in theirs[:2]:
        at = now - timedelta(minutes=36)
        aside = start_aside(ticket_id=ticket.pk, topic="Doubled items", body=_ASKED_OF_US, team=support, by=eno, at=at)
        if ticket != theirs[0]:
            said = _WE_ANSWERED.format(market=story.requester.market)
            answer_aside(conversation_id=aside.pk, body=said, by=ben, at=now - timedelta(minutes=22))
