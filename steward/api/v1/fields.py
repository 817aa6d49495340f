"""The desk's own fields, and their choices."""

from typing import Annotated, Any

from ninja import Query, Router
from pydantic import Field, StrictStr

from steward.api.operations import CREATED, get, patch, post
from steward.api.shapes import Given, Id, Line, Listed, PathId, Sent, Small, Yes
from steward.api.tokens import Asked
from steward.api.v1.finding import MOST_ROWS, USUAL_ROWS, must, walk
from steward.core import clock
from steward.desk.actions.field_settings import add_options, change_field, change_option, create_field
from steward.desk.models import CustomField, FieldOption
from steward.people.rules import Scope

router = Router(tags=["Fields"])
READ, WRITE = Scope.SETTINGS_READ, Scope.SETTINGS_WRITE
Cursor = Annotated[str, Query(max_length=2_000)]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS)]


class OptionOut(Given):
    """A choice of a field."""

    id: int
    name: str
    position: int
    is_active: bool


class FieldOut(Given):
    """A field of the desk's own, with its choices."""

    id: int
    name: str
    kind: str
    help: str
    pattern: str
    lowest: str
    highest: str
    everywhere: bool
    asks_requester: bool
    required_at_open: bool
    required_at_solve: bool
    position: int
    is_active: bool
    options: list[OptionOut]


def _place(option: FieldOption) -> tuple[int, int]:
    return option.position, option.pk


def _field(row: CustomField) -> FieldOut:
    plain = {name: getattr(row, name) for name in FieldOut.model_fields if name != "options"}
    options = [OptionOut.model_validate(one) for one in sorted(row.options.all(), key=_place)]
    return FieldOut(**plain, options=options)


class FieldMade(Sent):
    """A field; its kind is fixed once it is made."""

    name: Line
    kind: CustomField.Kind
    help: Line = ""
    pattern: Line = ""
    lowest: Annotated[StrictStr, Field(max_length=60)] = ""
    highest: Annotated[StrictStr, Field(max_length=60)] = ""
    asks_requester: Yes = False
    required_at_open: Yes = False
    required_at_solve: Yes = False
    position: Small = 0
    category_ids: Annotated[list[Id], Field(max_length=200)] = []
    options: Annotated[list[Line], Field(max_length=500)] = []

    def values(self) -> dict[str, Any]:
        """Give what was sent of the field itself."""
        found = {name: value for name, value in self.given().items() if name not in {"category_ids", "options"}}
        return {name: value.value if hasattr(value, "value") else value for name, value in found.items()}


class FieldChange(Sent):
    """What of a field is to change."""

    name: Line = ""
    help: Line = ""
    pattern: Line = ""
    lowest: Annotated[StrictStr, Field(max_length=60)] = ""
    highest: Annotated[StrictStr, Field(max_length=60)] = ""
    asks_requester: Yes = False
    required_at_open: Yes = False
    required_at_solve: Yes = False
    position: Small = 0
    is_active: Yes = True
    category_ids: Annotated[list[Id], Field(max_length=200)] | None = None


@get(router, "/fields", scope=READ, out=Listed[FieldOut])
def list_fields(request: Asked, cursor: Cursor = "", limit: Limit = USUAL_ROWS) -> Listed[FieldOut]:  # noqa: ARG001 -- alike for all
    """List the desk's own fields, retired ones too."""
    return walk(CustomField.objects.prefetch_related("options"), cursor=cursor, limit=limit, show=_field)


@post(router, "/fields", scope=WRITE, out=FieldOut, status=CREATED)
def make_field(request: Asked, body: FieldMade) -> FieldOut:
    """Define a field."""
    made = create_field(
        values=body.values(), category_ids=body.category_ids, options=body.options, by=request.actor, at=clock.now()
    )
    return _field(made)


@patch(router, "/fields/{int:field_id}", scope=WRITE, out=FieldOut)
def update_field(request: Asked, field_id: PathId, body: FieldChange) -> FieldOut:
    """Define a field anew, retire it or take it into use again."""
    values = {name: value for name, value in body.given().items() if name != "category_ids"}
    changed = change_field(field_id=field_id, values=values, category_ids=body.category_ids, by=request.actor, at=clock.now())
    return _field(changed)


class OptionsIn(Sent):
    """Choices to be added."""

    names: Annotated[list[Line], Field(min_length=1, max_length=500)]


@post(router, "/fields/{int:field_id}/options", scope=WRITE, out=FieldOut, status=CREATED)
def add_field_options(request: Asked, field_id: PathId, body: OptionsIn) -> FieldOut:
    """Add choices to a field."""
    add_options(field_id=field_id, names=body.names, by=request.actor, at=clock.now())
    return _field(must(CustomField, field_id))


class OptionChange(Sent):
    """What of a choice is to change."""

    name: Line = ""
    position: Small = 0
    is_active: Yes = True


@patch(router, "/fields/{int:field_id}/options/{int:option_id}", scope=WRITE, out=FieldOut)
def update_field_option(request: Asked, field_id: PathId, option_id: PathId, body: OptionChange) -> FieldOut:
    """Rename, move or retire a choice."""
    change_option(field_id=field_id, option_id=option_id, values=body.given(), by=request.actor, at=clock.now())
    return _field(must(CustomField, field_id))
