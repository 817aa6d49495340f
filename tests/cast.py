"""The people of every story: Ada and Ben answer, Lin leads, Eno is an engineer, Ravi asks, Oto is an outsider."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from steward.desk.actions.intake import Origin, open_ticket
from steward.desk.actions.settings import change_queue, create_queue, grant_queue_access, set_hold_time
from steward.desk.actions.starting import start_desk
from steward.desk.models import Queue, Ticket
from steward.people.actions import add_member, add_user, create_team, ensure_requester
from steward.people.actor import Actor, system
from steward.people.models import Requester, Team, User
from steward.people.queries import actor_for, requester_actor
from steward.people.rules import Role
from steward.roster.actions import add_shift

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
SETUP = system("test")
_numbers = count(1)


@dataclass
class Cast:
    """A desk with its people; `at` is the story's present, moved on by `later`."""

    support: Queue
    leads: Queue
    engineering: Queue
    restricted: Queue
    team: Team
    ada: User
    ben: User
    lin: User
    eno: User
    ana: User
    ravi: Requester
    oto: Requester
    at: datetime = field(default=NOW)

    def actor(self, who: User | Requester) -> Actor:
        """Give somebody as actor, as a request of theirs would."""
        return requester_actor(who) if isinstance(who, Requester) else actor_for(who)

    def later(self, **delta: float) -> datetime:
        """Move the story on and give the new present."""
        self.at += timedelta(**delta)
        return self.at

    def ticket(self, body: str = "The queue page is empty since this morning.", **values: object) -> Ticket:
        """Open a ticket in Ravi's name."""
        requester = values.pop("requester", self.ravi)
        assert isinstance(requester, Requester)
        defaults: dict[str, object] = {"subject": "", "origin": Origin(channel="portal"), "queue": self.support}
        return open_ticket(
            requester=requester,
            body=body,
            by=self.actor(requester),
            at=self.at,
            **{**defaults, **values},  # type: ignore[arg-type]
        )

    def on_shift(self, *users: User, hours: float = 12) -> None:
        """Put people on duty from an hour before the present."""
        for user in users:
            add_shift(
                user=user,
                starts_at=self.at - timedelta(hours=1),
                ends_at=self.at + timedelta(hours=hours),
                time_zone="UTC",
                by=SETUP,
                at=self.at,
            )


def user(name: str, *roles: Role | str, team: Team | None = None) -> User:
    """Make somebody who can sign in, without a password; tests use `client.force_login`."""
    made = add_user(
        email=f"{name.lower()}{next(_numbers)}@desk.example",
        name=name,
        roles=[str(role) for role in roles],
        by=SETUP,
        at=NOW,
    )
    if team is not None:
        add_member(team_id=team.pk, user_id=made.pk, by=SETUP, at=NOW)
    return made


def requester(name: str, **values: str) -> Requester:
    """Make somebody who asks."""
    return ensure_requester(name=name, email=f"{name.lower()}{next(_numbers)}@console.example", by=SETUP, at=NOW, **values)


def set_up() -> Cast:
    """Make the desk and its people."""
    start_desk(by=SETUP, at=NOW)
    # A reply of these stories is said at once; the stories of holding it back say so.
    set_hold_time(channel="portal", seconds=0, by=SETUP, at=NOW)
    set_hold_time(channel="email", seconds=0, by=SETUP, at=NOW)
    team = create_team(name="Console support", by=SETUP, at=NOW)
    ada, ben = user("Ada", Role.AGENT, team=team), user("Ben", Role.AGENT, team=team)
    lin = user("Lin", Role.LEAD, team=team)
    eno = user("Eno", Role.ENGINEER)
    ana = user("Ana", Role.ADMIN)
    support = Queue.objects.get()
    support = change_queue(queue_id=support.pk, values={"team": team}, by=SETUP, at=NOW)
    restricted = create_queue(values={"name": "Child safety", "restricted": True, "team": team}, by=SETUP, at=NOW)
    grant_queue_access(queue_id=restricted.pk, user=lin, by=SETUP, at=NOW)
    return Cast(
        support=support,
        leads=create_queue(values={"name": "Leads", "purpose": "lead", "team": team}, by=SETUP, at=NOW),
        engineering=create_queue(values={"name": "Console engineering", "purpose": "engineering"}, by=SETUP, at=NOW),
        restricted=restricted,
        team=team,
        ada=ada,
        ben=ben,
        lin=lin,
        eno=eno,
        ana=ana,
        ravi=requester("Ravi", language="en", market="IN", platform_role="moderator"),
        oto=requester("Oto"),
    )
