"""The variables a text may hold, and their values for tickets: read for many tickets in one statement."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from steward.desk.models import Ticket
from steward.people.actor import Actor

Text = str | Promise
Values = dict[str, str]


@dataclass(frozen=True)
class Variable:
    """A name, what it stands for, and an example for previews; `of_agent` ones are empty where no person acts."""

    name: str
    label: Text
    example: Text
    of_agent: bool = False


Read = Callable[[Sequence[int], Actor], Mapping[int, Values]]
_variables: dict[str, Variable] = {}
_readers: list[Read] = []


def register_variables(variables: Sequence[Variable], read: Read) -> None:
    """Make variables known with the one function that reads them for many tickets; for packages above, at start."""
    for variable in variables:
        if _variables.setdefault(variable.name, variable) is not variable:
            raise TypeError(f"two variables are called {variable.name!r}")
    _readers.append(read)


def variables() -> list[Variable]:
    """Give every variable in the order they were registered."""
    return list(_variables.values())


def variable_names() -> frozenset[str]:
    """Give the names of every variable."""
    return frozenset(_variables)


def values_for(ticket_ids: Sequence[int], *, by: Actor) -> dict[int, Values]:
    """Give the value of every variable for each of these tickets; an empty one is an empty text."""
    found: dict[int, Values] = {ticket_id: dict.fromkeys(_variables, "") for ticket_id in ticket_ids}
    for read in _readers:
        for ticket_id, values in read(ticket_ids, by).items():
            found[ticket_id].update(values)
    return found


_READ = """
SELECT t.id, t.subject, t.priority, q.name, coalesce(c.name, ''), coalesce(u.name, ''),
       r.name, coalesce(r.email, ''), r.team, r.market, r.platform_role
  FROM desk_ticket t
  JOIN desk_queue q ON q.id = t.queue_id
  JOIN people_requester r ON r.id = t.requester_id
  LEFT JOIN desk_category c ON c.id = t.category_id
  LEFT JOIN people_user u ON u.id = t.assignee_id
 WHERE t.id = ANY(%s)
"""


def _read(ticket_ids: Sequence[int], by: Actor) -> dict[int, Values]:
    me = by.name if by.user_id is not None else ""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [list(ticket_ids)])
        return {
            ticket_id: {
                "ticket.number": f"#{ticket_id}",
                "ticket.subject": subject,
                "ticket.priority": str(Ticket.Priority(priority).label),
                "ticket.queue": queue,
                "ticket.category": category,
                "ticket.assignee": assignee,
                "requester.name": name,
                "requester.first_name": first_name(name),
                "requester.email": email,
                "requester.team": team,
                "requester.market": market,
                "requester.role": role,
                "agent.name": me,
                "agent.first_name": first_name(me),
            }
            for ticket_id, subject, priority, queue, category, assignee, name, email, team, market, role in cursor.fetchall()
        }


def first_name(name: str) -> str:
    """Give what comes before the first space; a name written without spaces is whole."""
    return name.strip().partition(" ")[0]


register_variables(
    [
        Variable("requester.name", _("the requester's name"), "Ravi Menon"),
        Variable("requester.first_name", _("the requester's first name"), "Ravi"),
        Variable("requester.email", _("the requester's address"), "ravi@console.example"),
        Variable("requester.team", _("the requester's team"), "Video review"),
        Variable("requester.market", _("the requester's market"), "IN"),
        Variable("requester.role", _("the requester's role on the platform"), "moderator"),
        Variable("ticket.number", _("the ticket's number"), "#1042"),
        Variable("ticket.subject", _("the ticket's subject"), _("The queue page is empty")),
        Variable("ticket.priority", _("the ticket's priority"), _("Normal")),
        Variable("ticket.queue", _("the ticket's queue"), _("Support")),
        Variable("ticket.category", _("the ticket's category"), _("Access")),
        Variable("ticket.assignee", _("the name of the ticket's owner"), "Ada Lund"),
        Variable("agent.name", _("your name"), "Ada Lund", of_agent=True),
        Variable("agent.first_name", _("your first name"), "Ada", of_agent=True),
    ],
    _read,
)
