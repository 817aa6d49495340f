"""What happens to the desk's settings: each fact carries the old and the new value of every field that changed."""

from dataclasses import dataclass, field

from steward.core.facts import Fact

Value = str | int | bool | None
Changes = dict[str, tuple[Value, Value]]


@dataclass(frozen=True, kw_only=True)
class QueueCreated(Fact, kind="desk.queue_created", subject="queue"):
    """A desk queue was made, with the values it started with."""

    queue_id: int
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class QueueChanged(Fact, kind="desk.queue_changed", subject="queue"):
    """A desk queue was changed."""

    queue_id: int
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CategoryCreated(Fact, kind="desk.category_created", subject="category"):
    """A category was made, with the values it started with."""

    category_id: int
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CategoryChanged(Fact, kind="desk.category_redefined", subject="category"):
    """A category was changed."""

    category_id: int
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class StatusCreated(Fact, kind="desk.status_created", subject="status"):
    """A status was made, with the values it started with."""

    status_id: int
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class StatusChanged(Fact, kind="desk.status_redefined", subject="status"):
    """A status was changed."""

    status_id: int
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class QueueAccessGranted(Fact, kind="desk.queue_access_granted", subject="queue"):
    """A named person may see a restricted queue."""

    queue_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class QueueAccessRevoked(Fact, kind="desk.queue_access_revoked", subject="queue"):
    """A named person may no longer see a restricted queue."""

    queue_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class HoldTimeChanged(Fact, kind="desk.hold_time_changed", subject="hold_time"):
    """The seconds for which replies on a channel are held were set anew."""

    hold_time_id: int
    changes: Changes = field(default_factory=dict)
