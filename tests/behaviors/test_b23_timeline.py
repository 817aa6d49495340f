"""B23: the timeline folds system events, unfolds on demand, and never loses one."""

import re

from steward.desk.actions.changing import add_tag, change_ticket
from steward.desk.actions.following_up import add_follow_up
from steward.desk.actions.linking import link_tickets
from steward.desk.actions.merging import merge_tickets
from steward.desk.actions.watching import watch_ticket
from steward.desk.models import Link
from steward.ledger.models import Event
from tests.cast import Cast
from tests.web.ticket.acting import as_, say, text_of


def busy(cast: Cast):
    ticket, other = cast.ticket(), cast.ticket()
    ada = cast.actor(cast.ada)
    say(cast, ticket, cast.ada, "One moment.")
    change_ticket(ticket_id=ticket.pk, changes={"priority": (3, 1)}, by=ada, at=cast.later(minutes=1))
    add_tag(ticket_id=ticket.pk, name="outage", by=ada, at=cast.later(minutes=1))
    add_follow_up(ticket_id=ticket.pk, owner=cast.ada, what="Ask", due_at=cast.at.replace(year=2099), by=ada, at=cast.at)
    link_tickets(ticket_id=ticket.pk, other_id=other.pk, kind=Link.Kind.RELATED, by=ada, at=cast.later(minutes=1))
    watch_ticket(ticket_id=ticket.pk, by=cast.actor(cast.lin), at=cast.later(minutes=1))
    return ticket, other


def shown(page: str) -> set[int]:
    return {int(number) for number in re.findall(r'id="event-(\d+)"', page)}


def events_of(*tickets) -> set[int]:
    told = {"desk.message_received", "desk.reply_sent", "desk.note_added", "desk.mentioned"}
    streams = [f"ticket:{ticket.pk}" for ticket in tickets]
    return set(Event.objects.filter(stream__in=streams).exclude(kind__in=told).values_list("id", flat=True))


def test_what_happened_between_two_messages_is_one_line_that_unfolds(cast: Cast) -> None:
    ticket, _other = busy(cast)
    page = text_of(as_(cast.ada).get(f"/tickets/{ticket.pk}/"))
    assert page.count('class="event-group"') == 1
    assert '<summary class="event"' in page


def test_every_event_of_the_ledger_is_on_the_page(cast: Cast) -> None:
    ticket, _other = busy(cast)
    assert events_of(ticket) <= shown(text_of(as_(cast.ada).get(f"/tickets/{ticket.pk}/")))


def test_after_a_merge_the_events_of_both_are(cast: Cast) -> None:
    ticket, other = busy(cast)
    merge_tickets(source_ids=[other.pk], target_id=ticket.pk, by=cast.actor(cast.ada), at=cast.later(minutes=1))
    assert events_of(ticket, other) <= shown(text_of(as_(cast.ada).get(f"/tickets/{ticket.pk}/")))
