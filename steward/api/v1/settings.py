"""The desk's settings: queues, categories, statuses, fields, times, limits, weights."""

from datetime import timedelta
from typing import Annotated, Any

from ninja import Query, Router
from pydantic import Field, StrictInt

from steward.api.operations import CREATED, delete, get, patch, post, put
from steward.api.shapes import Given, Id, Line, Listed, Named, PathId, Sent, Small, Yes
from steward.api.tokens import Asked
from steward.api.v1.finding import MOST_ROWS, USUAL_ROWS, must, named, nothing_here, walk
from steward.api.versions import Versioned
from steward.core import clock
from steward.desk.actions.settings import (
    change_category,
    change_queue,
    change_status_row,
    create_category,
    create_queue,
    create_status,
    grant_queue_access,
    revoke_queue_access,
)
from steward.desk.models import Category, Queue, Status, Tag
from steward.desk.permissions import may_manage_desk
from steward.desk.queries.access import people_who_see, visible_queue_ids
from steward.people.models import Team, User
from steward.people.permissions import require
from steward.people.rules import Scope

router = Router(tags=["Settings"])
READ, WRITE = Scope.SETTINGS_READ, Scope.SETTINGS_WRITE
Cursor = Annotated[str, Query(max_length=2_000)]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS)]
Seconds = Annotated[StrictInt, Field(ge=0, le=315_360_000)]


class QueueOut(Given):
    """A queue."""

    id: int
    name: str
    team_id: int | None
    purpose: str
    routing: str
    restricted: bool
    care: str
    capacity: int
    remind_after: int
    close_after: int
    reopen_for: int
    position: int
    is_active: bool


def _queue(row: Queue) -> QueueOut:
    spans = {name: int(getattr(row, name).total_seconds()) for name in ("remind_after", "close_after", "reopen_for")}
    plain = {name: getattr(row, name) for name in QueueOut.model_fields if name not in spans}
    return QueueOut(**plain, **spans)


def _seen_queue(request: Asked, queue_id: int) -> QueueOut:
    if not may_manage_desk(request.actor) and queue_id not in visible_queue_ids(request.actor):
        raise nothing_here()
    return _queue(must(Queue, queue_id))


QUEUE = Versioned("queue", Queue, "queue_id", _seen_queue)


class QueueIn(Sent):
    """What a queue is to be; times are seconds."""

    name: Line
    team_id: Id | None = None
    purpose: Queue.Purpose = Queue.Purpose.SUPPORT
    routing: Queue.Routing = Queue.Routing.PULL
    restricted: Yes = False
    care: Queue.Care = Queue.Care.NONE
    capacity: Small = 8
    remind_after: Seconds = 86_400
    close_after: Seconds = 259_200
    reopen_for: Seconds = 1_209_600
    position: Small = 0

    def values(self) -> dict[str, Any]:
        """Give what was sent as the actions take it."""
        found = self.given()
        if "team_id" in found:
            found["team"] = named(Team, found.pop("team_id"), "team_id")
        for name in ("remind_after", "close_after", "reopen_for"):
            if name in found:
                found[name] = timedelta(seconds=found[name])
        return {name: value.value if hasattr(value, "value") else value for name, value in found.items()}


class QueueChange(QueueIn):
    """What of a queue is to change."""

    name: Line = ""
    is_active: Yes = True


@get(router, "/queues", scope=READ, out=Listed[QueueOut])
def list_queues(request: Asked, cursor: Cursor = "", limit: Limit = USUAL_ROWS) -> Listed[QueueOut]:
    """List the queues the user sees; whoever manages the desk sees all."""
    rows = Queue.objects.all() if may_manage_desk(request.actor) else Queue.objects.filter(pk__in=visible_queue_ids(request.actor))
    return walk(rows, cursor=cursor, limit=limit, show=_queue)


@get(router, "/queues/{int:queue_id}", scope=READ, out=QueueOut, versioned=QUEUE)
def get_queue(request: Asked, queue_id: PathId) -> QueueOut:
    """Give a queue."""
    return _seen_queue(request, queue_id)


@post(router, "/queues", scope=WRITE, out=QueueOut, status=CREATED)
def make_queue(request: Asked, body: QueueIn) -> QueueOut:
    """Make a queue."""
    return _queue(create_queue(values=body.values(), by=request.actor, at=clock.now()))


@patch(router, "/queues/{int:queue_id}", scope=WRITE, out=QueueOut, versioned=QUEUE)
def update_queue(request: Asked, queue_id: PathId, body: QueueChange) -> QueueOut:
    """Change a queue."""
    return _queue(change_queue(queue_id=queue_id, values=body.values(), by=request.actor, at=clock.now()))


@get(router, "/queues/{int:queue_id}/access", scope=READ, out=list[Named])
def list_queue_access(request: Asked, queue_id: PathId) -> list[Named]:
    """List who may see a restricted queue."""
    require(may_manage_desk(request.actor))
    must(Queue, queue_id)
    return [
        Named(id=one.user_id, name=one.user.name) for one in people_who_see(queue_id).select_related("user").order_by("user_id")
    ]


@put(router, "/queues/{int:queue_id}/access/{int:user_id}", scope=WRITE, out=list[Named])
def grant_access(request: Asked, queue_id: PathId, user_id: PathId) -> list[Named]:
    """Name a person who may see a restricted queue."""
    grant_queue_access(queue_id=queue_id, user=must(User, user_id), by=request.actor, at=clock.now())
    return list_queue_access(request, queue_id=queue_id)


@delete(router, "/queues/{int:queue_id}/access/{int:user_id}", scope=WRITE, out=list[Named])
def revoke_access(request: Asked, queue_id: PathId, user_id: PathId) -> list[Named]:
    """Take a person's sight of a restricted queue away."""
    revoke_queue_access(queue_id=queue_id, user_id=user_id, by=request.actor, at=clock.now())
    return list_queue_access(request, queue_id=queue_id)


class CategoryOut(Given):
    """A node of the category tree; `weight` is in percent of an ordinary ticket."""

    id: int
    name: str
    parent_id: int | None
    weight: int | None
    is_active: bool


class CategoryIn(Sent):
    """A category."""

    name: Line
    parent_id: Id | None = None
    weight: Small | None = None

    def values(self) -> dict[str, Any]:
        """Give what was sent as the actions take it."""
        found = self.given()
        if "parent_id" in found:
            found["parent"] = named(Category, found.pop("parent_id"), "parent_id")
        return found


class CategoryChange(CategoryIn):
    """What of a category is to change."""

    name: Line = ""
    is_active: Yes = True


CATEGORY = Versioned("category", Category, "category_id", lambda _request, pk: CategoryOut.model_validate(must(Category, pk)))


@get(router, "/categories", scope=READ, out=Listed[CategoryOut])
def list_categories(request: Asked, cursor: Cursor = "", limit: Limit = USUAL_ROWS) -> Listed[CategoryOut]:  # noqa: ARG001 -- alike for all
    """List the categories, retired ones too."""
    return walk(Category.objects.all(), cursor=cursor, limit=limit, show=CategoryOut.model_validate)


@get(router, "/categories/{int:category_id}", scope=READ, out=CategoryOut, versioned=CATEGORY)
def get_category(request: Asked, category_id: PathId) -> CategoryOut:  # noqa: ARG001 -- alike for all
    """Give a category."""
    return CategoryOut.model_validate(must(Category, category_id))


@post(router, "/categories", scope=WRITE, out=CategoryOut, status=CREATED)
def make_category(request: Asked, body: CategoryIn) -> CategoryOut:
    """Make a node of the category tree."""
    return CategoryOut.model_validate(create_category(values=body.values(), by=request.actor, at=clock.now()))


@patch(router, "/categories/{int:category_id}", scope=WRITE, out=CategoryOut, versioned=CATEGORY)
def update_category(request: Asked, category_id: PathId, body: CategoryChange) -> CategoryOut:
    """Rename, move or retire a category."""
    changed = change_category(category_id=category_id, values=body.values(), by=request.actor, at=clock.now())
    return CategoryOut.model_validate(changed)


class StatusOut(Given):
    """A status and the state it stands for."""

    id: int
    name: str
    state: str
    is_default: bool
    position: int
    is_active: bool


class StatusMade(Sent):
    """A status."""

    name: Line
    state: Status.State
    is_default: Yes = False
    position: Small = 0

    def values(self) -> dict[str, Any]:
        """Give what was sent as the actions take it."""
        return {name: value.value if hasattr(value, "value") else value for name, value in self.given().items()}


class StatusChange(StatusMade):
    """What of a status is to change."""

    name: Line = ""
    state: Status.State = Status.State.OPEN
    is_active: Yes = True


STATUS = Versioned("status", Status, "status_id", lambda _request, pk: StatusOut.model_validate(must(Status, pk)))


@get(router, "/statuses", scope=READ, out=Listed[StatusOut])
def list_statuses(request: Asked, cursor: Cursor = "", limit: Limit = USUAL_ROWS) -> Listed[StatusOut]:  # noqa: ARG001 -- alike for all
    """List the statuses, retired ones too."""
    return walk(Status.objects.all(), cursor=cursor, limit=limit, show=StatusOut.model_validate)


@post(router, "/statuses", scope=WRITE, out=StatusOut, status=CREATED)
def make_status(request: Asked, body: StatusMade) -> StatusOut:
    """Make a status for one of the six states."""
    return StatusOut.model_validate(create_status(values=body.values(), by=request.actor, at=clock.now()))


@patch(router, "/statuses/{int:status_id}", scope=WRITE, out=StatusOut, versioned=STATUS)
def update_status(request: Asked, status_id: PathId, body: StatusChange) -> StatusOut:
    """Change a status."""
    changed = change_status_row(status_id=status_id, values=body.values(), by=request.actor, at=clock.now())
    return StatusOut.model_validate(changed)


@get(router, "/tags", scope=Scope.TICKETS_READ, out=Listed[Named])
def list_tags(request: Asked, cursor: Cursor = "", limit: Limit = USUAL_ROWS) -> Listed[Named]:
    """List the labels that stand on tickets the user sees."""
    seen = visible_queue_ids(request.actor)
    rows = Tag.objects.filter(tickettag__ticket__queue_id__in=seen).distinct()
    return walk(rows, cursor=cursor, limit=limit, show=Named.model_validate)
