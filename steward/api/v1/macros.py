"""Macros: made, shown, run, taken back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ninja import Router

from steward.api.operations import CREATED, get, post, put
from steward.api.shapes import Given, Id, Listed, PathId, Sent, Yes
from steward.api.tokens import Asked
from steward.api.v1.finding import USUAL_ROWS, must, newest_of, nothing_here, walk
from steward.api.v1.kept import ActiveIn, CallOut, Calls, Cursor, KeptIn, KeptOut, Limit, calls_in, kept_values, managed
from steward.api.v1.tickets import READ, WRITE
from steward.core import clock
from steward.desk.actions.macro_runs import run_macro, show_macro, undo_macro_run
from steward.desk.actions.macros import change_macro, create_macro, put_away_macro
from steward.desk.models import Macro, MacroRun
from steward.desk.queries.access import visible_queue_ids
from steward.people.rules import Scope

router = Router(tags=["Macros"])
KEPT_READ, KEPT_WRITE = Scope.SETTINGS_READ, Scope.SETTINGS_WRITE


class MacroOut(KeptOut):
    """A macro with what it does now."""

    version: int
    calls: list[CallOut]


class MacroIn(KeptIn):
    """A macro."""

    calls: Calls
    seen_version: Id | None = None


def _macro(row: Macro) -> MacroOut:
    newest = newest_of(row)
    return MacroOut(**kept_values(row), version=newest.version, calls=[CallOut(**call) for call in newest.calls])


@get(router, "/macros", scope=KEPT_READ, out=Listed[MacroOut])
def list_macros(request: Asked, cursor: Cursor = "", limit: Limit = USUAL_ROWS) -> Listed[MacroOut]:
    """List the macros the user may run or looks after."""
    return walk(managed(request, Macro).prefetch_related("versions"), cursor=cursor, limit=limit, show=_macro)


@post(router, "/macros", scope=KEPT_WRITE, out=MacroOut, status=CREATED)
def make_macro(request: Asked, body: MacroIn) -> MacroOut:
    """Make a macro."""
    return _macro(create_macro(about=body.about(), calls=calls_in(body.calls), by=request.actor, at=clock.now()))


@put(router, "/macros/{int:macro_id}", scope=KEPT_WRITE, out=MacroOut)
def update_macro(request: Asked, macro_id: PathId, body: MacroIn) -> MacroOut:
    """Change a macro; what it does becomes a new version."""
    change_macro(
        macro_id=macro_id,
        about=body.about(),
        calls=calls_in(body.calls),
        seen_version=body.seen_version,
        by=request.actor,
        at=clock.now(),
    )
    return _macro(must(Macro, macro_id))


@put(router, "/macros/{int:macro_id}/active", scope=KEPT_WRITE, out=MacroOut)
def set_macro_active(request: Asked, macro_id: PathId, body: ActiveIn) -> MacroOut:
    """Put a macro away, or take it into use again."""
    return _macro(put_away_macro(macro_id=macro_id, is_active=body.is_active, by=request.actor, at=clock.now()))


class StepOut(Given):
    """What a step would change on a ticket, or why it may not be done."""

    verb: str
    words: str
    changes: list[str]
    refused: str


class ShownOut(Given):
    """A macro before it is run on a ticket."""

    macro_id: int
    version: int
    steps: list[StepOut]
    may_run: bool
    replies: bool


def _steps(previews: Sequence[Any]) -> list[StepOut]:
    return [
        StepOut(verb=one.call.verb, words=one.words, changes=list(one.described.changes), refused=one.described.refused)
        for one in previews
    ]


@get(router, "/tickets/{int:ticket_id}/macros/{int:macro_id}", scope=READ, out=ShownOut)
def preview_macro(request: Asked, ticket_id: PathId, macro_id: PathId) -> ShownOut:
    """Say what a macro would change on a ticket. Nothing is changed."""
    shown = show_macro(macro_id=macro_id, ticket_id=ticket_id, by=request.actor, at=clock.now())
    return ShownOut(
        macro_id=macro_id,
        version=shown.version.version,
        steps=_steps(shown.previews),
        may_run=shown.may_run,
        replies=shown.replies,
    )


class MacroRunIn(Sent):
    """The version that was shown, and the last message that was read."""

    seen_version: Id
    seen_message_id: Id | None = None
    anyway: Yes = False


class MacroRunOut(Given):
    """A macro that was run on a ticket."""

    id: int
    macro_id: int
    version: int
    ticket_id: int
    ran_at: datetime
    undone_at: datetime | None


@post(router, "/tickets/{int:ticket_id}/macros/{int:macro_id}/run", scope=WRITE, out=MacroRunOut, status=CREATED)
def run_macro_on_ticket(request: Asked, ticket_id: PathId, macro_id: PathId, body: MacroRunIn) -> MacroRunOut:
    """Run a macro on a ticket as it was shown, whole or not at all."""
    run = run_macro(
        macro_id=macro_id,
        ticket_id=ticket_id,
        seen_version=body.seen_version,
        seen_message_id=body.seen_message_id,
        anyway=body.anyway,
        by=request.actor,
        at=clock.now(),
    )
    return MacroRunOut.model_validate(run)


@post(router, "/macro-runs/{int:run_id}/undo", scope=WRITE, out=list[StepOut])
def undo_macro(request: Asked, run_id: PathId) -> list[StepOut]:
    """Take back what a run of one's own changed, for a day. Gives what was left alone."""
    found = MacroRun.objects.select_related("ticket").filter(pk=run_id).first()
    if found is None or found.ticket.queue_id not in visible_queue_ids(request.actor):
        raise nothing_here()
    return _steps(undo_macro_run(run_id=run_id, by=request.actor, at=clock.now()))
