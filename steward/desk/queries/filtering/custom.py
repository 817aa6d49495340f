"""The operator for the desk's own fields: `field:Build` has something in it, `field:"Root cause=A flag"` has that."""

import json

from steward.core.errors import Invalid
from steward.core.errors import marked as _
from steward.desk.queries.custom_fields import all_fields
from steward.desk.queries.filtering.conditions import Condition
from steward.desk.queries.filtering.names import Unknown
from steward.desk.queries.filtering.reader import Reader
from steward.desk.queries.filtering.registry import register_operator
from steward.desk.rules.fields import WRITTEN, Definition, Kind, read_named
from steward.desk.rules.filters.operators import Operator
from steward.desk.rules.filters.tree import Named, Value

_ROW = "(SELECT true FROM desk_ticketfields v WHERE v.ticket_id = t.id AND {asked} LIMIT 1) IS TRUE"


def _field(value: Value, _reader: Reader) -> Condition:
    text = value.text if isinstance(value, Named) else ""
    name, equals, wanted = (part.strip() for part in text.partition("="))
    definition = _called(name)
    if not equals:
        return Condition(_ROW.format(asked="v.values ? %s"), (str(definition.id),))
    if definition.kind in WRITTEN:
        return Condition(_ROW.format(asked="lower(v.values ->> %s) = lower(%s)"), (str(definition.id), wanted))
    return _is(definition, wanted)


def _called(name: str) -> Definition:
    """Find a field by its name, or by the beginning of it when only one begins so."""
    known = all_fields(retired=True)
    exact = [one for one in known if one.name.casefold() == name.casefold()]
    near = exact or [one for one in known if name and one.name.casefold().startswith(name.casefold())]
    if len(near) != 1:
        raise Unknown(_("No field is called “%(value)s”; this part was left out."), name)
    return near[0]


def _is(definition: Definition, wanted: str) -> Condition:
    try:
        asked = read_named(definition, wanted)
    except Invalid:
        raise Unknown(_("“%(value)s” is no value of that field; this part was left out."), wanted) from None
    if asked is None:
        return Condition(_ROW.format(asked="v.values ? %s").replace("IS TRUE", "IS NULL"), (str(definition.id),))
    holds = json.dumps({str(definition.id): asked if definition.kind == Kind.MANY_OF or not isinstance(asked, list) else asked[0]})
    return Condition(
        _ROW.format(asked="v.values @> %s::jsonb"),
        (holds,),
        ids="SELECT v.ticket_id FROM desk_ticketfields v WHERE v.values @> %s::jsonb",
        id_values=(holds,),
    )


def _suggested(typed: str, _reader: Reader) -> list[tuple[str, str]]:
    name, equals, begun = typed.partition("=")
    found = []
    for one in all_fields():
        if equals and one.name.casefold() == name.strip().casefold():
            found += [
                (f"{one.name}={option.name}", option.name)
                for option in one.options
                if option.is_active and option.name.casefold().startswith(begun.strip().casefold())
            ]
        elif not equals and one.name.casefold().startswith(name.strip().casefold()):
            found.append((one.name, one.name))
    return found[:10]


def register() -> None:
    """Teach the language this operator; done once, when this is imported."""
    operator = Operator(
        "field", _("One of the desk's own fields, with a value or any"), 'field:"Root cause=A flag"', takes_names=True
    )
    register_operator(operator, _field, suggesting=_suggested)


register()
