"""A few views as a desk has them: the team's, everybody's, and one of the agent's own."""

from datetime import datetime

from steward.desk.actions.sharing import About
from steward.desk.actions.views import Layout, create_view, lay_out_list
from steward.desk.queries.access import queues_in_sight
from steward.desk.queries.filtering.naming import with_ids
from steward.desk.queries.filtering.reader import reader
from steward.desk.rules.filters.reading import read_filter
from steward.people.actor import Actor
from steward.people.models import Team

_TEAMS = (
    ("Urgent and unassigned", "is:unassigned is:new,open priority:urgent,high", Layout("due")),
    ("Promise broken, still open", "is:breached is:working", Layout("due", ("priority", "number", "subject", "assignee", "clock"))),
    ("Waiting for engineering", "waiting:engineering", Layout("waiting", ("priority", "number", "subject", "requester", "clock"))),
)
_OWN = (
    ("Access, not mine", 'in:"Access & permissions" is:working -is:mine', Layout("due")),
    ("Quiet for two days", "is:open updated-before:2d", Layout("updated")),
)


def make_views(*, agent: Actor, lead: Actor, now: datetime) -> None:
    """Save views through the actions, and cut the agent's list of all open tickets into what they wait for."""
    team = Team.objects.get(name="Console support")
    for name, text, layout in _TEAMS:
        _save(About(name, scope="team", team=team), text, layout, by=lead, at=now)
    _save(About("Solved today", scope="all"), "is:solved,closed solved-on:today", Layout("updated"), by=lead, at=now)
    for name, text, layout in _OWN:
        _save(About(name), text, layout, by=agent, at=now)
    lay_out_list(key="open", layout=Layout("due", (), "waiting"), by=agent, at=now)


def _save(about: About, text: str, layout: Layout, *, by: Actor, at: datetime) -> None:
    who = reader(queues_in_sight(by), user_id=by.user_id, zone=by.time_zone, at=at)
    create_view(about=about, query=with_ids(read_filter(text).query, who), layout=layout, by=by, at=at)
