"""Filling the variables of a text for a ticket, and refusing to send one that has not been filled."""

from django.utils.translation import gettext as _

from steward.core.errors import Invalid
from steward.desk.queries.variables import values_for, variable_names, variables
from steward.desk.rules.variables import Filled, fill, left_over, places, unknown
from steward.people.actor import Actor


class Unfilled(Invalid):
    """A text still holds a variable that has no value; nothing was sent."""

    code = "unfilled"


def filled_for(ticket_id: int, text: str, *, by: Actor) -> Filled:
    """Fill a text for a ticket, leaving its empty variables in sight."""
    return fill(text, values_for([ticket_id], by=by)[ticket_id]) if places(text) else Filled(text)


def filled(ticket_id: int, text: str, *, by: Actor) -> str:
    """Fill a text for a ticket; raises `Unfilled` when a variable has no value there."""
    found = filled_for(ticket_id, text, by=by)
    if found.missing:
        raise unfilled(found.missing)
    return found.text


def unfilled(names: tuple[str, ...]) -> Unfilled:
    """Give the error for variables without a value."""
    shown = ", ".join("{{" + name + "}}" for name in names)
    return Unfilled(
        _("Not filled in: %(names)s. Nothing was sent.") % {"names": shown},
        field="body",
        hint=_("Write what should stand there, or take it out."),
    )


def unfilled_words(names: tuple[str, ...]) -> str:
    """Say which variables have no value, before anything is tried."""
    return _("Not filled in: %(names)s.") % {"names": ", ".join("{{" + name + "}}" for name in names)}


def refuse_placeholders(body: str) -> None:
    """Go on only when no variable is left in a text; raises `Unfilled` otherwise."""
    names = left_over(body, variable_names())
    if names:
        raise unfilled(names)


def check_variables(text: str, *, field: str, no_agent: bool = False) -> None:
    """Go on only when every variable in a text is known; `no_agent` refuses those that only a person fills."""
    wrong = unknown(text, variable_names())
    if wrong:
        raise Invalid(
            _("There is no variable %(name)s.") % {"name": "{{" + wrong[0] + "}}"},
            field=field,
            hint=_("Choose one from the list of variables."),
        )
    theirs = {one.name for one in variables() if one.of_agent}
    for name in places(text) if no_agent else ():
        if name in theirs:
            raise Invalid(
                _("%(name)s stands for a person, and here nobody acts.") % {"name": "{{" + name + "}}"},
                field=field,
                hint=_("Use a variable of the ticket or the requester."),
            )
