"""The end of a shift: every ticket in hand is kept, passed or parked, with a note; then the roster signs its owner off."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from steward.core.errors import Conflict, Invalid, NotFound
from steward.core.text import clean, is_blank
from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.locking import lock
from steward.desk.actions.snoozing import snooze_ticket
from steward.desk.actions.writing import LONGEST_BODY, clean_token, write_message
from steward.desk.facts.work import HandoverGiven, HandoverRead, TicketHandedOver
from steward.desk.models import HandedTicket, Handover, HandoverReading, Message, Snooze, Ticket
from steward.desk.notice_kinds import HANDOVER
from steward.desk.permissions import may_hand_over
from steward.desk.queries.access import visible_queue_ids
from steward.desk.queries.handovers import handover_seen_by
from steward.desk.queries.routing import serialize_agent
from steward.desk.rules.handover import Left, needs_note
from steward.desk.rules.states import WORKING
from steward.ledger.actions.recording import record
from steward.people.actions.notices import notify
from steward.people.actor import Actor
from steward.people.models import Membership, User
from steward.people.permissions import require
from steward.roster.actions.presence import end_shift
from steward.roster.queries.duty import last_shift_of, on_duty

MOST_TICKETS = 500
LONGEST_NOTE = 5_000
# Somebody may hand over when the shift has run out already.
_SHIFT_WITHIN = timedelta(hours=12)
Kind = HandedTicket.Choice


@dataclass(frozen=True)
class Leaving:
    """What becomes of one ticket.

    Passed goes to a colleague, or without one back to its queue. Parked sleeps until an instant, until the requester
    replies, or without either until its owner's next shift; one that sleeps already goes on sleeping.
    """

    ticket_id: int
    choice: HandedTicket.Choice
    note: str = ""
    to_user_id: int | None = None
    until: Snooze.Until = Snooze.Until.SHIFT
    until_at: datetime | None = None


class NotesMissing(Invalid):
    """An urgent ticket was to be left without a note."""

    code = "notes_missing"

    def __init__(self, ticket_ids: Sequence[int]) -> None:
        self.ticket_ids = tuple(ticket_ids)
        said = ngettext(
            "An urgent ticket has no note: %(numbers)s.", "Urgent tickets have no note: %(numbers)s.", len(self.ticket_ids)
        )
        numbers = ", ".join(f"#{ticket_id}" for ticket_id in self.ticket_ids)
        super().__init__(said % {"numbers": numbers}, field="note", hint=_("Say where each stands: somebody goes on with it."))


class TicketsLeft(Conflict):
    """Tickets came into the leaver's hands after the page was drawn."""

    code = "tickets_left"

    def __init__(self, ticket_ids: Sequence[int]) -> None:
        self.ticket_ids = tuple(ticket_ids)
        said = ngettext(
            "%(numbers)s is in hand too: it came meanwhile, or was not decided on.",
            "%(numbers)s are in hand too: they came meanwhile, or were not decided on.",
            len(self.ticket_ids),
        )
        numbers = ", ".join(f"#{ticket_id}" for ticket_id in self.ticket_ids)
        super().__init__(said % {"numbers": numbers}, field="choice", hint=_("Choose what becomes of them, then hand over again."))


def hand_over(
    *,
    user_id: int,
    leaving: Iterable[Leaving],
    note: str = "",
    ends_shift: bool = True,
    client_token: str = "",
    by: Actor,
    at: datetime,
) -> Handover:
    """Leave every ticket somebody has in hand to where it belongs, and sign them off; all of it or nothing.

    Agents do it for themselves, leads for colleagues who are not there. Raises `TicketsLeft` where one in the actor's sight
    is not decided on, and `NotesMissing` where an urgent one has no note. A ticket that meanwhile is in other hands, or was
    solved, is left out. The same `client_token` gives the handover already given.
    """
    require(may_hand_over(by, user_id), _("This is somebody else's shift."))
    chosen = {one.ticket_id: one for one in leaving}
    if len(chosen) > MOST_TICKETS:
        raise Invalid(_("That is more than one handover holds."), hint=_("Give some tickets back first."))
    note, client_token = clean(note, max_length=LONGEST_NOTE, field="handover_note", required=False), clean_token(client_token)
    with transaction.atomic():
        # Nothing new comes by rule while this is decided.
        serialize_agent(user_id)
        repeated = Handover.objects.filter(user_id=user_id, client_token=client_token).first() if client_token else None
        if repeated is not None:
            return repeated
        tickets = _in_hand(user_id, by)
        _check(tickets, chosen)
        handover = Handover.objects.create(
            user_id=user_id,
            given_by_id=by.user_id,
            shift=last_shift_of(user_id, at, within=_SHIFT_WITHIN),
            note=note,
            client_token=client_token,
            created_at=at,
        )
        handed = [_leave(ticket, chosen[ticket.pk], handover, by=by, at=at) for ticket in tickets]
        _record(handover, handed, by=by, at=at)
        if ends_shift:
            end_shift(user_id=user_id, by=by, at=at)
        _tell(handover, handed, by=by, at=at)
        return handover


def _in_hand(user_id: int, by: Actor) -> list[Ticket]:
    working = [state.value for state in WORKING]
    queue_ids = visible_queue_ids(by)
    # Locked in the order of their numbers; where a row was waited for, it is as whoever held it left it.
    locked = Ticket.objects.select_for_update().filter(assignee_id=user_id, state__in=working, queue_id__in=queue_ids)
    return list(locked.order_by("id"))


def _check(tickets: Sequence[Ticket], chosen: dict[int, Leaving]) -> None:
    undecided = [ticket.pk for ticket in tickets if ticket.pk not in chosen]
    if undecided:
        raise TicketsLeft(undecided)
    silent = [
        ticket.pk
        for ticket in tickets
        if needs_note(Left(ticket.priority, ticket.state, ticket.due_at)) and is_blank(chosen[ticket.pk].note)
    ]
    if silent:
        raise NotesMissing(silent)


def _leave(ticket: Ticket, one: Leaving, handover: Handover, *, by: Actor, at: datetime) -> HandedTicket:
    message = _note(ticket, one, by=by, at=at)
    to_user, until_at = None, None
    if one.choice == Kind.PASSED:
        to_user = _colleague(one.to_user_id) if one.to_user_id else None
        if to_user is not None and to_user.pk == handover.user_id:
            raise Invalid(_("#%(number)s would stay where it is.") % {"number": ticket.pk}, field="to", hint=_("Keep it instead."))
        assign_ticket(ticket_id=ticket.pk, to=to_user, how="handover", by=by, at=at)
    elif one.choice == Kind.PARKED:
        until_at = _park(ticket, one, by=by, at=at)
    handed = HandedTicket.objects.create(
        handover=handover,
        ticket=ticket,
        choice=one.choice,
        to_user=to_user,
        to_queue_id=ticket.queue_id if one.choice == Kind.PASSED and to_user is None else None,
        until_at=until_at,
        note=message,
    )
    record(
        TicketHandedOver(
            ticket_id=ticket.pk,
            handover_id=handover.pk,
            user_id=handover.user_id,
            choice=str(one.choice),
            to_user_id=handed.to_user_id,
            to_queue_id=handed.to_queue_id,
            until_at=until_at,
            has_note=message is not None,
        ),
        by=by,
        at=at,
    )
    return handed


def _note(ticket: Ticket, one: Leaving, *, by: Actor, at: datetime) -> Message | None:
    if is_blank(one.note):
        return None
    body = clean(one.note, max_length=LONGEST_BODY, field=f"note_{ticket.pk}")
    return write_message(lock(ticket.pk), body=body, kind=Message.Kind.NOTE, by=by, at=at)


def _colleague(user_id: int) -> User:
    user: User | None = User.objects.active().filter(pk=user_id).first()
    if user is None:
        raise Invalid(_("There is no such person."), field="to", hint=_("Choose a colleague."))
    return user


def _park(ticket: Ticket, one: Leaving, *, by: Actor, at: datetime) -> datetime | None:
    asleep = Snooze.objects.filter(ticket=ticket, ended_at=None).first()
    if asleep is not None and one.until == Snooze.Until.SHIFT and one.until_at is None:
        return asleep.until_at
    return snooze_ticket(ticket_id=ticket.pk, until=one.until, until_at=one.until_at, by=by, at=at).until_at


def _record(handover: Handover, handed: Sequence[HandedTicket], *, by: Actor, at: datetime) -> None:
    count = {choice: sum(one.choice == choice for one in handed) for choice in Kind}
    record(
        HandoverGiven(
            handover_id=handover.pk,
            user_id=handover.user_id,
            shift_id=handover.shift_id,
            kept=count[Kind.KEPT],
            passed=count[Kind.PASSED],
            parked=count[Kind.PARKED],
        ),
        by=by,
        at=at,
    )


def _tell(handover: Handover, handed: Sequence[HandedTicket], *, by: Actor, at: datetime) -> None:
    """Tell those who were passed something, and those of the leaver's teams who are there now."""
    if not handed and not handover.note:
        return
    teams = list(Membership.objects.filter(user_id=handover.user_id).values_list("team_id", flat=True))
    colleagues = set(Membership.objects.filter(team_id__in=teams).values_list("user_id", flat=True)) & on_duty(at)
    wanted = (colleagues | {one.to_user_id for one in handed if one.to_user_id}) - {handover.user_id, by.user_id}
    notify(user_ids=sorted(wanted), kind=HANDOVER, data={"handover_id": handover.pk}, by=by, at=at)


def read_handover(*, handover_id: int, by: Actor, at: datetime) -> None:
    """Say that one has read a handover; once, and only one that is in sight."""
    if by.user_id is None:
        raise NotFound(_("There is no such handover."))
    with transaction.atomic():
        handover = handover_seen_by(by, handover_id)
        _reading, is_new = HandoverReading.objects.get_or_create(
            handover_id=handover.pk, user_id=by.user_id, defaults={"read_at": at}
        )
        if is_new:
            record(HandoverRead(handover_id=handover.pk, user_id=by.user_id), by=by, at=at)
