"""The views every desk has from the start: names for filters, as those that people save."""

from dataclasses import dataclass

from steward.desk.rules.filters.reading import read_filter
from steward.desk.rules.filters.tree import Query

DEFAULT_COLUMNS = ("priority", "state", "number", "subject", "requester", "queue", "assignee", "clock", "updated")
COLUMNS = (*DEFAULT_COLUMNS, "category", "waiting", "channel", "language", "created", "due", "last_message")
ORDER_NAMES = ("due", "priority", "waiting", "updated", "newest")
WORKED_ORDERS = frozenset({"due", "priority", "waiting"})
GROUPINGS = ("", "waiting")


@dataclass(frozen=True)
class BuiltIn:
    """A view of the desk's own."""

    key: str
    text: str
    order: str = "due"

    @property
    def query(self) -> Query:
        """Give its filter."""
        return _READ[self.key]


BUILT_IN = (
    BuiltIn("mine", "is:mine is:working -is:snoozed"),
    BuiltIn("snoozed", "is:mine is:working is:snoozed"),
    BuiltIn("unassigned", "is:unassigned is:new,open"),
    BuiltIn("open", "is:working -is:snoozed"),
    BuiltIn("pending", "is:pending -is:snoozed"),
    BuiltIn("on_hold", "is:on-hold -is:snoozed"),
    BuiltIn("solved", "is:solved", order="updated"),
    BuiltIn("closed", "is:closed", order="updated"),
    BuiltIn("all", "", order="newest"),
)
_READ = {view.key: read_filter(view.text).query for view in BUILT_IN}
# What a grouped list is cut into: what a ticket waits for, in the order of whose turn it is.
WAITING_GROUPS = ("us", "requester", "engineering", "vendor", "internal", "scheduled", "other")
