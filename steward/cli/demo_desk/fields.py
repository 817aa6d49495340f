"""The demo desk's own fields, some of them filled, and what was done to several tickets at once."""

from datetime import datetime, timedelta

from steward.desk.actions.bulk import gather, start_bulk
from steward.desk.actions.bulk_running import work_off
from steward.desk.actions.field_settings import create_field
from steward.desk.actions.field_values import set_field
from steward.desk.actions.verbs.registry import Call
from steward.desk.models import Ticket
from steward.desk.rules.states import State
from steward.people.actor import Actor

_REACH = ("Only this person", "A team", "A market", "Everybody")
_CAUSES = ("A change of ours", "A change in the directory", "Not known how to", "A fault not found yet")


def make_fields(*, agent: Actor, lead: Actor, admin: Actor, now: datetime) -> None:
    """Define what the demo desk asks, fill it on the tickets an agent has in hand, and mark the waiting ones in one run."""
    at = now - timedelta(minutes=3)
    reach = create_field(
        values={
            "name": "Who is held up",
            "kind": "one_of",
            "asks_requester": True,
            "position": 1,
            "help": "Those who cannot go on.",
        },
        options=_REACH,
        by=admin,
        at=at,
    )
    build = create_field(
        values={"name": "Console build", "kind": "text", "asks_requester": True, "position": 2, "help": "It stands in the footer."},
        by=admin,
        at=at,
    )
    create_field(
        values={"name": "Cause", "kind": "one_of", "position": 3, "required_at_solve": True}, options=_CAUSES, by=admin, at=at
    )
    options = list(reach.options.order_by("position"))
    mine = Ticket.objects.filter(assignee_id=agent.user_id, state=State.OPEN.value).order_by("id")[:8]
    for place, ticket in enumerate(mine):
        set_field(ticket_id=ticket.pk, field_id=reach.pk, value=options[place % len(options)].pk, by=agent, at=at)
        if place % 2:
            set_field(ticket_id=ticket.pk, field_id=build.pk, value=f"4.{11 + place}.0", by=agent, at=at)
    mine_waiting = Ticket.objects.filter(assignee_id=agent.user_id, state__in=["pending", "on_hold"]).order_by("id")
    run = gather(ticket_ids=list(mine_waiting.values_list("id", flat=True)[:4]), came_from="view=mine", by=agent, at=at)
    start_bulk(bulk_id=run.pk, calls=[Call("add_tag", {"tag": "ask-again"})], by=agent, at=at)
    work_off(bulk_id=run.pk, now=lambda: at)
    waiting = Ticket.objects.filter(assignee=None, state=State.NEW.value, queue__restricted=False).order_by("id")
    run = gather(ticket_ids=list(waiting.values_list("id", flat=True)[:6]), came_from="view=unassigned", by=lead, at=at)
    start_bulk(bulk_id=run.pk, calls=[Call("add_tag", {"tag": "morning-look"})], by=lead, at=at)
    work_off(bulk_id=run.pk, now=lambda: at)
