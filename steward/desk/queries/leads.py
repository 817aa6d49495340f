"""Who leads the people of a queue."""

from steward.desk.models import Queue
from steward.desk.queries.access import only_those_who_see
from steward.people.models import Membership
from steward.people.queries import users_with_capability
from steward.people.rules import Capability


def leads_of(queue: Queue) -> list[int]:
    """Give the leads of a queue's team who may see it; where the team has none, every lead who may."""
    leads = list(users_with_capability(Capability.ASSIGN_OTHERS).order_by("id").values_list("id", flat=True))
    seeing = only_those_who_see(leads, queue=queue)
    of_team = set(Membership.objects.filter(team_id=queue.team_id or 0, user_id__in=seeing).values_list("user_id", flat=True))
    return [user_id for user_id in seeing if user_id in of_team] or seeing
