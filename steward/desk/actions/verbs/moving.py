"""The verbs that move a ticket: its status, its owner, its queue."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from steward.core.errors import Invalid
from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.changing import transfer_ticket
from steward.desk.actions.lifecycle import HOLD_REASONS, change_status
from steward.desk.actions.locking import lock_for_work
from steward.desk.actions.verbs.looking_up import row_of
from steward.desk.actions.verbs.refusing import refusal
from steward.desk.actions.verbs.registry import Args, Argument, Call, Described, Kind, Verb, register_verb
from steward.desk.models import Queue, Status
from steward.desk.permissions import may_assign_in, may_work_in
from steward.desk.queries.access import only_those_who_see
from steward.desk.rules.snapshot import Snapshot
from steward.desk.rules.states import Purpose, State, may_move
from steward.people.actor import Actor
from steward.people.models import User
from steward.people.queries import actor_for, users_with_capability
from steward.people.rules import Capability

ME, NOBODY = "me", "nobody"
_HOLD_WORDS = {
    "engineering": gettext_lazy("waiting for engineering"),
    "vendor": gettext_lazy("waiting for a vendor"),
    "internal": gettext_lazy("waiting for somebody else here"),
    "scheduled": gettext_lazy("waiting for an agreed time"),
}


@dataclass(frozen=True)
class SetStatus:
    """Set the status, with what its state brings: solving asks the requester, closing needs a reason."""

    status: Status
    reason: str = ""
    why: str = ""

    @property
    def state(self) -> State:
        """Give the state it leads to."""
        return State(self.status.state)

    def words(self) -> str:
        """Say what it does."""
        words = _("Set it to %(status)s") % {"status": self.status.name}
        return f"{words}: {_HOLD_WORDS[self.reason]}" if self.state == State.ON_HOLD else words

    def describe(self, ticket: Snapshot, by: Actor) -> Described:
        """Say what it would change."""
        if ticket.status_id == self.status.pk and (self.state != State.ON_HOLD or ticket.waiting_reason == self.reason):
            return Described()
        if not may_move(State(ticket.state), self.state):
            values = {"old": ticket.status_name, "new": self.status.name}
            return Described(refused=_("A ticket that is %(old)s cannot become %(new)s.") % values)
        words = _("Status: %(old)s → %(new)s") % {"old": ticket.status_name, "new": self.status.name}
        changes = [f"{words} ({_HOLD_WORDS[self.reason]})" if self.state == State.ON_HOLD else words]
        if self.state == State.SOLVED:
            changes.append(_("The requester is asked whether it is fixed"))
        return refusal(ticket, by) or Described(tuple(changes))

    def perform(self, ticket_id: int, by: Actor, at: datetime) -> tuple[Call, ...]:
        """Set it by the one transition; the way back reopens what was ended, and never makes a ticket new."""
        before = lock_for_work(ticket_id, by)
        if before.status_id == self.status.pk and (self.state != State.ON_HOLD or before.waiting_reason == self.reason):
            return ()
        old_status, old_state, old_reason = before.status_id, State(before.state), before.waiting_reason
        reason = self.why if self.state == State.CLOSED else self.reason
        change_status(ticket_id=ticket_id, state=self.state, status_id=self.status.pk, reason=reason, by=by, at=at)
        if old_state in {State.NEW, State.CLOSED, State.SOLVED}:
            return ()
        back = {"status": str(old_status), "reason": old_reason if old_state == State.ON_HOLD else "", "why": ""}
        return (Call("status", back),) if may_move(self.state, old_state) else ()


def _status(args: Args) -> SetStatus:
    status = row_of(Status, args["status"])
    if status is None or not status.is_active:
        raise Invalid(_("That status is no longer used."), field="status", hint=_("Choose another one."))
    reason, why = str(args.get("reason") or ""), str(args.get("why") or "")
    if status.state == State.ON_HOLD and reason not in HOLD_REASONS:
        raise Invalid(_("Say what it waits for."), field="reason", hint=_("On hold needs a reason."))
    if status.state == State.CLOSED and not why:
        raise Invalid(_("Say why it is closed without being solved."), field="why", hint=_("Solve it to ask the requester."))
    return SetStatus(status, reason if status.state == State.ON_HOLD else "", why)


def _statuses(_by: Actor) -> Sequence[tuple[str, str]]:
    rows = Status.objects.filter(is_active=True).exclude(state=State.NEW.value).order_by("position", "id")
    return [(str(pk), name) for pk, name in rows.values_list("id", "name")]


@dataclass
class Assign:
    """Give the ticket to somebody, to whoever acts, or back to its queue."""

    to: User | None
    me: bool = False
    _sees: dict[int, bool] = field(default_factory=dict)

    def words(self) -> str:
        """Say what it does."""
        if self.me:
            return _("Take it")
        return _("Assign it to %(name)s") % {"name": self.to.name} if self.to else _("Give it back to the queue")

    def describe(self, ticket: Snapshot, by: Actor) -> Described:
        """Say what it would change."""
        wanted = by.user_id if self.me else (self.to.pk if self.to else None)
        if self.me and wanted is None:
            return Described(refused=_("Nobody acts here, so nobody can take it."))
        if ticket.assignee_id == wanted:
            return Described()
        if not may_assign_in(by, ticket.queue_purpose, assignee_id=ticket.assignee_id, to_user_id=wanted):
            return Described(refused=_("You may not give this ticket away."))
        if self.to is not None and not self._may_have(self.to, ticket):
            return Described(refused=_("%(name)s may not see this queue.") % {"name": self.to.name})
        new = by.name if self.me else (self.to.name if self.to else _("nobody"))
        return Described((_("Owner: %(old)s → %(new)s") % {"old": ticket.assignee_name or _("nobody"), "new": new},))

    def _may_have(self, to: User, ticket: Snapshot) -> bool:
        if ticket.queue_id not in self._sees:
            seen = bool(only_those_who_see([to.pk], queue=Queue.objects.get(pk=ticket.queue_id)))
            self._sees[ticket.queue_id] = seen and may_work_in(actor_for(to), ticket.queue_purpose)
        return self._sees[ticket.queue_id]

    def perform(self, ticket_id: int, by: Actor, at: datetime) -> tuple[Call, ...]:
        """Assign it."""
        to = User.objects.get(pk=by.user_id) if self.me and by.user_id is not None else self.to
        if self.me and to is None:
            raise Invalid(_("Nobody acts here, so nobody can take it."), field="to")
        old = lock_for_work(ticket_id, by).assignee_id
        assign_ticket(ticket_id=ticket_id, to=to, by=by, at=at)
        return (Call("assign", {"to": str(old or NOBODY)}),) if old != (to.pk if to else None) else ()


def _assign(args: Args) -> Assign:
    wanted = str(args["to"])
    if wanted in {ME, NOBODY}:
        return Assign(None, me=wanted == ME)
    to = row_of(User, wanted)
    if to is None or not to.is_active:
        raise Invalid(_("The person it should go to no longer works here."), field="to", hint=_("Choose somebody else."))
    return Assign(to)


def people_choices(_by: Actor) -> list[tuple[str, str]]:
    """Give those who can own tickets, by name."""
    able = users_with_capability(Capability.WORK_TICKETS) | users_with_capability(Capability.ANSWER_ENGINEERING)
    return [(str(pk), name) for pk, name in able.order_by("name", "id").values_list("id", "name")]


def _owners(by: Actor) -> list[tuple[str, str]]:
    return [(ME, _("Whoever runs it")), (NOBODY, _("Nobody: back to the queue")), *people_choices(by)]


@dataclass(frozen=True)
class Transfer:
    """Move the ticket to another queue."""

    queue: Queue
    reason: str

    def words(self) -> str:
        """Say what it does."""
        return _("Move it to %(queue)s") % {"queue": self.queue.name}

    def describe(self, ticket: Snapshot, by: Actor) -> Described:
        """Say what it would change."""
        if ticket.queue_id == self.queue.pk:
            return Described()
        words = _("Queue: %(old)s → %(new)s") % {"old": ticket.queue_name, "new": self.queue.name}
        return refusal(ticket, by) or Described((words,))

    def perform(self, ticket_id: int, by: Actor, at: datetime) -> tuple[Call, ...]:
        """Move it; the way back moves it again, and says so where a reason is needed."""
        old = lock_for_work(ticket_id, by).queue
        transfer_ticket(ticket_id=ticket_id, queue_id=self.queue.pk, reason=self.reason, by=by, at=at)
        if old.pk == self.queue.pk:
            return ()
        return (Call("transfer", {"queue": str(old.pk), "reason": _("taken back") if old.purpose != Purpose.SUPPORT else ""}),)


def _transfer(args: Args) -> Transfer:
    queue = row_of(Queue, args["queue"])
    if queue is None or not queue.is_active:
        raise Invalid(
            _("The queue %(queue)s is closed.") % {"queue": queue.name if queue else ""},
            field="queue",
            hint=_("Choose another one."),
        )
    reason = str(args.get("reason") or "")
    if queue.purpose != Purpose.SUPPORT and not reason:
        raise Invalid(_("A lead's or an engineering queue needs the reason."), field="reason", hint=_("Say what they should do."))
    return Transfer(queue, reason)


def queue_choices(_by: Actor) -> list[tuple[str, str]]:
    """Give the open queues; a restricted one may be handed to by anybody."""
    rows = Queue.objects.filter(is_active=True).order_by("position", "name", "id")
    return [(str(pk), name) for pk, name in rows.values_list("id", "name")]


def register() -> None:
    """Make these verbs known."""
    status = Argument("status", gettext_lazy("Status"), choices=_statuses, of=Status)
    reason = Argument(
        "reason",
        gettext_lazy("Waits for"),
        required=False,
        choices=lambda _by: [(one, _HOLD_WORDS[one]) for one in HOLD_REASONS],
        hint=gettext_lazy("Only for on hold."),
    )
    why = Argument(
        "why", gettext_lazy("Why it is closed"), Kind.TEXT, required=False, hint=gettext_lazy("Only for closing without solving.")
    )
    to = Argument("to", gettext_lazy("Owner"), choices=_owners, of=User)
    queue = Argument("queue", gettext_lazy("Queue"), choices=queue_choices, of=Queue)
    moved_why = Argument(
        "reason",
        gettext_lazy("Reason"),
        Kind.TEXT,
        required=False,
        most=2_000,
        hint=gettext_lazy("Needed for leads and engineering; kept as an internal note."),
    )
    register_verb(Verb("status", gettext_lazy("Set the status"), "circle-dot", _status, (status, reason, why)))
    register_verb(Verb("assign", gettext_lazy("Assign"), "user-round-check", _assign, (to,)))
    register_verb(Verb("transfer", gettext_lazy("Move to a queue"), "arrow-right-left", _transfer, (queue, moved_why)))
