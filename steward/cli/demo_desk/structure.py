"""How tickets of the demo hang together: one asked twice and merged, a vendor asked beside one, a colleague named, a part."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from steward.cli.demo_desk.story import Story
from steward.cli.demo_desk.world import World
from steward.desk.actions.asides import answer_aside, guest, start_aside
from steward.desk.actions.intake import Origin, open_ticket
from steward.desk.actions.linking import link_tickets
from steward.desk.actions.merging import merge_tickets
from steward.desk.actions.replies import add_note
from steward.desk.models import Link

_AGAIN = "Me again, I wrote from my phone as well and am not sure it arrived: it is still the same here."
_ASKED = "Hi, since this morning some items never leave our list after we decided them. Is the feed on your side delayed?"
_ANSWERED = "Yes, we see a backlog in the EU region since 06:40 UTC. It should be gone by noon; we will write when it is."
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
    kind = Link.Kind.CHILD
    link_tickets(ticket_id=fourth.ticket_id, other_id=first.ticket_id, kind=kind, by=ada, at=now - timedelta(minutes=10))
    return 1
