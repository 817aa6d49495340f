"""The occasions that promises give to automations: a clock about to run out, one that has, and so long before it does."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from steward.core.rows import rows
from steward.desk.actions.automations.hearing import register_happening
from steward.desk.actions.automations.occasions import Happening, Passed, Span, register_span
from steward.desk.actions.verbs.registry import Argument, Kind
from steward.sla.facts import ClockBreached, ClockWarned

_LONGEST = 10_080
# How far back a promise may have been made that comes due in the week looked at.
_MADE_WITHIN = timedelta(days=30)

# A promise made or resumed within its last minutes has its occasion at once.
_LIVE = """
SELECT c.ticket_id, greatest(c.due_at - %(span)s, c.promised_at, i.started_at) AS came, c.id, c.due_at
  FROM sla_clock c JOIN sla_interval i ON i.clock_id = c.id AND i.ended_at IS NULL
 WHERE c.state = 'running' AND c.breached_at IS NULL AND c.due_at > %(after)s AND c.due_at <= %(until)s + %(span)s
   AND greatest(c.due_at - %(span)s, c.promised_at, i.started_at) > %(after)s
   AND greatest(c.due_at - %(span)s, c.promised_at, i.started_at) <= %(until)s
 ORDER BY came, c.id LIMIT %(most)s
"""

_PAST = """
WITH promised AS (
    SELECT e.stream, e.seq, e.occurred_at, e.payload->>'clock_id' AS clock, (e.payload->>'due_at')::timestamptz AS due_at
      FROM ledger_event e
     WHERE e.kind IN ('sla.clock_started', 'sla.clock_resumed', 'sla.clock_retargeted') AND e.payload->>'due_at' IS NOT NULL
       AND e.occurred_at > %(after)s - %(made)s AND e.occurred_at <= %(until)s AND e.actor_kind <> 'import'
), come AS (
    SELECT p.*, greatest(p.due_at - %(span)s, p.occurred_at) AS came FROM promised p WHERE p.due_at > %(after)s
)
SELECT split_part(stream, ':', 2)::bigint, came, clock, due_at FROM come p
 WHERE came > %(after)s AND came <= %(until)s AND came < due_at
   AND NOT EXISTS (SELECT 1 FROM ledger_event l
                    WHERE l.stream = p.stream AND l.seq > p.seq AND l.occurred_at <= p.came AND l.payload->>'clock_id' = p.clock
                      AND l.kind IN ('sla.clock_paused', 'sla.clock_met', 'sla.clock_missed', 'sla.clock_cancelled',
                                     'sla.clock_retargeted', 'sla.clock_resumed'))
 ORDER BY came, clock LIMIT %(most)s
"""


def _look(sql: str) -> Any:
    def look(args: Mapping[str, Any], after: datetime, until: datetime, most: int) -> Iterator[Passed]:
        span = timedelta(minutes=int(args["minutes"]))
        values = {"after": after, "until": until, "span": span, "made": _MADE_WITHIN, "most": most}
        for ticket_id, came, clock, due_at in rows(sql, values):
            yield Passed(ticket_id, came, f"{args['minutes']}:{clock}:{due_at.isoformat()}")

    return look


def register() -> None:
    """Make these occasions known, and have the facts heard."""
    register_happening(Happening("clock_warned", gettext_lazy("A clock is about to run out"), (ClockWarned,)))
    register_happening(Happening("clock_breached", gettext_lazy("A clock runs out"), (ClockBreached,)))
    minutes = Argument("minutes", gettext_lazy("Minutes"), Kind.NUMBER, least=1, most=_LONGEST)
    register_span(
        Span(
            "due_in",
            gettext_lazy("A promise is due soon"),
            (minutes,),
            lambda args: _("a promise is due in %(minutes)s min") % args,
            _look(_LIVE),
            past=_look(_PAST),
        )
    )
