"""A form as it was sent, to be shown again with what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest

from steward.core.errors import Conflict, Invalid


@dataclass
class Sent:
    """The values of a form and the errors by field; what belongs to no field stands under the empty name."""

    values: dict[str, str]
    errors: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, request: HttpRequest, **defaults: str) -> "Sent":
        """Take what was posted, or the defaults; a field that was not sent counts as empty."""
        if request.method != "POST":
            return cls(dict(defaults))
        return cls({name: request.POST.get(name, "") for name in defaults})

    def refuse(self, error: Invalid | Conflict, *, known: Mapping[str, str] | None = None) -> None:
        """Put an error to the field it names, so far as the form has that field."""
        name = error.field if error.field in {**self.values, **(known or {})} else ""
        self.errors.setdefault(name, []).append(f"{error.message} {error.hint}".strip())
