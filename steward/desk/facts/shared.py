"""What happens to saved replies and macros; what they say stands in their own rows, never here."""

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
