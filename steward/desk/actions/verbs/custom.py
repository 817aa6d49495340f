"""The verb that sets one of the desk's own fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from steward.core.errors import Invalid
from steward.desk.actions.field_values import set_field
from steward.desk.actions.locking import lock_for_work
from steward.desk.actions.verbs.looking_up import fields_in_use
from steward.desk.actions.verbs.refusing import refusal
from steward.desk.actions.verbs.registry import Args, Argument, Call, Described, Kind, Verb, register_verb
from steward.desk.queries.custom_fields import fields_of, values_of
from steward.desk.rules.fields import LONGEST_LONG_TEXT, Definition, Value, checked, read_named
from steward.desk.rules.snapshot import Snapshot
from steward.people.actor import Actor


@dataclass(frozen=True)
class SetField:
    """Set a field of the desk's own, or empty it."""

    definition: Definition
    wanted: Value

    def words(self) -> str:
        """Say what it does."""
        name = self.definition.name
        if self.wanted is None:
            return _("Empty %(field)s") % {"field": name}
        return _("Set %(field)s to %(value)s") % {"field": name, "value": self.definition.names_of(self.wanted)}

    def describe(self, ticket: Snapshot, by: Actor) -> Described:
        """Say what it would change."""
        return self.describe_from(values_of([ticket.ticket_id]).get(ticket.ticket_id, {}), ticket, by)

    def describe_from(self, values: Mapping[int, Value], ticket: Snapshot, by: Actor) -> Described:
        """Say what it would change on a ticket whose fields were read already."""
        now = values.get(self.definition.id)
        if now == self.wanted:
            return Described()
        said = {
            "field": self.definition.name,
            "old": self.definition.names_of(now) or _("none"),
            "new": self.definition.names_of(self.wanted) or _("none"),
        }
        return refusal(ticket, by) or Described((_("%(field)s: %(old)s → %(new)s") % said,))

    def perform(self, ticket_id: int, by: Actor, at: datetime) -> tuple[Call, ...]:
        """Set it from whatever it is now."""
        ticket = lock_for_work(ticket_id, by)
        old = next((one for one in fields_of(ticket) if one.definition.id == self.definition.id), None)
        if old is not None and old.value == self.wanted:
            return ()
        set_field(ticket_id=ticket_id, field_id=self.definition.id, value=self.wanted, by=by, at=at)
        back = {"field": str(self.definition.id), "value": _named(self.definition, old.value if old else None)}
        return (Call("field", back),)


def _named(definition: Definition, value: Value) -> str:
    """Write a value as `read_named` reads it back."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ";".join(definition.names_of(one) for one in value)
    return definition.names_of(value) if definition.options else definition.raw_of(value)[0]


def _field(args: Args) -> SetField:
    known = {str(one.id): one for one in fields_in_use()}
    definition = known.get(str(args["field"]))
    if definition is None:
        raise Invalid(_("That field is no longer asked."), field="field", hint=_("Choose another one."))
    try:
        return SetField(definition, checked(definition, read_named(definition, str(args.get("value") or ""))))
    except Invalid as error:
        raise Invalid(error.message, field="value", hint=error.hint) from error


def field_choices(_by: Actor) -> list[tuple[str, str]]:
    """Give the fields in use."""
    return [(str(one.id), one.name) for one in fields_in_use()]


def register() -> None:
    """Make this verb known."""
    field = Argument("field", gettext_lazy("Field"), choices=field_choices)
    value = Argument(
        "value",
        gettext_lazy("Value"),
        Kind.TEXT,
        required=False,
        most=LONGEST_LONG_TEXT,
        hint=gettext_lazy("As it is written; a choice by its name, several with a semicolon between. Nothing empties it."),
    )
    register_verb(Verb("field", gettext_lazy("Set a field"), "text-cursor-input", _field, (field, value)))
