"""Whoever does something: a person with their capabilities, or a part of the system with its cause."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from steward.people.rules import Capability, Role


class ActorKind(StrEnum):
    """What acts; the ledger keeps it with every event."""

    AGENT = "agent"
    REQUESTER = "requester"
    MACRO = "macro"
    RULE = "rule"
    BOT = "bot"
    SYNC = "sync"
    SYSTEM = "system"
    IMPORT = "import"
    GUEST = "guest"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True)
class Actor:
    """Who acts in this request or job, with all that a permission needs to know, read once.

    `id` is the user's id for kind agent, the requester's for kind requester, None for the system.
    Somebody not signed in is of kind anonymous and may do nothing.
    """

    kind: ActorKind
    id: int | None = None
    user_id: int | None = None
    requester_id: int | None = None
    name: str = ""
    roles: frozenset[Role] = frozenset()
    capabilities: frozenset[Capability] = frozenset()
    team_ids: frozenset[int] = frozenset()
    time_zone: str = "UTC"
    language: str = "en"
    cause: str = ""
    request_id: str = ""

    def can(self, capability: Capability) -> bool:
        """Tell whether the actor holds a capability."""
        return capability in self.capabilities

    def through(self, *, kind: ActorKind, cause: str) -> Self:
        """Give the same person acting through something of the desk, such as a macro: nothing more is permitted."""
        return replace(self, kind=kind, cause=cause)

    @property
    def is_person(self) -> bool:
        """Tell whether somebody signed in or known as a requester acts, not a part of the system."""
        return self.kind in {ActorKind.AGENT, ActorKind.REQUESTER}

    @property
    def is_somebody(self) -> bool:
        """Tell whether a person acts or has acted: also through a macro, an import or a channel on their behalf."""
        return self.kind in {ActorKind.AGENT, ActorKind.REQUESTER, ActorKind.MACRO, ActorKind.IMPORT, ActorKind.SYNC}

    @property
    def is_signed_in(self) -> bool:
        """Tell whether the actor is a user with a session."""
        return self.user_id is not None


def system(cause: str, *, kind: ActorKind = ActorKind.SYSTEM, request_id: str = "") -> Actor:
    """Give a part of the system as actor; it may do everything, since nobody but our code can be it."""
    return Actor(
        kind=kind, name="Steward", roles=frozenset(), capabilities=frozenset(Capability), cause=cause, request_id=request_id
    )


def anonymous(*, language: str = "en", time_zone: str = "UTC", request_id: str = "") -> Actor:
    """Give the actor of a request that nobody has signed in for."""
    return Actor(kind=ActorKind.ANONYMOUS, language=language, time_zone=time_zone, request_id=request_id)
