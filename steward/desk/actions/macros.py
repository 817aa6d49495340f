"""Making macros: a name, for whom, and what they do, version by version."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.errors import Conflict, Invalid
from steward.desk.actions.sharing import About, lock_kept, save_kept, told_of, values_of
from steward.desk.actions.verbs.registry import Call, prepared
from steward.desk.facts.shared import MacroChanged, MacroCreated, MacroVersionPublished
from steward.desk.models import Macro, MacroVersion
from steward.desk.queries.macros import newest_version
from steward.ledger.actions.recording import record
from steward.people.actor import Actor

MOST_STEPS = 20


def create_macro(*, about: About, calls: Sequence[Call], by: Actor, at: datetime) -> Macro:
    """Make a macro with what it does; raises `Invalid` for a step that cannot be, `Conflict` for a name in use."""
    values = about.read(by)
    check_calls(calls)
    with transaction.atomic():
        row = Macro(**values, created_at=at)
        save_kept(row)
        record(MacroCreated(macro_id=row.pk, changes=told_of(row)), by=by, at=at)
        _publish(row, calls, version=1, by=by, at=at)
        return row


def change_macro(
    *, macro_id: int, about: About, calls: Sequence[Call], seen_version: int | None = None, by: Actor, at: datetime
) -> MacroVersion:
    """Change a macro; what it does becomes a new version, and the same again publishes none.

    With `seen_version`, raises `Conflict` when somebody published another one since.
    """
    values = about.read(by)
    check_calls(calls)
    with transaction.atomic():
        row = lock_kept(Macro, macro_id, by)
        newest = newest_version(row.pk)
        if seen_version is not None and newest.version != seen_version:
            raise Conflict(
                _("Somebody published version %(version)s of this macro meanwhile.") % {"version": newest.version},
                field="steps",
                theirs=newest.version,
                yours=seen_version,
                hint=_("Reload, look at what they changed, and change what is left to change."),
            )
        before = values_of(row)
        for name, value in values.items():
            setattr(row, name, value)
        save_kept(row)
        if changes := told_of(row, before=before):
            record(MacroChanged(macro_id=row.pk, changes=changes), by=by, at=at)
        if [call.dump() for call in calls] == newest.calls:
            return newest
        return _publish(row, calls, version=newest.version + 1, by=by, at=at)


def put_away_macro(*, macro_id: int, is_active: bool, by: Actor, at: datetime) -> Macro:
    """Put a macro away, or take it into use again; runs keep naming it."""
    with transaction.atomic():
        row = lock_kept(Macro, macro_id, by)
        if row.is_active != is_active:
            before = values_of(row)
            row.is_active = is_active
            save_kept(row)
            record(MacroChanged(macro_id=row.pk, changes=told_of(row, before=before)), by=by, at=at)
        return row


def check_calls(calls: Sequence[Call]) -> None:
    """Go on only when there are steps and each can be prepared; raises `Invalid` naming the first that cannot."""
    if not calls:
        raise Invalid(_("It does nothing yet."), field="steps", hint=_("Add at least one step."))
    if len(calls) > MOST_STEPS:
        raise Invalid(_("That is more than %(most)s steps.") % {"most": MOST_STEPS}, field="steps")
    for call in calls:
        prepared(call)


def _publish(row: Macro, calls: Sequence[Call], *, version: int, by: Actor, at: datetime) -> MacroVersion:
    made = MacroVersion.objects.create(
        macro=row, version=version, calls=[call.dump() for call in calls], made_by_id=by.user_id, created_at=at
    )
    record(MacroVersionPublished(macro_id=row.pk, version=version), by=by, at=at)
    return made
