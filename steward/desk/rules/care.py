"""Care with harmful content: what is covered until asked for, and how long somebody has looked at it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from steward.desk.rules.files import PDF


class Care(StrEnum):
    """What a queue's tickets may carry, and so which of their media are covered."""

    NONE = "none"
    REQUESTERS = "requesters"  # what requesters send
    ALL = "all"


class Harm(StrEnum):
    """What somebody found on a ticket."""

    NONE = ""
    VIOLENCE = "violence"
    SEXUAL = "sexual"
    CHILD_SAFETY = "child_safety"
    SELF_HARM = "self_harm"
    HATE = "hate"
    OTHER = "other"


@dataclass(frozen=True)
class Carefulness:
    """How careful a ticket asks one to be: its queue's setting, whether that is restricted, and what it was flagged for."""

    care: Care = Care.NONE
    restricted: bool = False
    harm: Harm = Harm.NONE

    @property
    def is_flagged(self) -> bool:
        """Tell whether nothing that was written or sent on the ticket may appear where nobody asked for it."""
        return self.restricted or self.harm != Harm.NONE or self.care != Care.NONE

    def covers(self, media_type: str, *, from_requester: bool, strict: bool = False) -> bool:
        """Tell whether a file is covered until asked for; `strict` is a person who wants every picture covered."""
        if not is_media(media_type):
            return False
        if strict or self.restricted or self.harm != Harm.NONE or self.care == Care.ALL:
            return True
        return self.care == Care.REQUESTERS and from_requester


def is_media(media_type: str) -> bool:
    """Tell whether a file shows or plays something."""
    return media_type.partition("/")[0] in {"image", "video", "audio"} or media_type == PDF


# A page tells every so often that something covered is being looked at; a little late is still the same look.
BEAT = timedelta(seconds=10)
LATEST_BEAT = timedelta(seconds=20)
# A view nobody has told of for so long is over: the page was closed, or the machine went to sleep.
VIEW_ENDS_AFTER = timedelta(minutes=1)


def looked_for(last_beat_at: datetime | None, at: datetime) -> int:
    """Give the seconds looked at since the last beat; what began anew, or lay asleep in between, counts from now."""
    if last_beat_at is None or not timedelta() <= at - last_beat_at <= LATEST_BEAT:
        return 0
    return round((at - last_beat_at).total_seconds())


@dataclass(frozen=True)
class Limits:
    """How long a person may look at covered media: in one shift or day, and in one go before a rest is advised."""

    limit: timedelta = timedelta(minutes=60)
    rest_after: timedelta = timedelta(minutes=20)
    rest_for: timedelta = timedelta(minutes=10)


class Verdict(StrEnum):
    """What somebody who looks is told."""

    GO_ON = "go_on"
    REST = "rest"
    STOP = "stop"


@dataclass(frozen=True)
class Looked:
    """How long somebody has looked in this shift or day, in this stretch without a rest, and how much more a lead allowed."""

    seconds: int = 0
    stretch: int = 0
    allowed: int = 0


def after_beat(looked: Looked, *, last_beat_at: datetime | None, at: datetime, limits: Limits) -> Looked:
    """Give how long somebody has looked once a beat is counted; a rest that was long enough begins a new stretch."""
    more = looked_for(last_beat_at, at)
    rested = last_beat_at is None or at - last_beat_at >= limits.rest_for
    return Looked(looked.seconds + more, more if rested else looked.stretch + more, looked.allowed)


def verdict_on(looked: Looked, limits: Limits) -> Verdict:
    """Say whether somebody may go on, should rest, or has reached the limit; what a lead allowed on top counts."""
    if looked.seconds >= limits.limit.total_seconds() + looked.allowed:
        return Verdict.STOP
    return Verdict.REST if looked.stretch >= limits.rest_after.total_seconds() else Verdict.GO_ON
