"""Saying what a bulk run would do before it does, and how its messages would read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from steward.desk.actions.filling import unfilled
from steward.desk.actions.verbs.custom import SetField
from steward.desk.actions.verbs.refusing import refusal
from steward.desk.actions.verbs.registry import Call, Described, Step, prepared
from steward.desk.models import BulkRun, Status
from steward.desk.queries.access import visible_queue_ids
from steward.desk.queries.bulk import Preview, preview_of, ticket_ids_of
from steward.desk.queries.custom_fields import missing_of_many, values_of
from steward.desk.queries.snapshots import snapshots
from steward.desk.queries.variables import values_for
from steward.desk.rules.snapshot import Snapshot
from steward.desk.rules.states import State
from steward.desk.rules.variables import fill
from steward.people.actor import Actor

WRITING = frozenset({"reply", "note"})


def preview_bulk(run: BulkRun, calls: Sequence[Call], *, by: Actor) -> Preview:
    """Say how many of a run's tickets would change, and why the others would not; nothing is changed.

    Raises `Invalid` when a call names something that is gone.
    """
    steps = [(call, prepared(call)) for call in calls]
    solves = any(call.verb == "status" and _leads_to_solved(call) for call in calls)

    def describe(tickets: Sequence[Snapshot]) -> Iterable[tuple[Snapshot, Sequence[Described]]]:
        lacking = missing_of_many([one.ticket_id for one in tickets]) if solves else {}
        values = values_for([one.ticket_id for one in tickets], by=by) if any(call.verb in WRITING for call in calls) else {}
        fields = values_of([one.ticket_id for one in tickets]) if any(call.verb == "field" for call in calls) else {}
        for ticket in tickets:
            said = [
                step.describe_from(fields.get(ticket.ticket_id, {}), ticket, by)
                if isinstance(step, SetField)
                else _said(ticket, call, step, values.get(ticket.ticket_id, {}), by)
                for call, step in steps
            ]
            if names := lacking.get(ticket.ticket_id):
                said = [Described(refused=_("Still to be filled before it is solved: %(fields)s.") % {"fields": names}), *said]
            yield ticket, said

    gone = _("Out of your sight by now.")
    return preview_of(run, describe, by=by, gone=gone, merged=_("It was merged into another ticket."))


def _leads_to_solved(call: Call) -> bool:
    return Status.objects.filter(pk=int(call.args["status"]), state=State.SOLVED.value).exists()


def _said(ticket: Snapshot, call: Call, step: Step, values: dict[str, str], by: Actor) -> Described:
    if call.verb not in WRITING:
        return step.describe(ticket, by)
    found = fill(str(call.args["body"]), values)
    if found.missing:
        return Described(refused=unfilled(found.missing).message)
    words = _("A reply is sent") if call.verb == "reply" else _("A note is written")
    return refusal(ticket, by) or Described((words,))


@dataclass(frozen=True)
class Rendered:
    """One message as it would be sent."""

    ticket_id: int
    subject: str
    requester: str
    text: str


def rendered(run: BulkRun, body: str, *, by: Actor, most: int = 5) -> list[Rendered]:
    """Give the first messages of a run as their requesters would read them; those with an empty variable are left out."""
    seen: list[Rendered] = []
    ids, queue_ids = ticket_ids_of(run.pk), visible_queue_ids(by)
    for start in range(0, len(ids), 50):
        chunk = ids[start : start + 50]
        values, tickets = values_for(chunk, by=by), snapshots(chunk, queue_ids=queue_ids)
        for ticket_id in (one for one in chunk if one in tickets):
            found = fill(body, values[ticket_id])
            if not found.missing:
                seen.append(Rendered(ticket_id, tickets[ticket_id].subject, values[ticket_id]["requester.name"], found.text))
            if len(seen) == most:
                return seen
    return seen
