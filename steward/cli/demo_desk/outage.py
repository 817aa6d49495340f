"""Two hours in which the media gateway was down: a burst of reports, one cause, one repair."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from steward.cli.demo_desk.script import Words
from steward.cli.demo_desk.timeline import Timeline
from steward.cli.demo_desk.world import World, category
from steward.desk.actions.answering import answer_question
from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.changing import add_tag, change_ticket, transfer_ticket
from steward.desk.actions.intake import Origin, open_ticket
from steward.desk.actions.lifecycle import change_status
from steward.desk.actions.linking import link_tickets
from steward.desk.actions.replies import add_note, reply
from steward.desk.models import Link, Question, Ticket
from steward.desk.rules.states import State
from steward.people.actor import Actor
from steward.people.models import Requester

ABOUT = "Lantern / Slow or down"
TAG = "media-outage"
LASTS = timedelta(minutes=118)
_CONFIRM = 0.62


@dataclass
class Report:
    """One requester's report of the outage."""

    text: str
    lang: str
    words: dict[str, str]
    requester: Requester
    voice: Actor
    ticket_id: int = 0


@dataclass
class Outage:
    """The outage being played."""

    said: dict[str, Any]
    world: World
    timeline: Timeline
    random: Random
    words: Words
    reports: list[Report] = field(default_factory=list)
    first: Report | None = None

    def plan(self, begin: datetime) -> None:
        """Put the whole outage on the timeline."""
        random = self.random
        self.first = self._report("en", self.said["first"])
        self.timeline.add(begin, partial(self._open, self.first))
        self.timeline.add(begin + timedelta(minutes=5), self._raise_alarm)
        for minutes, text in zip((21, 64, 112), self.said["engineer"], strict=True):
            self.timeline.add(begin + timedelta(minutes=minutes), partial(self._engineer, text))
        for lang, text in self.said["reports"]:
            report = self._report(lang, text)
            self.reports.append(report)
            # Most come in the first half hour, the rest as more people notice.
            after = timedelta(minutes=min(4 + random.expovariate(1 / 32), 110))
            self.timeline.add(begin + after, partial(self._open, report))
            self.timeline.add(begin + after + timedelta(minutes=random.uniform(3, 20)), partial(self._answer, report))
        for place, report in enumerate([self.first, *self.reports]):
            fixed = begin + LASTS + timedelta(minutes=random.uniform(1, 24))
            self.timeline.add(fixed, partial(self._solve, report))
            self._plan_end(report, fixed, denied=place in {7, 15})

    def _plan_end(self, report: Report, fixed: datetime, *, denied: bool) -> None:
        word = fixed + timedelta(minutes=self.random.uniform(4, 190))
        if denied:
            self.timeline.add(word, partial(self._deny, report))
            self.timeline.add(word + timedelta(minutes=14), partial(self._answer_denied, report))
            self.timeline.add(word + timedelta(minutes=50), partial(self._confirm, report))
        elif self.random.random() < _CONFIRM:
            self.timeline.add(word, partial(self._confirm, report))

    def _report(self, lang: str, text: str) -> Report:
        requester, voice = self.random.choice(self.world.requesters[lang])
        words = self.words.draw(name=requester.name.split()[0], market=requester.market)
        return Report(text.format(**words), lang, words, requester, voice)

    def _open(self, report: Report | None, at: datetime) -> None:
        if report is None:
            return
        ticket = open_ticket(
            requester=report.requester,
            subject="",
            body=report.text,
            origin=Origin(channel=self.random.choice(("portal", "chat")), language=report.lang),
            queue=self.world.queues["support"],
            category=category(self.world, ABOUT, at=at),
            priority=2,
            by=report.voice,
            at=at,
        )
        report.ticket_id = ticket.pk

    def _agent(self, at: datetime, lang: str) -> Actor:
        present = self.world.on_duty(at, role="agent") or ["lin"]
        speaking = [name for name in present if lang in self.world.staff[name].speaks]
        return self.world.staff[self.random.choice(speaking or present)].actor

    def _raise_alarm(self, at: datetime) -> None:
        report = self.first
        if report is None:
            return
        actor, number = self._agent(at, "en"), report.ticket_id
        reply(ticket_id=number, body=self.said["first_answer"].format(**report.words), by=actor, at=at)
        change_ticket(ticket_id=number, changes={"priority": (2, 1)}, by=actor, at=at)
        add_tag(ticket_id=number, name=TAG, by=actor, at=at)
        transfer_ticket(ticket_id=number, queue_id=self.world.queues["engineering"].pk, reason=self.said["why"], by=actor, at=at)
        change_status(ticket_id=number, state=State.ON_HOLD, reason="engineering", by=actor, at=at)
        assign_ticket(ticket_id=number, to=self.world.staff["eno"].user, by=self.world.staff["maeve"].actor, at=at)

    def _engineer(self, text: str, at: datetime) -> None:
        if self.first is not None:
            add_note(ticket_id=self.first.ticket_id, body=text, by=self.world.staff["eno"].actor, at=at)

    def _answer(self, report: Report, at: datetime) -> None:
        if self.first is None:
            return
        actor = self._agent(at, report.lang)
        add_tag(ticket_id=report.ticket_id, name=TAG, by=actor, at=at)
        link_tickets(ticket_id=report.ticket_id, other_id=self.first.ticket_id, kind=Link.Kind.CAUSED, by=actor, at=at)
        text = f"{report.requester.name.split()[0]}, {self.said['status'][0].lower()}{self.said['status'][1:]}"
        if Ticket.objects.get(pk=report.ticket_id).state not in {State.SOLVED, State.CLOSED}:
            reply(ticket_id=report.ticket_id, body=text, then=State.ON_HOLD, reason="engineering", by=actor, at=at)

    def _solve(self, report: Report, at: datetime) -> None:
        text = self.said["fixed_by_lang"].get(report.lang, self.said["fixed"])
        reply(ticket_id=report.ticket_id, body=text, then=State.SOLVED, by=self._agent(at, report.lang), at=at)

    def _question(self, report: Report) -> Question | None:
        return Question.objects.filter(ticket_id=report.ticket_id, kind="confirmation", answered_at=None, withdrawn_at=None).first()

    def _confirm(self, report: Report, at: datetime) -> None:
        question = self._question(report)
        if question is not None:
            answer_question(question_id=question.pk, answer="yes", by=report.voice, at=at)

    def _deny(self, report: Report, at: datetime) -> None:
        question = self._question(report)
        if question is not None:
            answer_question(
                question_id=question.pk, answer="no", comment=self.said["denied"].format(**report.words), by=report.voice, at=at
            )

    def _answer_denied(self, report: Report, at: datetime) -> None:
        body = self.said["denied_answer"].format(**report.words)
        reply(ticket_id=report.ticket_id, body=body, then=State.SOLVED, by=self._agent(at, report.lang), at=at)
