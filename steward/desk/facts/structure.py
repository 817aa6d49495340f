"""How tickets hang together, who watches, and what is said beside the requester; on the stream `ticket:<number>`."""

from dataclasses import dataclass

from steward.desk.facts.ticket import TicketFact


@dataclass(frozen=True, kw_only=True)
class TicketsMerged(TicketFact, kind="desk.tickets_merged"):
    """One ticket, the source, was joined into another; told on both streams.

    `waits` says that the source's requester was waiting for an answer, which is now awaited from the target.
    """

    merge_id: int
    source_id: int
    target_id: int
    waits: bool = False


@dataclass(frozen=True, kw_only=True)
class TicketsUnmerged(TicketFact, kind="desk.tickets_unmerged"):
    """A merge was taken back: the source goes on by itself; told on both streams."""

    merge_id: int
    source_id: int
    target_id: int


@dataclass(frozen=True, kw_only=True)
class MessageMoved(TicketFact, kind="desk.message_moved"):
    """A message is shown on another ticket from now on; told where it was, where it is, and on its home's stream.

    `waits` says whether the requester of the ticket on whose stream this stands waits for an answer after it.
    """

    message_id: int
    from_id: int
    to_id: int
    waits: bool = False


@dataclass(frozen=True, kw_only=True)
class SideConversationStarted(TicketFact, kind="desk.side_conversation_started"):
    """Somebody besides the requester was asked about a ticket: a team of this desk, or a third party by address."""

    conversation_id: int
    team_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class SideMessageSent(TicketFact, kind="desk.side_message_sent"):
    """The desk said something in a side conversation; the requester never sees it."""

    message_id: int
    conversation_id: int


@dataclass(frozen=True, kw_only=True)
class SideMessageReceived(TicketFact, kind="desk.side_message_received"):
    """The third party, or somebody of the team asked, answered in a side conversation."""

    message_id: int
    conversation_id: int


@dataclass(frozen=True, kw_only=True)
class SideConversationEnded(TicketFact, kind="desk.side_conversation_ended"):
    """A side conversation was ended: its link takes no more answers."""

    conversation_id: int


@dataclass(frozen=True, kw_only=True)
class SideConversationReopened(TicketFact, kind="desk.side_conversation_reopened"):
    """An ended side conversation was taken up again."""

    conversation_id: int


@dataclass(frozen=True, kw_only=True)
class SideLinkRenewed(TicketFact, kind="desk.side_link_renewed"):
    """The links given out for a side conversation were made useless, and a new one takes their place."""

    conversation_id: int


@dataclass(frozen=True, kw_only=True)
class ParticipantAdded(TicketFact, kind="desk.participant_added"):
    """A colleague of the requester was told along: they read the ticket and may answer on it."""

    requester_id: int


@dataclass(frozen=True, kw_only=True)
class ParticipantRemoved(TicketFact, kind="desk.participant_removed"):
    """Somebody who was told along takes part no longer; what they said stays."""

    requester_id: int


@dataclass(frozen=True, kw_only=True)
class TicketWatched(TicketFact, kind="desk.ticket_watched"):
    """Somebody wants to hear of a ticket; `how` is manual, reply, mention or merge."""

    user_id: int
    how: str


@dataclass(frozen=True, kw_only=True)
class TicketUnwatched(TicketFact, kind="desk.ticket_unwatched"):
    """Somebody no longer wants to hear of a ticket."""

    user_id: int


@dataclass(frozen=True, kw_only=True)
class Mentioned(TicketFact, kind="desk.mentioned"):
    """A person or a team was named in a note."""

    message_id: int
    user_id: int | None = None
    team_id: int | None = None
