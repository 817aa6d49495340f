"""The shapes that resources of the API share: numbers of rows, instants, pages, and the bases of what is sent and given."""

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, StrictStr

BIGINT = 2**63 - 1
Row = TypeVar("Row")


def _from_text(value: Any) -> Any:
    if not isinstance(value, str | datetime):
        raise ValueError("an instant is written as text, such as 2026-03-02T09:00:00Z")  # noqa: TRY004 -- pydantic hears this one
    return value


def _within_reach(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("an instant has a time zone, such as the Z of 2026-03-02T09:00:00Z")
    if not 1970 <= value.year <= 2999:  # noqa: PLR2004 -- what zones and tables can reckon with
        raise ValueError("an instant lies between 1970 and 2999")
    return value.astimezone(UTC)


Id = Annotated[StrictInt, Field(ge=1, le=BIGINT)]
# In an address everything is text.
PathId = Annotated[int, Field(ge=1, le=BIGINT)]
Text = Annotated[StrictStr, Field(max_length=100_000)]
Line = Annotated[StrictStr, Field(max_length=2_000)]
Yes = StrictBool
Small = Annotated[StrictInt, Field(ge=0, le=32_767)]
Instant = Annotated[datetime, BeforeValidator(_from_text), AfterValidator(_within_reach)]
Ids = Annotated[list[Id], Field(max_length=5_000)]


class Sent(BaseModel):
    """The base of what a program sends: what is not known is refused, so that a misspelled field is no silent loss."""

    model_config = ConfigDict(extra="forbid")

    def given(self) -> dict[str, Any]:
        """Give the fields that were sent, by name."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Given(BaseModel):
    """The base of what the desk answers."""

    model_config = ConfigDict(from_attributes=True)


class Listed(Given, Generic[Row]):
    """One page of a list; `next` is the cursor of the page after it, null on the last."""

    items: list[Row]
    next: str | None = None


class Named(Given):
    """A row by its number and name."""

    id: int
    name: str


class Done(Given):
    """That something was done, where there is nothing more to tell."""

    done: bool = True
