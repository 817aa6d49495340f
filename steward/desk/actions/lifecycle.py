"""The one transition path: every change of status, whoever asks for it, ends in `move`."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.errors import Invalid
from steward.core.text import clean, is_blank
from steward.desk.actions.comparing import differs
from steward.desk.actions.confirming import ask_for_confirmation, withdraw_questions
from steward.desk.actions.field_values import require_fields_to_solve
from steward.desk.actions.locking import default_status, lock_for_work, touch
from steward.desk.actions.waking import end_snooze, settle_return
from steward.desk.actions.writing import write_message
from steward.desk.facts.ticket import StatusChanged, TicketClosed, TicketReopened, TicketSolved
from steward.desk.models import Message, Snooze, Status, Ticket
from steward.desk.queries.wholes import parts_of
from steward.desk.rules.states import ENDED, Outcome, State, may_move
from steward.desk.rules.wholes import hold_back
from steward.ledger.actions.recording import record
from steward.people.actor import Actor

# Why a ticket waits, when it waits on us or on a third party.
LONGEST_REASON = 2_000
MOST_NAMED = 10
HOLD_REASONS = ("engineering", "vendor", "internal", "scheduled")


class CannotMove(Invalid):
    """The ticket cannot go to that status from where it is."""

    code = "cannot_move"


class PartsOpen(CannotMove):
    """A whole cannot be solved or closed while parts of it that it waits for are worked on."""

    code = "parts_open"


def move(
    ticket: Ticket, *, to: Status, reason: str = "", outcome: str = "", restoring: bool = False, by: Actor, at: datetime
) -> bool:
    """Move a locked ticket to a status and record it; False says that it was there already.

    Raises `CannotMove` where the states' rules forbid it, unless it is `restoring` what was before, and `FieldsMissing`
    for solving a ticket that lacks a field. Leaving solved or closed takes back the end: its instants, its outcome and
    its open questions.
    """
    old = State(ticket.state)
    new = State(to.state)
    if ticket.status_id == to.pk and ticket.waiting_reason == reason:
        return False
    if not restoring:
        _refuse_move(ticket, to)
    fact = StatusChanged(
        ticket_id=ticket.pk,
        old_status_id=ticket.status_id,
        new_status_id=to.pk,
        old=old.value,
        new=new.value,
        reason=reason,
    )
    ticket.status, ticket.state, ticket.waiting_reason = to, new.value, reason
    if new not in ENDED:
        ticket.solved_at = ticket.confirmed_at = ticket.closed_at = None
        ticket.outcome = ""
    else:
        end_snooze(ticket, ended_as=Snooze.Ended.OVER, by=by, at=at)
    if new != State.OPEN:
        settle_return(ticket, at=at)
    if new == State.SOLVED and old != State.SOLVED:
        ticket.solved_at, ticket.closed_at, ticket.outcome = at, None, ""
    if new == State.CLOSED and old != State.CLOSED:
        ticket.closed_at, ticket.outcome = at, outcome or Outcome.OTHER.value
    touch(
        ticket,
        at,
        "status",
        "state",
        "waiting_reason",
        "snoozing",
        "solved_at",
        "confirmed_at",
        "closed_at",
        "outcome",
        "merged_into",
    )
    record(fact, by=by, at=at)
    return True


def change_status(
    *,
    ticket_id: int,
    state: State,
    status_id: int | None = None,
    reason: str = "",
    seen_status_id: int | None = None,
    despite: str = "",
    by: Actor,
    at: datetime,
) -> Ticket:
    """Set a ticket to a state (or to one status of it), with what each state brings with it.

    Solving asks the requester; closing by hand needs a reason, kept as a note; on hold needs one of `HOLD_REASONS`.
    Raises `PartsOpen` for solving or closing a whole whose parts are not solved, unless `despite` says why, which is kept
    as a note, and `Conflict` when the status is neither the one that was seen, if that is told, nor the one that is wanted.
    """
    with transaction.atomic():
        ticket = lock_for_work(ticket_id, by)
        if seen_status_id is not None and ticket.state != state:
            differs("status", seen=seen_status_id, now=ticket.status_id, wanted=_status(state, status_id).pk)
        set_state(ticket, state=state, status_id=status_id, reason=reason, despite=despite, by=by, at=at)
        return ticket


def set_state(
    ticket: Ticket,
    *,
    state: State,
    status_id: int | None = None,
    reason: str = "",
    despite: str = "",
    by: Actor,
    at: datetime,
) -> None:
    """Do what `change_status` does to a ticket that is locked and checked already."""
    old = State(ticket.state)
    to = check_state(ticket, state=state, status_id=status_id, reason=reason, despite=despite)
    if state in ENDED and old not in ENDED:
        _note_despite(ticket, state, despite, by=by, at=at)
    if state == State.CLOSED and old != State.CLOSED:
        _note_why_closed(ticket, reason, by=by, at=at)
    # Only waiting has a reason, and only a known one: what people write stays out of the ledger.
    reason = {State.PENDING: "requester", State.ON_HOLD: reason}.get(state, "")
    if old in ENDED and state not in ENDED:
        _reopen(ticket, why="agent", to=to, reason=reason, by=by, at=at)
    elif move(ticket, to=to, reason=reason, outcome=Outcome.OTHER.value if state == State.CLOSED else "", by=by, at=at):
        _after(ticket, old=old, by=by, at=at)


def check_state(ticket: Ticket, *, state: State, status_id: int | None = None, reason: str = "", despite: str = "") -> Status:
    """Raise what setting a locked ticket to a state would raise, without setting it; give the status it would get."""
    to, old = _status(state, status_id), State(ticket.state)
    if state == State.NEW and old != State.NEW:
        raise never_new_again()
    if state == State.ON_HOLD and reason not in HOLD_REASONS:
        raise Invalid(
            _("Say what it waits for."),
            field="reason",
            hint=_("Choose engineering, vendor, internal or scheduled."),
        )
    if state in ENDED and old not in ENDED and is_blank(despite) and (numbers := _open_parts(ticket, state)):
        raise PartsOpen(
            _("Parts of it are not solved yet: %(numbers)s.") % {"numbers": numbers},
            field="state",
            hint=_("Solve them first, or say under “Parts” why it is over all the same."),
        )
    if state == State.CLOSED and old != State.CLOSED and is_blank(reason):
        raise Invalid(_("Say why it is closed without being solved."), field="reason", hint=_("Solve it to ask the requester."))
    if not (old in ENDED and state not in ENDED):
        _refuse_move(ticket, to)
    return to


def _open_parts(ticket: Ticket, state: State) -> str:
    held = hold_back(parts_of(ticket.pk), new=state)
    return ", ".join(f"#{part}" for part in held[:MOST_NAMED]) + ("…" if len(held) > MOST_NAMED else "")


def _note_despite(ticket: Ticket, state: State, despite: str, *, by: Actor, at: datetime) -> None:
    numbers = "" if is_blank(despite) else _open_parts(ticket, state)
    if numbers:
        despite = clean(despite, max_length=LONGEST_REASON, field="despite")
        body = _("Ended although parts are open (%(numbers)s): %(reason)s") % {"numbers": numbers, "reason": despite}
        write_message(ticket, body=body, kind=Message.Kind.NOTE, by=by, at=at)


def never_new_again() -> CannotMove:
    """Give the error for a ticket that is to become what it can only begin as."""
    return CannotMove(_("A ticket that was worked on cannot become new again."), field="state")


def _refuse_move(ticket: Ticket, to: Status) -> None:
    old, new = State(ticket.state), State(to.state)
    if not may_move(old, new):
        raise CannotMove(
            _("A ticket that is %(old)s cannot become %(new)s.") % {"old": ticket.status.name, "new": to.name},
            field="state",
            hint=_("Reopen it first."),
        )
    if new == State.SOLVED and old != State.SOLVED:
        require_fields_to_solve(ticket)


def _note_why_closed(ticket: Ticket, reason: str, *, by: Actor, at: datetime) -> None:
    reason = clean(reason, max_length=LONGEST_REASON, field="reason")
    write_message(ticket, body=_("Closed: %(reason)s") % {"reason": reason}, kind=Message.Kind.NOTE, by=by, at=at)


def _status(state: State, status_id: int | None) -> Status:
    if status_id is None:
        return default_status(state)
    status = Status.objects.filter(pk=status_id, state=state.value, is_active=True).first()
    if status is None:
        raise Invalid(_("There is no such status."), field="status", hint=_("Reload the page: it may have been changed."))
    return status


def _after(ticket: Ticket, *, old: State, by: Actor, at: datetime) -> None:
    if ticket.state == State.SOLVED and old != State.SOLVED:
        record(TicketSolved(ticket_id=ticket.pk, assignee_id=ticket.assignee_id), by=by, at=at)
        ask_for_confirmation(ticket, at=at)
    if ticket.state == State.CLOSED and old != State.CLOSED:
        withdraw_questions(ticket, at=at)
        record(TicketClosed(ticket_id=ticket.pk, outcome=ticket.outcome), by=by, at=at)


def _reopen(ticket: Ticket, *, why: str, to: Status, reason: str, by: Actor, at: datetime) -> None:
    withdraw_questions(ticket, at=at)
    move(ticket, to=to, reason=reason, by=by, at=at)
    record(TicketReopened(ticket_id=ticket.pk, why=why), by=by, at=at)


def reopen(ticket: Ticket, *, why: str, by: Actor, at: datetime) -> None:
    """Take up a locked, ended ticket again, with its history; its questions and timers are withdrawn."""
    _reopen(ticket, why=why, to=default_status(State.OPEN), reason="", by=by, at=at)


def close_with(ticket: Ticket, *, outcome: Outcome, by: Actor, at: datetime) -> None:
    """End a locked, solved ticket by the requester's word or for the want of it."""
    if move(ticket, to=default_status(State.CLOSED), reason="", outcome=outcome.value, by=by, at=at):
        record(TicketClosed(ticket_id=ticket.pk, outcome=outcome.value), by=by, at=at)


def solve_ticket(*, ticket_id: int, by: Actor, at: datetime) -> Ticket:
    """Say that the request is answered; the requester is asked whether it is."""
    return change_status(ticket_id=ticket_id, state=State.SOLVED, by=by, at=at)


def reopen_ticket(*, ticket_id: int, by: Actor, at: datetime) -> Ticket:
    """Take up a solved or closed ticket again, on an agent's word."""
    with transaction.atomic():
        ticket = lock_for_work(ticket_id, by)
        if State(ticket.state) not in ENDED:
            raise CannotMove(_("This ticket is not solved or closed."), field="state")
        reopen(ticket, why="agent", by=by, at=at)
        return ticket
