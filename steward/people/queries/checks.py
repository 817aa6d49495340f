"""Whether people are as the ledger says."""

from collections.abc import Iterable, Iterator

from steward.ledger.models import Event
from steward.people import facts
from steward.people.models import Membership, User

_KINDS = [
    fact.kind
    for fact in (
        facts.UserJoined,
        facts.RolesChanged,
        facts.UserDeactivated,
        facts.UserReactivated,
        facts.MembershipAdded,
        facts.MembershipRemoved,
    )
]


def people_problems() -> Iterator[str]:
    """Say which users' roles, activity or teams differ from the fold of their events."""
    roles: dict[int, tuple[str, ...]] = {}
    active: dict[int, bool] = {}
    members: set[tuple[int, int]] = set()
    for event in Event.objects.filter(kind__in=_KINDS).order_by("id").iterator(chunk_size=1_000):
        _fold(event, roles, active, members)
    yield from _user_problems(roles, active)
    now_members = set(Membership.objects.values_list("team_id", "user_id"))
    for team_id, user_id in sorted(now_members - members):
        yield f"user {user_id} is in team {team_id}, but the ledger does not say so"
    for team_id, user_id in sorted(members - now_members):
        yield f"user {user_id} is not in team {team_id}, but the ledger says so"


def _fold(
    event: Event,
    roles: dict[int, tuple[str, ...]],
    active: dict[int, bool],
    members: set[tuple[int, int]],
) -> None:
    match event.fact:
        case facts.UserJoined() as fact:
            roles[fact.user_id], active[fact.user_id] = fact.roles, True
        case facts.RolesChanged() as fact:
            roles[fact.user_id] = fact.new
        case facts.UserDeactivated() as fact:
            active[fact.user_id] = False
        case facts.UserReactivated() as fact:
            active[fact.user_id] = True
        case facts.MembershipAdded() as fact:
            members.add((fact.team_id, fact.user_id))
        case facts.MembershipRemoved() as fact:
            members.discard((fact.team_id, fact.user_id))


def _user_problems(roles: dict[int, tuple[str, ...]], active: dict[int, bool]) -> Iterable[str]:
    known = set()
    for user_id, roles_now, is_active in User.objects.order_by("id").values_list("id", "roles", "is_active"):
        known.add(user_id)
        if user_id not in roles:
            yield f"user {user_id} is not in the ledger"
            continue
        if set(roles_now) != set(roles[user_id]):
            yield f"user {user_id} has the roles {sorted(roles_now)}, the ledger says {sorted(roles[user_id])}"
        if is_active != active[user_id]:
            yield f"user {user_id} is {'active' if is_active else 'inactive'}, the ledger says otherwise"
    for user_id in sorted(set(roles) - known):
        yield f"user {user_id} is in the ledger, but there is no such user"
