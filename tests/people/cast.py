"""The people of these tests, made by the same actions as everybody."""

from datetime import UTC, datetime

from steward.ledger.models import Event
from steward.people.actions import add_user, set_password
from steward.people.actor import Actor, system
from steward.people.models import User
from steward.people.queries import actor_for

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SYSTEM = system("test")
PASSWORD = "correct horse battery"


def user(name: str = "Ada", *roles: str, password: str = "", at: datetime = AT) -> User:
    """Make a user called by one word, an agent unless told otherwise."""
    made = add_user(email=f"{name.lower()}@desk.example", name=name, roles=roles or ["agent"], by=SYSTEM, at=at)
    if password:
        set_password(user_id=made.pk, password=password, how="self", by=SYSTEM, at=at)
    return User.objects.get(id=made.pk)


def admin(name: str = "Root") -> Actor:
    """Make an admin and give them as actor."""
    return actor_for(user(name, "admin"))


def kinds_on(stream: str) -> list[str]:
    """Give the kinds of what is recorded on a stream, in order."""
    return list(Event.objects.filter(stream=stream).order_by("seq").values_list("kind", flat=True))


def last_on(stream: str) -> dict[str, object]:
    """Give the payload of the last event of a stream."""
    return Event.objects.filter(stream=stream).order_by("-seq").values_list("payload", flat=True)[0]
