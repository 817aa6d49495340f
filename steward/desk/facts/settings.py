"""What happens to the desk's settings: each fact carries the old and the new value of every field that changed."""

from dataclasses import dataclass, field

from steward.core.facts import Fact

Value = str | int | float | bool | list[int] | None
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


@dataclass(frozen=True, kw_only=True)
class WeightChanged(Fact, kind="desk.weight_changed", subject="weight"):
    """What tickets of a priority, channel or state weigh was set, in percent of an ordinary one."""

    weight_id: int
    weight_kind: str
    key: str
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class FieldCreated(Fact, kind="desk.field_created", subject="field"):
    """A custom field was made, with the values it started with."""

    field_id: int
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class FieldRedefined(Fact, kind="desk.field_redefined", subject="field"):
    """A custom field was defined anew: what it takes, where it is asked, or when it must be filled."""

    field_id: int
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class FieldOptionAdded(Fact, kind="desk.field_option_added", subject="field"):
    """A choice was added to a custom field."""

    field_id: int
    option_id: int
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class FieldOptionChanged(Fact, kind="desk.field_option_changed", subject="field"):
    """A choice of a custom field was renamed, moved, retired or taken into use again."""

    field_id: int
    option_id: int
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AgentSettingChanged(Fact, kind="desk.agent_setting_changed", subject="user"):
    """What an agent takes at once, or the languages they answer in, changed; languages stand separated by commas."""

    user_id: int
    changes: Changes = field(default_factory=dict)
