"""One ticket of the demo: its thread, turn by turn, each by whoever would have done it then."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from steward.cli.demo_desk.files import log, screenshot
from steward.cli.demo_desk.pictures import profile, still
from steward.cli.demo_desk.script import Thread
from steward.cli.demo_desk.timeline import Timeline
from steward.cli.demo_desk.world import World, category
from steward.desk.actions.answering import answer_question
from steward.desk.actions.assignment import AtCapacity, NotOnShift, assign_ticket, get_next
from steward.desk.actions.changing import transfer_ticket
from steward.desk.actions.filing import StoredFile, bytes_upload, store_file
from steward.desk.actions.following_up import add_follow_up
from steward.desk.actions.intake import Origin, open_ticket, receive_message
from steward.desk.actions.lifecycle import change_status
from steward.desk.actions.replies import add_note, reply
from steward.desk.models import Question, Ticket
from steward.desk.rules.states import State
from steward.people.actor import Actor
from steward.people.models import Requester

# Minutes before each kind of turn: the shortest and the usual.
_PAUSES = {"r": (6, 55), "n": (3, 9), "a": (7, 35), "to": (3, 10), "e": (25, 100), "l": (12, 45), "end": (12, 160)}
_HOURS_ON_HOLD = (2.0, 15.0)
_CONFIRMS, _RATES, _TAKES_NEXT = 0.82, 0.75, 0.3


@dataclass
class Story:
    """A thread being played: who asks, who answers, and where it stands."""

    thread: Thread
    opening: str
    words: dict[str, str]
    requester: Requester
    voice: Actor
    world: World
    timeline: Timeline
    random: Random
    channel: str
    only_opens: bool = False
    in_hand_of: str = ""
    ticket_id: int = 0
    answerer: str = ""
    home: str = ""
    held: bool = False

    def start(self, at: datetime) -> None:
        """Have it begin at an instant."""
        self.home = self.thread.queue
        self.timeline.add(at, self._open)

    def _open(self, at: datetime) -> None:
        ticket = open_ticket(
            requester=self.requester,
            subject="",
            body=self.opening,
            origin=Origin(channel=self.channel, language=self.thread.lang),
            queue=self.world.queues[self.thread.queue],
            category=category(self.world, self.thread.about, at=at),
            priority=self.thread.priority,
            files=self._files(self.thread.talk[0], at),
            by=self.voice,
            at=at,
        )
        self.ticket_id = ticket.pk
        if not self.only_opens:
            self._next(1, at)
        elif self.in_hand_of:
            self.timeline.add(at + timedelta(minutes=self.random.uniform(4, 20)), self._take)

    def _take(self, at: datetime) -> None:
        """Have a lead give the ticket to the agent who has it in hand now, unless somebody took it before."""
        if not Ticket.objects.filter(pk=self.ticket_id, assignee__isnull=False).exists():
            worker, lead = self.world.staff[self.in_hand_of], self.world.staff["maeve"]
            assign_ticket(ticket_id=self.ticket_id, to=worker.user, by=lead.actor, at=at)

    def _next(self, turn: int, at: datetime) -> None:
        """Plan a turn: after a pause, and when somebody of the desk is needed, once somebody is there."""
        if turn >= len(self.thread.talk):
            return
        what = self.thread.talk[turn]
        kind = next(name for name in _PAUSES if name in what)
        shortest, usual = _PAUSES[kind]
        pause = timedelta(minutes=shortest + self.random.expovariate(1 / (usual - shortest)))
        if kind == "a" and self.held:
            pause = timedelta(hours=self.random.uniform(*_HOURS_ON_HOLD))
        elif kind == "a" and self.thread.priority <= 2 and not self.answerer:  # noqa: PLR2004 -- high
            pause /= 3
        self.timeline.add(at + pause, lambda then: self._turn(turn, kind, what, then))

    def _turn(self, turn: int, kind: str, what: dict[str, Any], at: datetime) -> None:
        who = self._who(kind, at)
        if who is None:
            self.timeline.add(
                self.world.next_start(at) + timedelta(minutes=self.random.uniform(2, 25)),
                lambda then: self._turn(turn, kind, what, then),
            )
            return
        self._does[kind](what, who, at)
        self._next(turn + 1, at)

    def _who(self, kind: str, at: datetime) -> str | None:
        """Choose who does it: the requester, or somebody on duty, the one who answered before if they are there."""
        if kind in {"r", "end"}:
            return ""
        role = {"e": "engineer", "l": "lead"}.get(kind, "agent")
        queue = self.home if self.home in self.world.restricted else ""
        present = self.world.on_duty(at, role=role, queue=queue)
        if not present and queue:
            present = self.world.on_duty(at, role="lead", queue=queue)
        if self.answerer in present:
            return self.answerer
        speaking = [name for name in present if self.thread.lang in self.world.staff[name].speaks]
        return self.random.choice(speaking or present) if present else None

    @property
    def _does(self) -> dict[str, Callable[[dict[str, Any], str, datetime], None]]:
        return {
            "r": self._ask,
            "a": self._reply,
            "n": self._note,
            "to": self._hand_on,
            "e": self._come_back,
            "l": self._come_back,
            "end": self._end,
        }

    def _text(self, text: str) -> str:
        return text.format(**self.words)

    def _files(self, what: dict[str, Any], at: datetime) -> list[StoredFile]:
        if "file" not in what:
            return []
        number = self.random.randint(100, 999)
        made: dict[str, tuple[str, Callable[[], bytes]]] = {
            "png": (f"screenshot-{number}.png", lambda: screenshot(self.random)),
            "still": (f"frame-{number}.jpg", lambda: still(self.random)),
            "profile": (f"account-{number}.png", lambda: profile(self.random)),
            "txt": ("diagnostics.txt", lambda: log(self.random, at)),
        }
        name, content = made[what["file"]]
        return [store_file(bytes_upload(name, content()))]

    def _ask(self, what: dict[str, Any], _who: str, at: datetime) -> None:
        said = what["r"] if isinstance(what["r"], str) else self.random.choice(what["r"])
        receive_message(ticket_id=self.ticket_id, body=self._text(said), files=self._files(what, at), by=self.voice, at=at)
        self.held = False

    def _reply(self, what: dict[str, Any], who: str, at: datetime) -> None:
        worker = self.world.staff[who]
        if not self.answerer and self.random.random() < _TAKES_NEXT:
            with suppress(AtCapacity, NotOnShift):
                get_next(by=worker.actor, at=at - timedelta(minutes=2))
        if who != self.answerer and not Ticket.objects.filter(pk=self.ticket_id, assignee=worker.user).exists():
            assign_ticket(ticket_id=self.ticket_id, to=worker.user, by=self._lead_or(worker.actor), at=at - timedelta(minutes=1))
        then = State(what["then"]) if "then" in what else None
        reply(
            ticket_id=self.ticket_id, body=self._text(what["a"]), then=then, reason=what.get("reason", ""), by=worker.actor, at=at
        )
        self.answerer, self.held = who, then == State.ON_HOLD
        if "follow" in what:
            add_follow_up(
                ticket_id=self.ticket_id,
                owner=worker.user,
                what=what["follow"],
                due_at=at + timedelta(hours=self.random.randint(20, 90)),
                by=worker.actor,
                at=at,
            )

    def _lead_or(self, actor: Actor) -> Actor:
        """Give a lead where somebody else's ticket is given away, as the desk asks."""
        taken = Ticket.objects.filter(pk=self.ticket_id, assignee__isnull=False).exists()
        return self.world.staff["maeve"].actor if taken else actor

    def _note(self, what: dict[str, Any], who: str, at: datetime) -> None:
        add_note(ticket_id=self.ticket_id, body=self._text(what["n"]), by=self.world.staff[who].actor, at=at)

    def _hand_on(self, what: dict[str, Any], who: str, at: datetime) -> None:
        actor = self.world.staff[who].actor
        transfer_ticket(
            ticket_id=self.ticket_id, queue_id=self.world.queues[what["to"]].pk, reason=self._text(what["why"]), by=actor, at=at
        )
        if what["to"] == "engineering":
            change_status(ticket_id=self.ticket_id, state=State.ON_HOLD, reason="engineering", by=actor, at=at)

    def _come_back(self, what: dict[str, Any], who: str, at: datetime) -> None:
        """Have an engineer or a lead write what they found and give the ticket back to where it came from."""
        worker = self.world.staff[who]
        add_note(ticket_id=self.ticket_id, body=self._text(what.get("e") or what["l"]), by=worker.actor, at=at)
        back = self.world.queues[self.home].pk
        transfer_ticket(ticket_id=self.ticket_id, queue_id=back, reason="", by=worker.actor, at=at + timedelta(minutes=1))

    def _end(self, what: dict[str, Any], _who: str, at: datetime) -> None:
        question = Question.objects.filter(
            ticket_id=self.ticket_id, kind="confirmation", answered_at=None, withdrawn_at=None
        ).first()
        if question is None or what["end"] == "quiet":
            return
        if what["end"] is False or what["end"] == "no":
            answer_question(question_id=question.pk, answer="no", comment=self._text(what["say"]), by=self.voice, at=at)
            self.answerer = ""
        elif self.random.random() < _CONFIRMS:
            answer_question(question_id=question.pk, answer="yes", by=self.voice, at=at)
            if self.random.random() < _RATES:
                self.timeline.add(at + timedelta(minutes=self.random.uniform(1, 9)), lambda then: self._rate(what, then))

    def _rate(self, what: dict[str, Any], at: datetime) -> None:
        question = Question.objects.filter(ticket_id=self.ticket_id, kind="rating", answered_at=None, withdrawn_at=None).first()
        if question is not None:
            answer_question(question_id=question.pk, answer=str(what["end"]), comment=what.get("say", ""), by=self.voice, at=at)
