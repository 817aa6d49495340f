"""Who works at the demo desk, who asks there, its queues, promises and shifts; all made by the desk's own actions."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from steward.cli.demo_desk import DOMAIN, PASSWORD, SIGN_INS
from steward.cli.demo_desk.script import read_people
from steward.desk.actions.settings import change_queue, create_category, create_queue, grant_queue_access
from steward.desk.actions.starting import start_desk
from steward.desk.models import Category, Queue
from steward.people.actions.passwords import set_password
from steward.people.actions.requesters import ensure_requester
from steward.people.actions.teams import add_member, create_team
from steward.people.actions.users import add_user
from steward.people.actor import Actor, system
from steward.people.models import Requester, Team, User
from steward.people.queries.actors import actor_for, requester_actor
from steward.roster.actions.calendars import create_calendar
from steward.roster.actions.shifts import add_shift
from steward.roster.models import ShiftKind
from steward.sla.actions.defaults import ALWAYS, HOUR, PRESSING
from steward.sla.actions.policies import create_policy

BUILDER = system("demo")
DAYS_BEFORE, DAYS_AFTER = 9, 8
_STANDARD = {
    "first_response": {"3": 4 * HOUR, "4": 9 * HOUR},
    "next_response": {"3": 6 * HOUR, "4": 12 * HOUR},
    "resolution": {"3": 36 * HOUR, "4": 72 * HOUR},
}
_QUEUES: dict[str, dict[str, Any]] = {
    "support": {"name": "Console support", "team": "Console support", "position": 0},
    "access": {"name": "Access & permissions", "team": "Console support", "position": 1},
    "appeals": {"name": "Appeals tooling", "team": "Console support", "position": 2},
    "media": {"name": "Player & media", "team": "Console support", "care": "requesters", "position": 3},
    "leads": {"name": "Leads", "team": "Console support", "purpose": "lead", "position": 4},
    "engineering": {"name": "Console engineering", "team": "Console engineering", "purpose": "engineering", "position": 5},
    "child_safety": {"name": "Child safety (restricted)", "team": "Console support", "restricted": True, "position": 6},
    "legal": {"name": "Legal (restricted)", "team": "Console support", "restricted": True, "position": 7},
}
_SIGNS_IN = "Grace Adeyemi"
# Hashing a password is slow on purpose: only those named at the start have one.
# Whoever looks around first signs in as this agent, and finds the shift running.
AT_WORK = "ada"
_WITH_PASSWORD = frozenset(email for _role, email in SIGN_INS)


@dataclass(frozen=True)
class Worker:
    """Somebody of the staff, with the languages they answer in."""

    user: User
    actor: Actor
    region: str
    speaks: frozenset[str]
    roles: frozenset[str]


@dataclass
class World:
    """The desk before its first query: everybody by short name, and when they are on duty."""

    staff: dict[str, Worker] = field(default_factory=dict)
    requesters: dict[str, list[tuple[Requester, Actor]]] = field(default_factory=dict)
    queues: dict[str, Queue] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    duty: list[tuple[datetime, datetime, str]] = field(default_factory=list)
    restricted: dict[str, list[str]] = field(default_factory=dict)

    def on_duty(self, at: datetime, *, role: str, queue: str = "") -> list[str]:
        """Name who holds a role and is on duty, as far as they may see the queue."""
        named = self.restricted.get(queue)
        present = [name for start, end, name in self.duty if start <= at < end]
        return [name for name in present if role in self.staff[name].roles and (named is None or name in named)]

    def next_start(self, at: datetime) -> datetime:
        """Say when the next shift begins."""
        return min(start for start, _end, _name in self.duty if start > at)


def make_world(random: Random, *, now: datetime) -> World:
    """Make the desk as it stood before its first query, over a week ago."""
    world, told, at = World(), read_people(), now - timedelta(days=DAYS_BEFORE + 1)
    start_desk(by=BUILDER, at=at)
    teams = {name: create_team(name=name, by=BUILDER, at=at) for name in ("Console support", "Console engineering")}
    _make_staff(world, told, teams, at)
    _make_queues(world, told, teams, at)
    _make_promises(at)
    _make_shifts(world, told, teams, now=now, at=at)
    _make_requesters(world, told, random, at)
    return world


def _make_staff(world: World, told: dict[str, Any], teams: dict[str, Team], at: datetime) -> None:
    for one in told["staff"]:
        user = add_user(
            email=f"{one['mail']}@{DOMAIN}",
            name=one["name"],
            roles=one["roles"],
            language="en",
            time_zone=told["zones"][one["region"]],
            by=BUILDER,
            at=at,
        )
        if user.email in _WITH_PASSWORD:
            set_password(user_id=user.pk, password=PASSWORD, how="self", by=BUILDER, at=at)
        if one["team"]:
            add_member(team_id=teams[one["team"]].pk, user_id=user.pk, by=BUILDER, at=at)
        world.staff[one["mail"]] = Worker(user, actor_for(user), one["region"], frozenset(one["speaks"]), frozenset(one["roles"]))


def _make_queues(world: World, told: dict[str, Any], teams: dict[str, Team], at: datetime) -> None:
    first = Queue.objects.order_by("id").get()
    for key, written in _QUEUES.items():
        values = {**written, "team": teams[written["team"]]}
        if key == "support":
            world.queues[key] = change_queue(queue_id=first.pk, values=values, by=BUILDER, at=at)
        else:
            world.queues[key] = create_queue(values=values, by=BUILDER, at=at)
    world.restricted = {"child_safety": told["safety"], "legal": told["legal"]}
    for key, names in world.restricted.items():
        for name in names:
            grant_queue_access(queue_id=world.queues[key].pk, user=world.staff[name].user, by=BUILDER, at=at)


def category(world: World, path: str, *, at: datetime) -> Category:
    """Give the category of a path, made with its parents where it is missing."""
    parent: Category | None = None
    walked = ""
    for name in path.split(" / "):
        walked = f"{walked} / {name}" if walked else name
        if walked not in world.categories:
            world.categories[walked] = create_category(values={"name": name, "parent": parent}, by=BUILDER, at=at)
        parent = world.categories[walked]
    if parent is None:
        raise ValueError(path)
    return parent


def _make_promises(at: datetime) -> None:
    around = create_calendar(name="Around the clock", time_zone="UTC", slots=ALWAYS, by=BUILDER, at=at)
    create_policy(name="Urgent and high", calendar=around, conditions={"priorities": [1, 2]}, targets=PRESSING, by=BUILDER, at=at)
    create_policy(name="Standard", calendar=around, targets=_STANDARD, by=BUILDER, at=at)


def _make_shifts(world: World, told: dict[str, Any], teams: dict[str, Team], *, now: datetime, at: datetime) -> None:
    """Put everybody on duty on most days; over the three regions somebody is awake at any hour."""
    for place, (name, worker) in enumerate(world.staff.items()):
        if not worker.roles & {"agent", "lead", "engineer"}:
            continue
        zone = ZoneInfo(told["zones"][worker.region])
        hour, length = told["shifts"][worker.region]
        is_engineer = "engineer" in worker.roles
        team = teams["Console engineering" if is_engineer else "Console support"]
        for offset in range(-DAYS_BEFORE, DAYS_AFTER + 1):
            day = (now + timedelta(days=offset)).astimezone(zone).date()
            # Two days off in seven, never the same two for neighbors; those who carry a restricted queue stand in more.
            start = datetime(day.year, day.month, day.day, hour, tzinfo=zone).astimezone(UTC)
            if name == AT_WORK:
                start = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=2) + timedelta(days=offset)
            elif (day.toordinal() + place * 3) % 7 in {0, 1} and name not in {"lin", "maeve", "tomas"}:
                continue
            end = start + timedelta(hours=length)
            add_shift(user=worker.user, starts_at=start, ends_at=end, team=team, by=BUILDER, at=at)
            world.duty.append((start, end, name))
            if is_engineer:
                add_shift(
                    user=worker.user,
                    kind=ShiftKind.ON_CALL,
                    starts_at=end,
                    ends_at=end + timedelta(hours=5),
                    team=team,
                    by=BUILDER,
                    at=at,
                )
    world.duty.sort(key=lambda shift: (shift[0], shift[2]))


def _make_requesters(world: World, told: dict[str, Any], random: Random, at: datetime) -> None:
    number = 0
    for lang, names in told["requesters"].items():
        world.requesters[lang] = []
        for name in names:
            number += 1
            email = f"{name.split()[0].lower()}@{DOMAIN}" if name == _SIGNS_IN else f"moderator{number:02}@{DOMAIN}"
            if name == _SIGNS_IN:
                user = add_user(
                    email=email, name=name, roles=["requester"], language="en", time_zone="Europe/London", by=BUILDER, at=at
                )
                set_password(user_id=user.pk, password=PASSWORD, how="self", by=BUILDER, at=at)
            requester = ensure_requester(
                email=email,
                name=name,
                platform_role=random.choice(told["jobs"]),
                team=random.choice(told["teams"]),
                market=random.choice(told["markets"][lang]),
                language=lang,
                time_zone=random.choice(told["home"][lang]),
                client_version=f"Lantern 4.{random.randint(16, 18)}.{random.randint(0, 4)}",
                source="directory",
                external_id=f"L{70_000 + number}",
                by=BUILDER,
                at=at,
            )
            world.requesters[lang].append((requester, requester_actor(requester)))
