"""The base of every fact: a frozen dataclass of ids and small values, said in the past tense."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from pydantic import TypeAdapter

_kinds: dict[str, type["Fact"]] = {}


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something a package can say has happened.

    A subclass is a frozen, keyword-only dataclass; its fields are ids, enum values, numbers, instants and
    dicts of those, never personal text: a fact outlives the erasure of the person it is about.
    `subject` names the stream's kind and `subject_field` the field that holds its id, so that a
    `TicketAssigned(ticket_id=7, …)` belongs to the stream `ticket:7`.
    """

    kind: ClassVar[str] = ""
    subject: ClassVar[str] = ""
    subject_field: ClassVar[str] = ""

    def __init_subclass__(cls, *, kind: str = "", subject: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if subject:
            cls.subject, cls.subject_field = subject, f"{subject}_id"
        if kind:
            known = _kinds.get(kind, cls)
            if (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
                raise TypeError(f"two facts are of kind {kind!r}: {known.__module__} and {cls.__module__}")
            cls.kind = kind
            _kinds[kind] = cls

    @property
    def stream(self) -> str:
        """Name the stream this fact belongs to, such as `ticket:123`."""
        return f"{self.subject}:{getattr(self, self.subject_field)}"

    def dump(self) -> dict[str, Any]:
        """Give the fact as JSON-ready values, as the ledger stores it."""
        return dict(_adapter_of(type(self)).dump_python(self, mode="json"))

    @classmethod
    def load(cls, payload: dict[str, Any]) -> Self:
        """Rebuild a fact from what `dump` gave; an unknown field is ignored, a missing one takes its default."""
        loaded: Self = _adapter_of(cls).validate_python(payload)
        return loaded


_adapters: dict[type[Fact], TypeAdapter[Any]] = {}


def _adapter_of(known: type[Fact]) -> TypeAdapter[Any]:
    if known not in _adapters:
        _adapters[known] = TypeAdapter(known)
    return _adapters[known]


def fact_class(kind: str) -> type[Fact] | None:
    """Find the class of a kind, or None for a kind this version does not know."""
    return _kinds.get(kind)


def fact_classes() -> dict[str, type[Fact]]:
    """Give every known fact by its kind, for the documentation test and the verifier."""
    return dict(_kinds)
