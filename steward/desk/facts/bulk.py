"""What happens to a bulk run as a whole; what it does to each ticket stands on that ticket's stream, with the run as its cause."""

from dataclasses import dataclass, field

from steward.core.facts import Fact


@dataclass(frozen=True, kw_only=True)
class BulkFact(Fact, subject="bulk"):
    """The base of the facts about one bulk run."""

    bulk_id: int


@dataclass(frozen=True, kw_only=True)
class BulkStarted(BulkFact, kind="desk.bulk_started"):
    """Somebody had the same done to many tickets, or taken back on those of an earlier run."""

    verbs: list[str] = field(default_factory=list)
    tickets: int
    undoes_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class BulkStopped(BulkFact, kind="desk.bulk_stopped"):
    """Somebody stopped a bulk run; what was done until then stays done."""

    left: int


@dataclass(frozen=True, kw_only=True)
class BulkEnded(BulkFact, kind="desk.bulk_ended"):
    """A bulk run is through with its tickets."""

    done: int
    nothing: int
    left: int
    failed: int
