"""What happens to a ticket; every fact here stands on the stream `ticket:<number>`."""

from dataclasses import dataclass
from datetime import datetime

from steward.core.facts import Fact


@dataclass(frozen=True, kw_only=True)
class TicketFact(Fact, subject="ticket"):
    """The base of the facts about one ticket."""

    ticket_id: int


@dataclass(frozen=True, kw_only=True)
class TicketOpened(TicketFact, kind="desk.ticket_opened"):
    """A request was taken in and got a number; the values are those it started with."""

    requester_id: int
    queue_id: int
    status_id: int
    state: str
    priority: int
    category_id: int | None = None
    channel: str = ""
    source: str = ""
    by_agent: bool = False


@dataclass(frozen=True, kw_only=True)
class MessageReceived(TicketFact, kind="desk.message_received"):
    """The requester said something."""

    message_id: int
    conversation_id: int


@dataclass(frozen=True, kw_only=True)
class ReplySent(TicketFact, kind="desk.reply_sent"):
    """Something was said to the requester; `automatic` marks what no person wrote."""

    message_id: int
    conversation_id: int
    automatic: bool = False


@dataclass(frozen=True, kw_only=True)
class NoteAdded(TicketFact, kind="desk.note_added"):
    """An internal note was written; it is never delivered."""

    message_id: int


@dataclass(frozen=True, kw_only=True)
class StatusChanged(TicketFact, kind="desk.status_changed"):
    """The ticket moved to another status; `old` and `new` are the states the two statuses belong to."""

    old_status_id: int
    new_status_id: int
    old: str
    new: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class TicketSolved(TicketFact, kind="desk.ticket_solved"):
    """An agent said that the request is answered: the agent's word, not yet the requester's."""

    assignee_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ConfirmationAsked(TicketFact, kind="desk.confirmation_asked"):
    """The requester was asked whether it is fixed."""

    question_id: int
    message_id: int


@dataclass(frozen=True, kw_only=True)
class ConfirmationReminded(TicketFact, kind="desk.confirmation_reminded"):
    """The requester was reminded of the unanswered question."""

    question_id: int


@dataclass(frozen=True, kw_only=True)
class FixConfirmed(TicketFact, kind="desk.fix_confirmed"):
    """The requester said that it is fixed."""

    question_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class FixDenied(TicketFact, kind="desk.fix_denied"):
    """The requester said that it is not fixed."""

    question_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class TicketReopened(TicketFact, kind="desk.ticket_reopened"):
    """A solved or closed ticket is worked again; `why` is denied, reply or agent."""

    why: str


@dataclass(frozen=True, kw_only=True)
class TicketClosed(TicketFact, kind="desk.ticket_closed"):
    """The ticket ended; `outcome` is confirmed, unconfirmed, other or merged."""

    outcome: str


@dataclass(frozen=True, kw_only=True)
class TicketAssigned(TicketFact, kind="desk.ticket_assigned"):
    """The owner changed, by `how`: manual, get_next, routing, handback, handover or merge; `because` is what a rule went by."""

    old_assignee_id: int | None = None
    new_assignee_id: int | None = None
    how: str
    because: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TicketTransferred(TicketFact, kind="desk.ticket_transferred"):
    """The ticket moved to another queue; `handed_on` is lead or engineering when it left the agents' hands."""

    old_queue_id: int
    new_queue_id: int
    reason: str = ""
    handed_on: str = ""


@dataclass(frozen=True, kw_only=True)
class PriorityChanged(TicketFact, kind="desk.priority_changed"):
    """The urgency was set anew."""

    old: int
    new: int


@dataclass(frozen=True, kw_only=True)
class CategoryChanged(TicketFact, kind="desk.category_changed"):
    """The ticket was put under another node of the category tree."""

    old: int | None = None
    new: int | None = None


# Of a custom field the ledger keeps ids, numbers and dates; of what somebody wrote, only "given".
Told = bool | int | float | str | list[int] | None


@dataclass(frozen=True, kw_only=True)
class FieldChanged(TicketFact, kind="desk.field_changed"):
    """A custom field was filled, changed or emptied; what somebody wrote stays out of the ledger and is told as `given`."""

    field_id: int
    old: Told = None
    new: Told = None


@dataclass(frozen=True, kw_only=True)
class SubjectEdited(TicketFact, kind="desk.subject_edited"):
    """The subject line was rewritten; the text itself is personal and stays out of the ledger."""


@dataclass(frozen=True, kw_only=True)
class TagAdded(TicketFact, kind="desk.tag_added"):
    """A free label was put on."""

    tag_id: int


@dataclass(frozen=True, kw_only=True)
class TagRemoved(TicketFact, kind="desk.tag_removed"):
    """A free label was taken off."""

    tag_id: int


@dataclass(frozen=True, kw_only=True)
class FollowUpAdded(TicketFact, kind="desk.follow_up_added"):
    """Somebody promised to come back to this ticket by `due_at`."""

    follow_up_id: int
    owner_id: int
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class FollowUpDone(TicketFact, kind="desk.follow_up_done"):
    """A promised follow-up ended; `outcome` is done, no_answer or dropped."""

    follow_up_id: int
    outcome: str


@dataclass(frozen=True, kw_only=True)
class TicketsLinked(TicketFact, kind="desk.tickets_linked"):
    """Two tickets were joined by a typed link; told on both streams.

    `closing` is said of a part of a whole: waits, follows or free.
    """

    link_id: int
    other_id: int
    link_kind: str
    closing: str = ""


@dataclass(frozen=True, kw_only=True)
class TicketsUnlinked(TicketFact, kind="desk.tickets_unlinked"):
    """A link was taken back; told on both streams."""

    link_id: int
    other_id: int
    link_kind: str


@dataclass(frozen=True, kw_only=True)
class QuestionAnswered(TicketFact, kind="desk.question_answered"):
    """The requester tapped an answer to a question."""

    question_id: int
    question_kind: str
    answer: str
