"""The verbs that set a ticket's fields: priority, category, labels."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from steward.core.errors import Invalid
from steward.core.text import is_blank
from steward.desk.actions.changing import LONGEST_TAG, change_ticket, put_tag, remove_tag
from steward.desk.actions.locking import lock_for_work
from steward.desk.actions.verbs.looking_up import row_of, tag_called
from steward.desk.actions.verbs.refusing import refusal
from steward.desk.actions.verbs.registry import Args, Argument, Call, Described, Kind, Verb, register_verb
from steward.desk.models import Category, Tag, Ticket, TicketTag
from steward.desk.rules.snapshot import Snapshot
from steward.people.actor import Actor

NONE = "none"


@dataclass(frozen=True)
class SetPriority:
    """Set the urgency."""

    wanted: int

    def words(self) -> str:
        """Say what it does."""
        return _("Set the priority to %(priority)s") % {"priority": Ticket.Priority(self.wanted).label}

    def describe(self, ticket: Snapshot, by: Actor) -> Described:
        """Say what it would change."""
        if ticket.priority == self.wanted:
            return Described()
        old, new = Ticket.Priority(ticket.priority).label, Ticket.Priority(self.wanted).label
        return refusal(ticket, by) or Described((_("Priority: %(old)s → %(new)s") % {"old": old, "new": new},))

    def perform(self, ticket_id: int, by: Actor, at: datetime) -> tuple[Call, ...]:
        """Set it from whatever it is now."""
        old = lock_for_work(ticket_id, by).priority
        change_ticket(ticket_id=ticket_id, changes={"priority": (old, self.wanted)}, by=by, at=at)
        return (Call("priority", {"priority": str(old)}),) if old != self.wanted else ()


def _priority(args: Args) -> SetPriority:
    try:
        return SetPriority(Ticket.Priority(int(args["priority"])).value)
    except ValueError as error:
        raise Invalid(_("There is no such priority."), field="priority") from error


@dataclass(frozen=True)
class SetCategory:
    """Put the ticket under a category, or under none."""

    wanted: int | None
    name: str

    def words(self) -> str:
        """Say what it does."""
        return _("Put it under %(category)s") % {"category": self.name} if self.wanted else _("Take the category off")

    def describe(self, ticket: Snapshot, by: Actor) -> Described:
        """Say what it would change."""
        if ticket.category_id == self.wanted:
            return Described()
        values = {"old": ticket.category_name or _("none"), "new": self.name or _("none")}
        return refusal(ticket, by) or Described((_("Category: %(old)s → %(new)s") % values,))

    def perform(self, ticket_id: int, by: Actor, at: datetime) -> tuple[Call, ...]:
        """Set it from whatever it is now."""
        old = lock_for_work(ticket_id, by).category_id
        change_ticket(ticket_id=ticket_id, changes={"category": (old, self.wanted)}, by=by, at=at)
        return (Call("category", {"category": str(old or NONE)}),) if old != self.wanted else ()


def _category(args: Args) -> SetCategory:
    if args["category"] == NONE:
        return SetCategory(None, "")
    category = row_of(Category, args["category"])
    if category is None or not category.is_active:
        raise Invalid(_("That category is no longer used."), field="category", hint=_("Choose another one."))
    return SetCategory(category.pk, category.name)


def category_choices(_by: Actor) -> list[tuple[str, str]]:
    """Give the categories in use by their paths, and none."""
    rows = {row.pk: row for row in Category.objects.all()}

    def path(row: Category) -> str:
        parent = rows.get(row.parent_id or 0)
        return f"{path(parent)} / {row.name}" if parent else row.name

    found = [(str(row.pk), path(row)) for row in rows.values() if row.is_active]
    return [*sorted(found, key=lambda pair: pair[1].casefold()), (NONE, _("None"))]


@dataclass(frozen=True)
class AddTag:
    """Put a label on."""

    name: str
    tag_id: int | None

    def words(self) -> str:
        """Say what it does."""
        return _("Add the label %(tag)s") % {"tag": self.name}

    def describe(self, ticket: Snapshot, by: Actor) -> Described:
        """Say what it would change."""
        if self.tag_id in ticket.tag_ids:
            return Described()
        return refusal(ticket, by) or Described((self.words(),))

    def perform(self, ticket_id: int, by: Actor, at: datetime) -> tuple[Call, ...]:
        """Put it on; the way back takes it off only where it was not there before."""
        _tag, is_new = put_tag(ticket_id=ticket_id, name=self.name, by=by, at=at)
        return (Call("remove_tag", {"tag": self.name}),) if is_new else ()


@dataclass(frozen=True)
class RemoveTag:
    """Take a label off."""

    name: str
    tag_id: int | None

    def words(self) -> str:
        """Say what it does."""
        return _("Take off the label %(tag)s") % {"tag": self.name}

    def describe(self, ticket: Snapshot, by: Actor) -> Described:
        """Say what it would change."""
        if self.tag_id not in ticket.tag_ids:
            return Described()
        return refusal(ticket, by) or Described((self.words(),))

    def perform(self, ticket_id: int, by: Actor, at: datetime) -> tuple[Call, ...]:
        """Take it off where it is on."""
        lock_for_work(ticket_id, by)
        if self.tag_id is None or not TicketTag.objects.filter(ticket_id=ticket_id, tag_id=self.tag_id).exists():
            return ()
        remove_tag(ticket_id=ticket_id, tag_id=self.tag_id, by=by, at=at)
        return (Call("add_tag", {"tag": self.name}),)


def _tag(args: Args) -> tuple[str, int | None]:
    name = str(args["tag"]).lstrip("#").strip()
    if is_blank(name):
        raise Invalid(_("A label is one line of text."), field="tag")
    return tag_called(name) or (name, None)


_TAG = Argument("tag", gettext_lazy("Label"), Kind.TEXT, most=LONGEST_TAG, of=Tag)


def register() -> None:
    """Make these verbs known."""
    priority = Argument(
        "priority", gettext_lazy("Priority"), choices=lambda _by: [(str(one.value), one.label) for one in Ticket.Priority]
    )
    category = Argument("category", gettext_lazy("Category"), choices=category_choices, of=Category)
    register_verb(Verb("priority", gettext_lazy("Set the priority"), "signal", _priority, (priority,)))
    register_verb(Verb("category", gettext_lazy("Set the category"), "folder-tree", _category, (category,)))
    register_verb(Verb("add_tag", gettext_lazy("Add a label"), "tag", lambda args: AddTag(*_tag(args)), (_TAG,)))
    register_verb(Verb("remove_tag", gettext_lazy("Take a label off"), "tag", lambda args: RemoveTag(*_tag(args)), (_TAG,)))
