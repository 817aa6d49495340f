"""What happens to saved replies, macros and views; what they say stands in their own rows, never here."""

from dataclasses import dataclass, field

from steward.core.facts import Fact
from steward.desk.facts.settings import Changes


@dataclass(frozen=True, kw_only=True)
class SavedReplyCreated(Fact, kind="desk.saved_reply_created", subject="saved_reply"):
    """A saved reply was made; a private one's name is not told."""

    saved_reply_id: int
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SavedReplyChanged(Fact, kind="desk.saved_reply_changed", subject="saved_reply"):
    """A saved reply was renamed, moved, put away or taken into use."""

    saved_reply_id: int
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SavedReplyRewritten(Fact, kind="desk.saved_reply_rewritten", subject="saved_reply"):
    """The text of a saved reply in one language was written, rewritten or (`new_text_id` None) taken out."""

    saved_reply_id: int
    text_language: str
    old_text_id: int | None = None
    new_text_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class MacroCreated(Fact, kind="desk.macro_created", subject="macro"):
    """A macro was made."""

    macro_id: int
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class MacroChanged(Fact, kind="desk.macro_changed", subject="macro"):
    """A macro was renamed, moved, put away or taken into use."""

    macro_id: int
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class MacroVersionPublished(Fact, kind="desk.macro_version_published", subject="macro"):
    """What a macro does was changed; runs name the version they were made with."""

    macro_id: int
    version: int


@dataclass(frozen=True, kw_only=True)
class ViewCreated(Fact, kind="desk.view_created", subject="view"):
    """A filter was saved as a view; what it asks for, and a private one's name, are not told."""

    view_id: int
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ViewChanged(Fact, kind="desk.view_changed", subject="view"):
    """A view was renamed, shared, put away, taken into use or laid out anew; `personal` names what changed and is not told."""

    view_id: int
    changes: Changes = field(default_factory=dict)
    personal: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ViewPinned(Fact, kind="desk.view_pinned", subject="view"):
    """A person put a view into their side rail."""

    view_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class ViewUnpinned(Fact, kind="desk.view_unpinned", subject="view"):
    """A person took a view out of their side rail."""

    view_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class ListLaidOut(Fact, kind="desk.list_laid_out", subject="user"):
    """A person chose columns, order or groups for a list of theirs; `view_key` is a view of the desk's own or `v7`."""

    user_id: int
    view_key: str
    columns: tuple[str, ...] = ()
    order: str = ""
    grouping: str = ""


@dataclass(frozen=True, kw_only=True)
class RailReordered(Fact, kind="desk.rail_reordered", subject="user"):
    """A person put the views of their side rail into another order."""

    user_id: int
    view_ids: tuple[int, ...] = ()
