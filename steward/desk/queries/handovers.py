"""Handovers: those somebody has yet to read, and one with its tickets as far as the reader sees them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from steward.core.errors import NotFound
from steward.core.rows import rows
from steward.desk.models import HandedTicket, Handover
from steward.desk.rules.handover import READ_WITHIN
from steward.people.actor import Actor
from steward.people.models import Membership
from steward.people.rules import Capability

MOST_SHOWN = 10
# A colleague's by a team in common, or one that passed something to the reader; only tickets in the reader's sight count.
_TO_READ = """
SELECT h.id, u.name, coalesce(g.name, ''), h.created_at, h.note,
       count(i.id), count(i.id) FILTER (WHERE i.choice = 'passed'), count(i.id) FILTER (WHERE i.to_user_id = %(me)s),
       count(i.id) FILTER (WHERE t.priority = 1)
  FROM desk_handover h
  JOIN people_user u ON u.id = h.user_id
  LEFT JOIN people_user g ON g.id = h.given_by_id AND g.id <> h.user_id
  LEFT JOIN (desk_handedticket i JOIN desk_ticket t ON t.id = i.ticket_id AND t.queue_id = ANY(%(queues)s)) ON i.handover_id = h.id
 WHERE h.created_at > %(since)s AND h.user_id <> %(me)s AND h.given_by_id IS DISTINCT FROM %(me)s
   AND NOT EXISTS (SELECT 1 FROM desk_handoverreading r WHERE r.handover_id = h.id AND r.user_id = %(me)s)
   AND (EXISTS (SELECT 1 FROM people_membership m WHERE m.user_id = h.user_id AND m.team_id = ANY(%(teams)s))
        OR EXISTS (SELECT 1 FROM desk_handedticket p WHERE p.handover_id = h.id AND p.to_user_id = %(me)s))
 GROUP BY h.id, u.name, g.name
HAVING count(i.id) > 0 OR h.note <> ''
 ORDER BY h.created_at DESC, h.id DESC LIMIT %(most)s
"""


@dataclass(frozen=True)
class ToRead:
    """A handover somebody has yet to read, with how much of it is for them."""

    id: int
    name: str
    given_by: str
    created_at: datetime
    note: str
    tickets: int
    passed: int
    to_me: int
    urgent: int


def handovers_to_read(actor: Actor, *, queue_ids: list[int], at: datetime) -> list[ToRead]:
    """Give the handovers of the last day that the actor has not read, in one query."""
    values = {
        "me": actor.user_id,
        "queues": queue_ids,
        "teams": sorted(actor.team_ids),
        "since": at - READ_WITHIN,
        "most": MOST_SHOWN,
    }
    return [ToRead(*row) for row in rows(_TO_READ, values)]


def handover_seen_by(actor: Actor, handover_id: int) -> Handover:
    """Give a handover to its giver, its team, those it passed something to, and leads; raises `NotFound` for anybody else."""
    handover = Handover.objects.filter(pk=handover_id).select_related("user", "given_by", "shift").first()
    if handover is None or not _sees(actor, handover):
        raise NotFound(_("There is no such handover, or it is not for you."))
    return handover


def _sees(actor: Actor, handover: Handover) -> bool:
    if actor.user_id is None:
        return False
    if actor.user_id in {handover.user_id, handover.given_by_id} or actor.can(Capability.MANAGE_SHIFTS):
        return True
    in_team = Membership.objects.filter(user_id=handover.user_id, team_id__in=actor.team_ids)
    return in_team.exists() or HandedTicket.objects.filter(handover=handover, to_user_id=actor.user_id).exists()


def tickets_of(handover: Handover, *, queue_ids: list[int]) -> list[HandedTicket]:
    """Give the tickets of a handover that lie in sight, what needs somebody first."""
    found = HandedTicket.objects.filter(Q(ticket__queue_id__in=queue_ids), handover=handover)
    listed = found.select_related("ticket__status", "ticket__requester", "to_user", "to_queue", "note").order_by(
        "ticket__priority", "ticket_id"
    )
    order = {HandedTicket.Choice.PASSED: 0, HandedTicket.Choice.KEPT: 1, HandedTicket.Choice.PARKED: 2}
    return sorted(listed, key=lambda one: order[HandedTicket.Choice(one.choice)])


def handed_over_since(user_id: int, since: datetime) -> bool:
    """Tell whether somebody's tickets were handed over since an instant."""
    return bool(Handover.objects.filter(user_id=user_id, created_at__gte=since).exists())
