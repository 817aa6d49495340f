"""A macro that replies waits with its reply: nothing of it is done before the reply goes out, and all of it then."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from steward.core.trying import without_trace
from steward.desk.actions.filling import filled
from steward.desk.actions.replies import reply
from steward.desk.actions.sending import Manner, Written, hold, hold_seconds
from steward.desk.actions.verbs.registry import Call, verb_named
from steward.desk.actions.verbs.running import Done, perform_all
from steward.desk.models import HeldReply, MacroRun, MacroVersion, Message, Ticket
from steward.people.actor import Actor, ActorKind
from steward.people.queries import actor_of_user


def macro_actor(by: Actor, macro_id: int, version: int) -> Actor:
    """Give a person acting through a macro: with their own permission, and the macro's version as the cause."""
    return by.through(kind=ActorKind.MACRO, cause=f"macro:{macro_id}@v{version}")


def calls_of(version: MacroVersion) -> list[Call]:
    """Give what a run of a version does: several replies are one message, said where the first of them stands."""
    calls = written_calls(version)
    replies = [call for call in calls if speaks(call)]
    if len(replies) < 2:  # noqa: PLR2004 -- two texts make one
        return calls
    first = Call(replies[0].verb, {"body": "\n\n".join(str(call.args["body"]) for call in replies)})
    return [first if call is replies[0] else call for call in calls if call is replies[0] or not speaks(call)]


def written_calls(version: MacroVersion) -> list[Call]:
    """Give the calls of a version as somebody wrote them."""
    return [Call.load(one) for one in version.calls]


def speaks(call: Call) -> bool:
    """Tell whether the requester hears of a call."""
    return verb_named(call.verb).speaks


def waits(ticket: Ticket, calls: Sequence[Call]) -> bool:
    """Tell whether these calls would wait on this ticket: one of them replies, and its channel holds replies back."""
    return any(speaks(call) for call in calls) and hold_seconds(ticket.channel) > 0


def hold_run(run: MacroRun, ticket: Ticket, calls: Sequence[Call], *, by: Actor, at: datetime) -> HeldReply:
    """Hold a run with its reply, as the ticket's channel holds replies; what the run would be refused is refused now.

    `by` acts through the macro and the ticket is locked.
    """
    with without_trace():
        perform_all(ticket.pk, calls, by=by, at=at)
    text = next(str(call.args["body"]) for call in calls if speaks(call))
    written = Written(filled(ticket.pk, text, by=by), client_token=f"macro-{run.pk}")
    due_at = at + timedelta(seconds=hold_seconds(ticket.channel))
    return hold(ticket, written, Manner(), due_at=due_at, run=run, by=by, at=at)


def do_held_run(held: HeldReply, *, at: datetime) -> Message:
    """Do the run of a held reply on a locked ticket, with the reply as it was held; whole, or it raises."""
    run = held.macro_run
    assert run is not None
    version = MacroVersion.objects.get(macro_id=run.macro_id, version=run.version)
    by = macro_actor(actor_of_user(held.author_id), run.macro_id, run.version)
    done, message = [], None
    with transaction.atomic():
        for call in calls_of(version):
            if speaks(call):
                message = reply(ticket_id=held.ticket_id, body=held.body, client_token=held.client_token, by=by, at=at)
                done.append(Done(call))
            else:
                done += perform_all(held.ticket_id, [call], by=by, at=at)
        MacroRun.objects.filter(pk=run.pk).update(done=[one.dump() for one in done], ran_at=at)
    assert message is not None
    return message
