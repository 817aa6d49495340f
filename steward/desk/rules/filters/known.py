"""The operators of the desk itself."""

from collections.abc import Mapping
from types import MappingProxyType

from steward.core.errors import marked as _
from steward.desk.rules.filters.dates import NAMED_DAYS
from steward.desk.rules.filters.operators import Operator, Operators

STATES: Mapping[str, str] = MappingProxyType(
    {
        "new": _("nobody has looked at it yet"),
        "open": _("being worked"),
        "pending": _("waits for the requester"),
        "on-hold": _("waits for us or a third party"),
        "solved": _("answered, not yet confirmed"),
        "closed": _("ended"),
    }
)
_IS = MappingProxyType(
    {
        **STATES,
        "working": _("new, open, pending or on hold"),
        "waiting": _("pending or on hold"),
        "unanswered": _("the requester spoke last"),
        "unassigned": _("nobody has it"),
        "mine": _("you have it"),
        "snoozed": _("asleep until a time or a reply"),
        "restricted": _("in a restricted queue"),
        "overdue": _("its due time has passed"),
        "breached-soon": _("due within the next hour"),
    }
)
_WAITING = MappingProxyType(
    {
        "me": _("for you: yours, and the requester spoke last"),
        "us": _("for us: new or open"),
        "requester": _("for the requester"),
        "engineering": _("for engineering"),
        "vendor": _("for a vendor"),
        "internal": _("for somebody else here"),
        "scheduled": _("for an agreed time"),
        "other": _("for others"),
    }
)
_HAS = MappingProxyType(
    {
        "attachment": _("a file"),
        "note": _("an internal note"),
        "follow-up": _("an open follow-up"),
        "link": _("a link to another ticket"),
        "tag": _("a label"),
        "category": _("a category"),
        "due": _("a due time"),
    }
)
_PRIORITIES = MappingProxyType({"urgent": "", "high": "", "normal": "", "low": ""})
_CHANNELS = MappingProxyType({"portal": "", "chat": "", "widget": "", "email": "", "agent": "", "import": ""})
_PEOPLE = MappingProxyType({"me": _("you"), "none": _("nobody")})


def _dates(prefix: str, *, before: str, after: str, on: str) -> list[Operator]:
    example = "2026-03-01"
    return [
        Operator(f"{prefix}{name}", help_, f"{prefix}{name}:{shown}", choices=NAMED_DAYS, aliases=aliases, takes_days=True)
        for name, help_, shown, aliases in (
            ("before", before, example, () if prefix else ("created-before",)),
            ("after", after, "7d", () if prefix else ("created-after", "since")),
            ("on", on, "today", () if prefix else ("created-on",)),
        )
    ]


def desk_operators() -> Operators:
    """Give the desk's own operators, to which other packages add theirs."""
    return Operators(
        [
            Operator(
                "is",
                _("A state, or another thing a ticket can be"),
                "is:overdue",
                choices=_IS,
                synonyms=MappingProxyType(
                    {
                        "on_hold": "on-hold",
                        "hold": "on-hold",
                        "due-soon": "breached-soon",
                        "breached_soon": "breached-soon",
                        "late": "overdue",
                        "me": "mine",
                        "unread": "unanswered",
                    }
                ),
                aliases=("state", "status"),
            ),
            Operator(
                "from",
                _("The requester: a name, an address or a number"),
                "from:ravi",
                takes_names=True,
                takes_ids=True,
                takes_digits=True,
                choices=MappingProxyType({}),
                aliases=("requester",),
            ),
            Operator("in", _("The queue"), 'in:"Console engineering"', takes_names=True, takes_ids=True, aliases=("queue",)),
            Operator(
                "assignee",
                _("Who has it: a name, me or none"),
                "assignee:me",
                choices=_PEOPLE,
                takes_names=True,
                takes_ids=True,
                takes_digits=True,
                aliases=("to",),
                synonyms=MappingProxyType({"nobody": "none", "unassigned": "none"}),
            ),
            Operator(
                "tag",
                _("A label, or none"),
                "tag:outage",
                choices=MappingProxyType({"none": _("no label")}),
                takes_names=True,
                takes_ids=True,
                aliases=("label",),
            ),
            Operator(
                "category",
                _("A category and all below it, or none"),
                "category:Access",
                takes_names=True,
                takes_ids=True,
                choices=MappingProxyType({"none": _("no category")}),
            ),
            Operator(
                "priority",
                _("How urgent"),
                "priority:urgent,high",
                choices=_PRIORITIES,
                synonyms=MappingProxyType({"1": "urgent", "2": "high", "3": "normal", "4": "low"}),
            ),
            Operator("waiting", _("What it waits for"), "waiting:engineering", choices=_WAITING),
            Operator(
                "has",
                _("Something it has"),
                "has:attachment",
                choices=_HAS,
                synonyms=MappingProxyType(
                    {
                        "file": "attachment",
                        "attachments": "attachment",
                        "notes": "note",
                        "followup": "follow-up",
                        "follow_up": "follow-up",
                        "label": "tag",
                    }
                ),
            ),
            Operator("team", _("The requester's team"), "team:Reviewers", takes_names=True),
            Operator("market", _("The requester's market"), "market:IN", takes_names=True),
            Operator("lang", _("The language of the conversation"), "lang:ja", takes_names=True, aliases=("language",)),
            Operator("channel", _("The way it came in"), "channel:chat", choices=_CHANNELS),
            *_dates("", before=_("Created before that day"), after=_("Created on that day or later"), on=_("Created on that day")),
            *_dates(
                "updated-",
                before=_("Last changed before that day"),
                after=_("Last changed on that day or later"),
                on=_("Last changed on that day"),
            ),
            *_dates("due-", before=_("Due before that day"), after=_("Due on that day or later"), on=_("Due on that day")),
            *_dates(
                "solved-", before=_("Solved before that day"), after=_("Solved on that day or later"), on=_("Solved on that day")
            ),
        ]
    )


OPERATORS = desk_operators()
