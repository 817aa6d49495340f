"""What can happen around harmful content; who looked at what, never what it showed."""

from dataclasses import dataclass, field

from steward.core.facts import Fact
from steward.desk.facts.ticket import TicketFact

Changes = dict[str, tuple[str | int | bool | None, str | int | bool | None]]


@dataclass(frozen=True, kw_only=True)
class TicketFlagged(TicketFact, kind="desk.ticket_flagged"):
    """Somebody said what kind of harmful content a ticket carries, or that it carries none."""

    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class MediaViewed(Fact, kind="desk.media_viewed", subject="attachment"):
    """Somebody asked for a covered file and it was shown to them; `how` is shown or downloaded."""

    attachment_id: int
    ticket_id: int
    view_id: int
    how: str


@dataclass(frozen=True, kw_only=True)
class MediaViewEnded(Fact, kind="desk.media_view_ended", subject="attachment"):
    """A covered file was covered again, having been in sight for so many seconds."""

    attachment_id: int
    view_id: int
    seconds: int


@dataclass(frozen=True, kw_only=True)
class FileRedacted(TicketFact, kind="desk.file_redacted"):
    """A copy of an attached picture with parts of it made unreadable was put beside it."""

    attachment_id: int
    copy_id: int


@dataclass(frozen=True, kw_only=True)
class ExposureExtended(Fact, kind="desk.exposure_extended", subject="user"):
    """A lead let somebody look at covered media for longer than the limit."""

    user_id: int
    allowance_id: int
    seconds: int


@dataclass(frozen=True, kw_only=True)
class CarePreferenceChanged(Fact, kind="desk.care_preference_changed", subject="user"):
    """Somebody wants media covered or grayed otherwise than before."""

    user_id: int
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CareLimitsChanged(Fact, kind="desk.care_limits_changed", subject="care"):
    """The desk's limits for looking at covered media are others now, in seconds."""

    care_id: int
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class MessageErased(TicketFact, kind="desk.message_erased"):
    """The words of a message were erased, with a subject taken from them; `reason` is one of the codes of an erasure."""

    message_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class MessageRevised(TicketFact, kind="desk.message_revised"):
    """Its author changed a message where it was written; the revision keeps what it said before."""

    message_id: int
    revision: int


@dataclass(frozen=True, kw_only=True)
class MessageWithdrawn(TicketFact, kind="desk.message_withdrawn"):
    """Its author took a message back where it was written: its words and files are gone, its place stays."""

    message_id: int


@dataclass(frozen=True, kw_only=True)
class FileErased(TicketFact, kind="desk.file_erased"):
    """The name and the bytes of an attached file were erased."""

    attachment_id: int
    reason: str
