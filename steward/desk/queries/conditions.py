"""The fields that conditions can ask for: the desk's own here, those of packages above registered at start."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from steward.core.errors import Invalid
from steward.core.text import clean
from steward.desk.models import Category, Message, Queue, Status, Tag, Ticket
from steward.desk.queries.filtering.matching import check_filter, is_found
from steward.desk.queries.filtering.reader import Reader
from steward.desk.rules.conditions import NEGATIVE, OPERATORS, Condition, FieldKind, Operator, Read, holds, match
from steward.desk.rules.snapshot import Snapshot
from steward.people.queries import users_with_capability
from steward.people.rules import Capability

Text = str | Promise
NONE = "none"
LONGEST_VALUE = 500
OPERATOR_WORDS = {
    Operator.IS: gettext_lazy("is"),
    Operator.IS_NOT: gettext_lazy("is not"),
    Operator.AT_LEAST: gettext_lazy("is at least"),
    Operator.AT_MOST: gettext_lazy("is at most"),
    Operator.HAS: gettext_lazy("has"),
    Operator.HAS_NOT: gettext_lazy("has not"),
    Operator.CONTAINS: gettext_lazy("contains"),
    Operator.CONTAINS_NOT: gettext_lazy("does not contain"),
    Operator.FINDS: gettext_lazy("finds it:"),
    Operator.FINDS_NOT: gettext_lazy("does not find it:"),
}


@dataclass(frozen=True)
class Occasion:
    """A ticket at an instant, the message that set things off, if one did, and for whom its filters are read."""

    ticket: Snapshot
    message_id: int | None = None
    reader: Reader | None = None

    @cached_property
    def message(self) -> str:
        """Give what the message says; nothing without one."""
        if self.message_id is None:
            return ""
        return (
            Message.objects.filter(pk=self.message_id, ticket_id=self.ticket.ticket_id).values_list("body", flat=True).first() or ""
        )


@dataclass(frozen=True)
class ConditionField:
    """Something conditions can ask for: its words, its kind, the values to choose from, and how it is read.

    One that `decides` is asked with the value itself; `check` refuses a value that cannot be meant.
    """

    name: str
    label: Text
    kind: FieldKind
    read: Callable[[Occasion], Read] = lambda _occasion: None
    choices: Callable[[], Sequence[tuple[str, Text]]] | None = None
    decides: Callable[[Occasion, str], bool] | None = None
    check: Callable[[str], None] | None = None
    hint: Text = ""

    @property
    def operators(self) -> tuple[Operator, ...]:
        """Give how it can be compared."""
        return OPERATORS[self.kind]


_fields: dict[str, ConditionField] = {}


def register_condition(field: ConditionField) -> None:
    """Make a field known to conditions, under a name of its own; for packages above, at start."""
    if _fields.setdefault(field.name, field) is not field:
        raise TypeError(f"two conditions are called {field.name!r}")


def condition_fields() -> list[ConditionField]:
    """Give every field in the order they were registered."""
    return list(_fields.values())


def condition_field(name: str) -> ConditionField:
    """Give a field by name; raises `Invalid` for one that this version does not have."""
    if name not in _fields:
        raise Invalid(_("There is no condition “%(name)s”.") % {"name": name[:50]}, field="condition", hint=_("Take it out."))
    return _fields[name]


def read_condition(field: str, operator: str, value: str) -> Condition:
    """Read a condition as a form gives it; raises `Invalid` for what cannot be asked."""
    known = condition_field(field)
    if operator not in known.operators:
        raise Invalid(_("“%(field)s” cannot be compared like this.") % {"field": known.label}, field="operator")
    text = clean(value, max_length=LONGEST_VALUE, field="value", required=False)
    if known.choices is not None and text not in {key for key, _label in known.choices()}:
        raise Invalid(
            _("“%(field)s” has a value that cannot be chosen.") % {"field": known.label},
            field="value",
            hint=_("It may have been closed or removed: choose another."),
        )
    if not text:
        raise Invalid(_("“%(field)s” is missing.") % {"field": known.label}, field="value", hint=_("Choose or enter it."))
    if known.check is not None:
        known.check(text)
    return Condition(field, Operator(operator), text)


Choices = dict[str, dict[str, Text]]


def condition_words(condition: Condition, looked_up: Choices) -> str:
    """Say a condition; one whose field or value is gone says so. What was `looked_up` for one is there for the next."""
    known = _fields.get(condition.field)
    if known is None:
        return _("a condition that no longer exists (%(name)s)") % {"name": condition.field}
    value = condition.value
    if known.choices is not None:
        if known.name not in looked_up:
            looked_up[known.name] = dict(known.choices())
        value = str(looked_up[known.name].get(condition.value, _("something that is gone")))
    return f"{known.label} {OPERATOR_WORDS[condition.operator]} {value}"


def matches(occasion: Occasion, every: Sequence[Condition], either: Sequence[Condition]) -> bool:
    """Tell whether conditions hold; raises `Invalid` for one whose field this version does not have."""

    def decide(one: Condition) -> bool:
        field = condition_field(one.field)
        if field.decides is None:
            return holds(one.operator, field.read(occasion), one.value)
        return field.decides(occasion, one.value) is (one.operator not in NEGATIVE)

    return match(every, either, decide)


def _ids(value: int | None) -> str:
    return NONE if value is None else str(value)


def _below(category_id: int | None) -> frozenset[str]:
    """Give a category with all above it, so that asking for one finds what stands below it."""
    if category_id is None:
        return frozenset({NONE})
    parents = dict(Category.objects.values_list("id", "parent_id"))
    found: set[str] = set()
    at: int | None = category_id
    while at is not None and str(at) not in found:
        found.add(str(at))
        at = parents.get(at)
    return frozenset(found)


def _categories() -> list[tuple[str, Text]]:
    rows = Category.objects.order_by("name", "id").values_list("id", "name")
    return [*((str(pk), name) for pk, name in rows), (NONE, _("none"))]


def _owners() -> list[tuple[str, Text]]:
    able = users_with_capability(Capability.WORK_TICKETS) | users_with_capability(Capability.ANSWER_ENGINEERING)
    return [(NONE, _("nobody")), *((str(pk), name) for pk, name in able.order_by("name", "id").values_list("id", "name"))]


def _tags_of(occasion: Occasion) -> frozenset[str]:
    return frozenset(Tag.objects.filter(pk__in=occasion.ticket.tag_ids).values_list("name", flat=True))


def _queues() -> list[tuple[str, Text]]:
    return [(str(pk), name) for pk, name in Queue.objects.order_by("position", "name", "id").values_list("id", "name")]


def _statuses() -> list[tuple[str, Text]]:
    return [(str(pk), name) for pk, name in Status.objects.order_by("position", "id").values_list("id", "name")]


_CHOICE, _RANK, _SET, _TEXT = FieldKind.CHOICE, FieldKind.RANK, FieldKind.SET, FieldKind.TEXT
for _one in (
    ConditionField(
        "priority", gettext_lazy("Priority"), _RANK, lambda o: o.ticket.priority, lambda: _labels(Ticket.Priority.choices)
    ),
    ConditionField("state", gettext_lazy("State"), _CHOICE, lambda o: o.ticket.state, lambda: _labels(Status.State.choices)),
    ConditionField("status", gettext_lazy("Status"), _CHOICE, lambda o: str(o.ticket.status_id), _statuses),
    ConditionField("queue", gettext_lazy("Queue"), _CHOICE, lambda o: str(o.ticket.queue_id), _queues),
    ConditionField(
        "purpose",
        gettext_lazy("Queue's purpose"),
        _CHOICE,
        lambda o: o.ticket.queue_purpose,
        lambda: _labels(Queue.Purpose.choices),
    ),
    ConditionField("category", gettext_lazy("Category"), _SET, lambda o: _below(o.ticket.category_id), _categories),
    ConditionField("owner", gettext_lazy("Owner"), _CHOICE, lambda o: _ids(o.ticket.assignee_id), _owners),
    ConditionField("tag", gettext_lazy("Label"), _SET, _tags_of),
    ConditionField("channel", gettext_lazy("Channel"), _TEXT, lambda o: o.ticket.channel),
    ConditionField("language", gettext_lazy("Requester's language"), _TEXT, lambda o: o.ticket.language),
    ConditionField("team", gettext_lazy("Requester's team"), _TEXT, lambda o: o.ticket.requester_team),
    ConditionField("market", gettext_lazy("Requester's market"), _TEXT, lambda o: o.ticket.requester_market),
    ConditionField("role", gettext_lazy("Requester's role"), _TEXT, lambda o: o.ticket.requester_role),
    ConditionField("subject", gettext_lazy("Subject"), _TEXT, lambda o: o.ticket.subject),
    ConditionField("message", gettext_lazy("The message"), _TEXT, lambda o: o.message),
    ConditionField(
        "filter",
        gettext_lazy("A filter"),
        FieldKind.FILTER,
        decides=lambda occasion, text: is_found(occasion.ticket.ticket_id, text, occasion.reader),
        check=check_filter,
        hint=gettext_lazy("As in the search of a list: tag:vip -in:leads. A dry run asks it of tickets as they are today."),
    ),
):
    register_condition(_one)


def _labels(choices: Sequence[tuple[object, Text]]) -> list[tuple[str, Text]]:
    return [(str(value), label) for value, label in choices]
