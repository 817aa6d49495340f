"""Filling a ticket's custom fields: with the ticket, one by one, and before it is solved."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from steward.core.errors import Invalid
from steward.desk.actions.comparing import differs
from steward.desk.actions.locking import lock_for_work, touch
from steward.desk.actions.searching import index_more
from steward.desk.facts.ticket import FieldChanged
from steward.desk.models import Ticket
from steward.desk.queries.custom_fields import fields_of, form_of, missing_at_solve
from steward.desk.rules.fields import WRITTEN, Definition, Value, checked, missing, told
from steward.ledger.actions.recording import record
from steward.people.actor import Actor, ActorKind

_KEEP = """
INSERT INTO desk_ticketfields AS v (ticket_id, "values") VALUES (%(ticket)s, %(filled)s::jsonb)
ON CONFLICT (ticket_id) DO UPDATE SET "values" = (v."values" - %(emptied)s::text[]) || excluded."values"
"""


class FieldsMissing(Invalid):
    """A ticket cannot be solved, or opened, before some fields are filled; `missing` holds their ids and names."""

    code = "fields_missing"

    def __init__(self, missing: list[tuple[int, str]], *, at_open: bool = False) -> None:
        names = ", ".join(name for _id, name in missing)
        said = (
            _("Still to be filled before it is sent: %(fields)s.")
            if at_open
            else _("Still to be filled before it is solved: %(fields)s.")
        )
        super().__init__(said % {"fields": names}, field=f"field-{missing[0][0]}", hint=_("Fill them in and try again."))
        self.missing = missing


def fill_fields(*, ticket_id: int, changes: Mapping[int, tuple[Value, Value]], by: Actor, at: datetime) -> Ticket:
    """Fill, change or empty custom fields, each given as (the value seen, the value wanted).

    Two people filling different fields both succeed; the same field raises `Conflict` with both values, and nothing
    of this call is written. A field that does not apply to the ticket can only be emptied.
    """
    with transaction.atomic():
        ticket = lock_for_work(ticket_id, by)
        known = {one.definition.id: one for one in fields_of(ticket)}
        wanted: list[tuple[Definition, Value, Value]] = []
        for field_id, (seen, value) in changes.items():
            field = known.get(field_id)
            if field is None or (not field.applies and value is not None and value != field.value):
                raise Invalid(
                    _("This field is not asked on this ticket."),
                    field=f"field-{field_id}",
                    hint=_("Reload the page: it may have been changed."),
                )
            names = {"theirs": field.words, "yours": field.definition.names_of(value)}
            if differs(field.definition.input, seen=seen, now=field.value, wanted=value, **names):
                wanted.append((field.definition, field.value, value))
        _fill(ticket, wanted, by=by, at=at)
        return ticket


def set_field(*, ticket_id: int, field_id: int, value: Value, by: Actor, at: datetime) -> Ticket:
    """Set one custom field whatever it holds, as rules, macros and bulk edits do; the same value again changes nothing."""
    with transaction.atomic():
        ticket = lock_for_work(ticket_id, by)
        known = next((one for one in fields_of(ticket) if one.definition.id == field_id), None)
        return fill_fields(ticket_id=ticket.pk, changes={field_id: (known.value if known else None, value)}, by=by, at=at)


def fill_at_opening(ticket: Ticket, given: Mapping[int, Value] | None, *, by: Actor, at: datetime) -> None:
    """Fill a new ticket's fields with what was given and, where nothing was, with the defaults.

    `given` is None where the channel had no form to ask with: then nothing can be missing. Of a requester only what
    the form asked is taken. Raises `FieldsMissing` for what must be filled before a ticket is opened.
    """
    asked = form_of(ticket.category_id)
    theirs = by.kind == ActorKind.REQUESTER
    answered = given or {}
    values = [
        (field, answered[field.id] if field.id in answered and (field.asks_requester or not theirs) else field.default)
        for field in asked
    ]
    if given is not None:
        required = [(field, value) for field, value in values if field.asks_requester or not theirs]
        if lacking := missing(required, at_open=True):
            raise FieldsMissing([(field.id, field.name) for field in lacking], at_open=True)
    _fill(ticket, [(field, None, value) for field, value in values if value is not None], by=by, at=at)


def require_fields_to_solve(ticket: Ticket) -> None:
    """Raise `FieldsMissing` when a locked ticket still lacks what must be filled before it is solved."""
    if lacking := missing_at_solve(ticket):
        raise FieldsMissing(lacking)


def _fill(ticket: Ticket, changes: Sequence[tuple[Definition, Value, Value]], *, by: Actor, at: datetime) -> None:
    if not changes:
        return
    filled: dict[str, Value] = {}
    emptied: list[str] = []
    words: list[str] = []
    facts: list[FieldChanged] = []
    for field, old, wanted in changes:
        value = checked(field, wanted, current=old)
        if value is None:
            emptied.append(str(field.id))
        else:
            filled[str(field.id)] = value
        if field.kind in WRITTEN and value is not None:
            words.append(str(value))
        facts.append(FieldChanged(ticket_id=ticket.pk, field_id=field.id, old=told(field.kind, old), new=told(field.kind, value)))
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, {"ticket": ticket.pk, "filled": json.dumps(filled), "emptied": emptied})
    touch(ticket, at)
    if words:
        index_more(ticket, *words)
    record(*facts, by=by, at=at)
