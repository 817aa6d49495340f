"""What people keep, and the calls of which macros, bulk runs and automations are made."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeVar

from ninja import Query, Router
from pydantic import Field, StrictInt, StrictStr

from steward.api.operations import get
from steward.api.shapes import Given, Id, Line, Sent, Yes
from steward.api.tokens import Asked
from steward.api.v1.finding import MOST_ROWS, named, nothing_here
from steward.api.v1.tickets import READ
from steward.desk.actions.sharing import About
from steward.desk.actions.verbs.registry import Call, verbs
from steward.desk.models import Macro, SavedReply, SavedView
from steward.desk.queries.sharing import managed_by
from steward.people.models import Team
from steward.people.rules import Scope

router = Router(tags=["Verbs"])
KEPT_READ, KEPT_WRITE = Scope.SETTINGS_READ, Scope.SETTINGS_WRITE


KEPT_READ, KEPT_WRITE = Scope.SETTINGS_READ, Scope.SETTINGS_WRITE
Cursor = Annotated[str, Query(max_length=2_000)]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS)]
Kept = TypeVar("Kept", SavedReply, Macro, SavedView)
Value = StrictStr | StrictInt | None


class CallSent(Sent):
    """A verb with its arguments, as `GET /verbs` tells them."""

    verb: Line
    args: Annotated[dict[Annotated[StrictStr, Field(max_length=60)], StrictStr | StrictInt | None], Field(max_length=20)] = {}


Calls = Annotated[list[CallSent], Field(max_length=20)]


class CallOut(Given):
    """A verb with its arguments."""

    verb: str
    args: dict[str, Any]


def calls_in(sent: Sequence[CallSent]) -> list[Call]:
    """Read calls."""
    return [Call(one.verb, {name: value for name, value in one.args.items() if value is not None}) for one in sent]


class ArgumentOut(Given):
    """An argument of a verb."""

    name: str
    kind: str
    required: bool


class VerbOut(Given):
    """Something macros, bulk runs and automations can do to a ticket."""

    name: str
    label: str
    arguments: list[ArgumentOut]


@get(router, "/verbs", scope=READ, out=list[VerbOut])
def list_verbs(request: Asked) -> list[VerbOut]:  # noqa: ARG001 -- the same for everybody
    """List what macros, bulk runs and automations can do to a ticket."""
    return [
        VerbOut(
            name=verb.name,
            label=str(verb.label),
            arguments=[ArgumentOut(name=one.name, kind=one.kind.value, required=one.required) for one in verb.arguments],
        )
        for verb in verbs()
    ]


class KeptIn(Sent):
    """What something kept is called, where it lies, and for whom it is."""

    name: Line
    folder: Line = ""
    scope: Literal["private", "team", "all"] = "private"
    team_id: Id | None = None

    def about(self) -> About:
        """Give it as the actions take it."""
        return About(name=self.name, folder=self.folder, scope=self.scope, team=named(Team, self.team_id, "team_id"))


class KeptOut(Given):
    """Something kept: for oneself (private), a team, or all."""

    id: int
    name: str
    folder: str
    scope: str
    team_id: int | None
    is_active: bool


def kept_values(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "folder": row.folder,
        "scope": row.scope,
        "team_id": row.team_id,
        "is_active": row.is_active,
    }


def managed(request: Asked, model: type[Kept]) -> Any:
    return managed_by(request.actor, model, shared=True)


def _one(request: Asked, model: type[Kept], pk: int) -> Kept:
    found: Kept | None = managed(request, model).filter(pk=pk).first()
    if found is None:
        raise nothing_here()
    return found


class ActiveIn(Sent):
    """Whether it is in use."""

    is_active: Yes
