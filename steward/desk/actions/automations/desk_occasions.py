"""The desk's own occasions: what happens to a ticket, how long it has been so, and how long nobody has said anything."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from steward.core.rows import rows
from steward.desk.actions.automations.hearing import register_happening
from steward.desk.actions.automations.occasions import Happening, Passed, Span, register_span
from steward.desk.actions.verbs.registry import Argument, Kind
from steward.desk.facts import ticket as facts
from steward.desk.models import Status
from steward.desk.rules.snapshot import Snapshot
from steward.ledger.models import Event

_LONGEST = 2_160

# By the index over kind and time: of a week, or of the minute since the last sweep, only what ended in the state asked for.
_IN_STATE = """
SELECT split_part(e.stream, ':', 2)::bigint, e.occurred_at, e.id
  FROM ledger_event e
 WHERE e.kind IN ('desk.status_changed', 'desk.ticket_opened') AND e.occurred_at > %(after)s AND e.occurred_at <= %(until)s
   AND e.actor_kind <> 'import'
   AND coalesce(e.payload->>'new', e.payload->>'state') = %(state)s
   AND coalesce(e.payload->>'old', '') <> coalesce(e.payload->>'new', e.payload->>'state')
   AND NOT EXISTS (SELECT 1 FROM ledger_event l
                    WHERE l.stream = e.stream AND l.seq > e.seq AND l.kind = 'desk.status_changed'
                      AND l.payload->>'old' <> l.payload->>'new' AND l.occurred_at <= e.occurred_at + %(span)s)
 ORDER BY e.occurred_at, e.id LIMIT %(most)s
"""

_SAID = "('desk.ticket_opened', 'desk.message_received', 'desk.reply_sent')"
_SILENT = f"""
SELECT split_part(e.stream, ':', 2)::bigint, e.occurred_at, e.id
  FROM ledger_event e
 WHERE e.kind = ANY(%(kinds)s) AND e.occurred_at > %(after)s AND e.occurred_at <= %(until)s AND e.actor_kind <> 'import'
   AND NOT coalesce((e.payload->>'automatic')::boolean, false)
   AND NOT EXISTS (SELECT 1 FROM ledger_event l
                    WHERE l.stream = e.stream AND l.seq > e.seq AND l.kind IN {_SAID}
                      AND NOT coalesce((l.payload->>'automatic')::boolean, false) AND l.occurred_at <= e.occurred_at + %(span)s)
 ORDER BY e.occurred_at, e.id LIMIT %(most)s
"""  # noqa: S608 -- the kinds are the constant above


def _hours(args: Mapping[str, Any]) -> timedelta:
    return timedelta(hours=int(args["hours"]))


def _in_state(args: Mapping[str, Any], after: datetime, until: datetime, most: int) -> Iterator[Passed]:
    span = _hours(args)
    values = {"after": after - span, "until": until - span, "state": args["state"], "span": span, "most": most}
    for ticket_id, since, event_id in rows(_IN_STATE, values):
        yield Passed(ticket_id, since + span, f"{args['state']}:{args['hours']}:{event_id}")


def _silent(*kinds: str) -> Any:
    def look(args: Mapping[str, Any], after: datetime, until: datetime, most: int) -> Iterator[Passed]:
        span = _hours(args)
        values = {"after": after - span, "until": until - span, "kinds": list(kinds), "span": span, "most": most}
        for ticket_id, since, event_id in rows(_SILENT, values):
            yield Passed(ticket_id, since + span, f"{args['hours']}:{event_id}")

    return look


def _in_it(args: Mapping[str, Any], _passed: Passed, ticket: Snapshot) -> bool:
    return ticket.state == str(args["state"])


def _nothing_said(args: Mapping[str, Any], passed: Passed, ticket: Snapshot) -> bool:
    return ticket.last_message_at is None or ticket.last_message_at <= passed.at - _hours(args)


def _by_person(event: Event, fact: facts.ReplySent) -> bool:
    return not fact.automatic and event.actor_kind in {"agent", "macro"}


def register() -> None:
    """Make these occasions known, and have the facts heard."""
    for name, label, kind, *rest in (
        ("opened", gettext_lazy("A ticket is opened"), facts.TicketOpened),
        ("requester_wrote", gettext_lazy("The requester writes, the first time too"), facts.MessageReceived),
        ("replied", gettext_lazy("Somebody replies"), facts.ReplySent, _by_person),
        ("noted", gettext_lazy("A note is written"), facts.NoteAdded),
        ("status_changed", gettext_lazy("The status changes"), facts.StatusChanged),
        ("solved", gettext_lazy("It is solved"), facts.TicketSolved),
        ("reopened", gettext_lazy("It is reopened"), facts.TicketReopened),
        ("closed", gettext_lazy("It is closed"), facts.TicketClosed),
        ("confirmed", gettext_lazy("The requester confirms the fix"), facts.FixConfirmed),
        ("denied", gettext_lazy("The requester denies the fix"), facts.FixDenied),
        ("assigned", gettext_lazy("The owner changes"), facts.TicketAssigned),
        ("transferred", gettext_lazy("It moves to another queue"), facts.TicketTransferred),
        ("priority_changed", gettext_lazy("The priority changes"), facts.PriorityChanged),
        ("category_changed", gettext_lazy("The category changes"), facts.CategoryChanged),
        ("tagged", gettext_lazy("A label is added"), facts.TagAdded),
        ("untagged", gettext_lazy("A label is taken off"), facts.TagRemoved),
    ):
        register_happening(Happening(name, label, (kind,), *rest))
    hours = Argument("hours", gettext_lazy("Hours"), Kind.NUMBER, least=1, most=_LONGEST)
    states = [(value, label) for value, label in Status.State.choices if value != "closed"]
    state = Argument("state", gettext_lazy("State"), choices=lambda _by: states)
    register_span(
        Span("in_state", gettext_lazy("It has been in a state for some time"), (state, hours), _state_words, _in_state, _in_it)
    )
    register_span(
        Span(
            "no_answer",
            gettext_lazy("The requester has waited for an answer for some time"),
            (hours,),
            lambda args: _("the requester has waited for an answer for %(hours)s h") % args,
            _silent("desk.ticket_opened", "desk.message_received"),
            _nothing_said,
        )
    )
    register_span(
        Span(
            "no_word",
            gettext_lazy("The requester has not answered for some time"),
            (hours,),
            lambda args: _("the requester has not answered for %(hours)s h") % args,
            _silent("desk.reply_sent"),
            _nothing_said,
        )
    )


def _state_words(args: Mapping[str, Any]) -> str:
    return _("it has been %(state)s for %(hours)s h") % {
        "state": dict(Status.State.choices).get(args["state"], args["state"]),
        "hours": args["hours"],
    }
