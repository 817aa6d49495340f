"""Running a macro on a ticket: shown before, done whole or not at all, taken back where its verbs allow."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.errors import Conflict, NotFound
from steward.core.text import clean
from steward.desk.actions.locking import lock_for_work
from steward.desk.actions.macro_holding import calls_of, hold_run, macro_actor, speaks, waits
from steward.desk.actions.releasing import take_back as take_back_reply
from steward.desk.actions.replies import refuse_unread
from steward.desk.actions.sharing import count_use
from steward.desk.actions.verbs.running import Done, Preview, perform_all, rehearse, take_back
from steward.desk.models import Macro, MacroRun, MacroVersion
from steward.desk.permissions import may_keep
from steward.desk.queries.macros import runnable, waiting_reply_of
from steward.people.actor import Actor
from steward.people.permissions import require

LONGEST_TOKEN = 100
UNDO_FOR = timedelta(days=1)


class MacroChangedMeanwhile(Conflict):
    """The macro does something else than what was shown; nothing was done."""

    code = "macro_changed"


class TakenBackMeanwhile(Conflict):
    """The very same run was taken back; whoever wants it again looks at what it would change now."""

    code = "macro_taken_back"


@dataclass(frozen=True)
class Shown:
    """A macro before it is run on a ticket: what each step would change, or why it may not."""

    macro: Macro
    version: MacroVersion
    previews: list[Preview]

    @property
    def may_run(self) -> bool:
        """Tell whether it can be run: some step changes something, and none is refused."""
        return any(one.described.changes for one in self.previews) and not any(one.described.refused for one in self.previews)

    @property
    def replies(self) -> bool:
        """Tell whether the requester hears of it."""
        return any(speaks(one.call) for one in self.previews)


def show_macro(*, macro_id: int, ticket_id: int, by: Actor, at: datetime) -> Shown:
    """Say what a macro would change on a ticket; nothing is changed."""
    macro, version = runnable(by, macro_id)
    acting = macro_actor(by, macro.pk, version.version)
    return Shown(macro, version, rehearse(ticket_id, calls_of(version), by=acting, at=at))


def run_macro(
    *,
    macro_id: int,
    ticket_id: int,
    seen_version: int,
    seen_message_id: int | None = None,
    anyway: bool = False,
    client_token: str = "",
    by: Actor,
    at: datetime,
) -> MacroRun:
    """Run a macro on a ticket as it was shown, whole or not at all; one that replies waits with its reply where replies wait.

    Raises `MacroChangedMeanwhile` for another version than the one shown, `NotFound` for one put away, `NewerMessages`
    when it replies and something was said after `seen_message_id`, unless `anyway`. The same token runs it once,
    and raises `TakenBackMeanwhile` when that run was taken back.
    """
    client_token = clean(client_token, max_length=LONGEST_TOKEN, field="client_token", required=False)
    require(may_keep(by), _("Only people of the desk run macros."))
    with transaction.atomic():
        ticket = lock_for_work(ticket_id, by)
        repeated = MacroRun.objects.filter(user_id=by.user_id or 0, client_token=client_token).first() if client_token else None
        if repeated is not None and repeated.undone_at is not None:
            raise TakenBackMeanwhile(
                _("This was run and taken back. Nothing was done now."), hint=_("Look at what it would change now.")
            )
        if repeated is not None:
            return repeated
        macro, version = runnable(by, macro_id)
        if version.version != seen_version:
            raise MacroChangedMeanwhile(
                _("This macro was changed meanwhile. Nothing was done."),
                field="version",
                theirs=version.version,
                yours=seen_version,
                hint=_("Look at what it does now."),
            )
        calls = calls_of(version)
        if seen_message_id is not None and not anyway and any(speaks(call) for call in calls):
            refuse_unread(ticket, seen_message_id, by=by)
        acting = macro_actor(by, macro.pk, version.version)
        is_held = waits(ticket, calls)
        done = [] if is_held else perform_all(ticket_id, calls, by=acting, at=at)
        count_use(Macro, macro.pk, by=by)
        run = MacroRun.objects.create(
            macro=macro,
            version=version.version,
            ticket_id=ticket_id,
            user_id=by.user_id or 0,
            client_token=client_token,
            done=[one.dump() for one in done],
            ran_at=at,
        )
        if is_held:
            hold_run(run, ticket, calls, by=acting, at=at)
        return run


def undo_macro_run(*, run_id: int, by: Actor, at: datetime) -> list[Preview]:
    """Take back what a run of one's own changed, for a day, where the ticket is still as it left it; give what was left alone.

    What was said to the requester stays said. Undoing twice is once. One that still waits is taken back with its reply.
    """
    with transaction.atomic():
        found = MacroRun.objects.filter(pk=run_id, user_id=by.user_id or 0).first()
        if found is None:
            raise NotFound(_("There is no such run of yours."))
        lock_for_work(found.ticket_id, by)
        held = waiting_reply_of(run_id)
        if held is not None:
            take_back_reply(held_id=held.pk, by=by, at=at)
            return []
        run = MacroRun.objects.select_for_update().get(pk=run_id)
        if run.undone_at is not None:
            return []
        if at - run.ran_at > UNDO_FOR:
            raise Conflict(_("That is too long ago to be taken back."), hint=_("Change the ticket by hand."))
        MacroRun.objects.filter(pk=run.pk).update(undone_at=at)
        done = [Done.load(one) for one in run.done]
        return take_back(run.ticket_id, done, by=macro_actor(by, run.macro_id, run.version), at=at)


def can_undo(run: MacroRun) -> bool:
    """Tell whether anything of a run can be taken back."""
    return run.undone_at is None and any(one["back"] for one in run.done)
