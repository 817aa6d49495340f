"""Trying a version on last week's tickets, from the ledger, without touching any."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.errors import NotFound
from steward.desk.actions.automations.making import Content, content_of
from steward.desk.actions.automations.occasions import When, happening_named, span_named
from steward.desk.actions.verbs.registry import Step, prepared, verb_named
from steward.desk.facts.automations import AutomationTried
from steward.desk.models import AutomationVersion, DryRun
from steward.desk.permissions import may_manage_automations
from steward.desk.queries.access import queues_in_sight
from steward.desk.queries.conditions import Occasion, matches
from steward.desk.queries.filtering.reader import Reader, reader
from steward.desk.queries.past import Past, past_of
from steward.ledger.actions.recording import record
from steward.ledger.models import Event
from steward.people.actor import Actor, ActorKind, system
from steward.people.permissions import require

LOOKS_BACK = timedelta(days=7)
MOST_CHANCES = 3_000
MOST_LINES = 100
MOST_SECONDS = 8.0
_CHUNK = 100


@dataclass(frozen=True)
class Was:
    """A chance the version would have had: on which ticket, right after which event, at which instant."""

    ticket_id: int
    event_id: int
    at: datetime
    message_id: int | None = None


def try_automation(*, automation_id: int, by: Actor, at: datetime) -> DryRun:
    """Say what the newest version would have done to the tickets of the last week that one may see; nothing is changed.

    It looks at the newest chances first, at most so many and for so long, and keeps how far it looked.
    """
    require(may_manage_automations(by), _("Only leads and admins look after automations."))
    version = AutomationVersion.objects.filter(automation_id=automation_id).order_by("-version").first()
    if version is None:
        raise NotFound(_("There is no such automation."))
    content = content_of(version)
    steps = [(prepared(call), _is_text(call.verb)) for call in content.calls]
    start = at - LOOKS_BACK
    chances = sorted(_chances(content, start, at), key=lambda one: (one.at, one.event_id), reverse=True)
    is_whole = len(chances) <= MOST_CHANCES
    who = reader(queues_in_sight(by), user_id=by.user_id, zone=by.time_zone, at=at)
    trial = _Trial(content, steps, who.queue_ids, system(f"rule:{automation_id}", kind=ActorKind.RULE), start, who)
    looked, reached = trial.look(chances[:MOST_CHANCES])
    is_whole = is_whole and looked == len(chances)
    with transaction.atomic():
        found = DryRun.objects.create(
            version=version,
            ran_by_id=by.user_id or 0,
            ran_at=at,
            looked_from=start if is_whole else reached,
            looked_at=looked,
            is_whole_week=is_whole,
            matched=trial.matched,
            tickets=len(trial.tickets),
            lines=trial.lines,
        )
        fact = AutomationTried(automation_id=automation_id, version=version.version, matched=trial.matched)
        record(fact, by=by, at=at)
    return found


def _is_text(verb: str) -> bool:
    return any(argument.with_variables for argument in verb_named(verb).arguments)


def _chances(content: Content, start: datetime, at: datetime) -> Iterator[Was]:
    for when in content.whens:
        yield from _spans(when, start, at) if span_named(when.name) else _happened(when, start, at)


def _happened(when: When, start: datetime, at: datetime) -> Iterator[Was]:
    happening = happening_named(when.name)
    if happening is None:
        return
    kinds = [fact.kind for fact in happening.facts]
    events = Event.objects.filter(kind__in=kinds, occurred_at__gt=start, occurred_at__lte=at).exclude(actor_kind=ActorKind.IMPORT)
    for event in events.order_by("-occurred_at", "-id")[: MOST_CHANCES + 1]:
        fact = event.fact
        if fact is not None and happening.is_one(event, fact):
            yield Was(event.subject_id, event.id, event.occurred_at, getattr(fact, "message_id", None))


def _spans(when: When, start: datetime, at: datetime) -> Iterator[Was]:
    span = span_named(when.name)
    for one in (span.past or span.look)(when.args, start, at, MOST_CHANCES + 1) if span else ():
        yield Was(one.ticket_id, 0, one.at)


@dataclass
class _Trial:
    content: Content
    steps: Sequence[tuple[Step, bool]]
    queue_ids: list[int]
    actor: Actor
    start: datetime
    reader: Reader
    matched: int = 0

    def __post_init__(self) -> None:
        self.lines: list[dict[str, Any]] = []
        self.tickets: set[int] = set()

    def look(self, chances: Sequence[Was]) -> tuple[int, datetime]:
        """Look at chances, the newest first, until the time is up; give how many, and the instant that was reached."""
        started, looked = monotonic(), 0
        reached = chances[0].at if chances else self.start
        for first in range(0, len(chances), _CHUNK):
            if monotonic() - started > MOST_SECONDS:
                break
            chunk = chances[first : first + _CHUNK]
            past = past_of({one.ticket_id for one in chunk}, queue_ids=self.queue_ids)
            for one in chunk:
                self._one(past, one)
            looked, reached = looked + len(chunk), chunk[-1].at
        return looked, reached

    def _one(self, past: Past, chance: Was) -> None:
        upto = chance.event_id or _last_before(past, chance)
        ticket = past.at(chance.ticket_id, upto_event=upto)
        # Where it stood then counts as well: somebody may not have been meant to see it.
        if ticket is None or ticket.queue_id not in self.queue_ids:
            return
        if not matches(Occasion(ticket, chance.message_id, self.reader), self.content.conditions, self.content.any_conditions):
            return
        told = [_told(step, step.describe(ticket, self.actor), is_text=is_text) for step, is_text in self.steps]
        changes = [words for changed, _why in told for words in changed]
        refused = [why for _changed, why in told if why]
        if not changes and not refused:
            return
        self.matched += 1
        self.tickets.add(chance.ticket_id)
        if len(self.lines) < MOST_LINES:
            self.lines.append({"ticket": chance.ticket_id, "at": chance.at.isoformat(), "changes": changes, "refused": refused})


def _last_before(past: Past, chance: Was) -> int:
    return max((event.id for event in past.events.get(chance.ticket_id, []) if event.occurred_at <= chance.at), default=0)


def _told(step: Step, described: Any, *, is_text: bool) -> tuple[list[str], str]:
    # What would have been written may hold somebody's name: the text as the automation has it says as much.
    changes = [step.words()] if is_text and described.changes else list(described.changes)
    return changes, described.refused
