"""What the forms of the settings let people choose from."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from steward.desk.models import Category
from steward.people.models import Team, User
from steward.people.rules import Role

Choice = tuple[str | int, str | Promise]
ROLES: dict[str, tuple[str | Promise, str | Promise]] = {
    Role.AGENT.value: (_("Agent"), _("Answers tickets.")),
    Role.LEAD.value: (_("Lead"), _("Answers, gives tickets to others, plans shifts, reads reports.")),
    Role.ENGINEER.value: (_("Engineer"), _("Answers what was handed on to engineering, and nothing else.")),
    Role.REVIEWER.value: (_("Reviewer"), _("Reads tickets and reports to judge their quality.")),
    Role.ADMIN.value: (
        _("Admin"),
        _("Invites people, changes settings, plans shifts. Does not answer tickets by this role alone."),
    ),
    Role.REQUESTER.value: (_("Requester"), _("Asks for help and follows their own requests.")),
}


def role_choices() -> list[tuple[str, str | Promise, str | Promise]]:
    """List the roles with what each may do."""
    return [(role, label, about) for role, (label, about) in ROLES.items()]


def role_words(roles: Iterable[str]) -> str:
    """Name several roles."""
    held = set(roles)
    return ", ".join(str(label) for role, (label, _about) in ROLES.items() if role in held)


def with_own(choices: list[tuple[str, str]], value: str) -> list[tuple[str, str]]:
    """Add a value in use that is not among the choices, so that saving a form does not lose it."""
    return choices if not value or any(value == key for key, _words in choices) else [(value, value), *choices]


def team_choices(*, keep: int | None = None) -> list[tuple[int, str]]:
    """List the active teams by name, and the one in use though it is closed."""
    rows = Team.objects.order_by("name", "id").values_list("id", "name", "is_active")
    return [(pk, name) for pk, name, is_active in rows if is_active or pk == keep]


def desk_user_choices() -> list[tuple[int, str]]:
    """List the active people who work here, with their addresses, since names repeat."""
    working = [role.value for role in Role if role != Role.REQUESTER]
    rows = User.objects.active().filter(roles__overlap=working).order_by("name", "id")
    return [(pk, f"{name} · {email}") for pk, name, email in rows.values_list("id", "name", "email")]


def category_choices(*, include_retired: bool = False) -> list[tuple[int, str]]:
    """List the categories with the path that leads to each, in the order of the tree."""
    rows = {pk: (parent, name, active) for pk, parent, name, active in _category_rows()}

    def path(pk: int | None) -> tuple[str, ...]:
        parts: list[str] = []
        while pk in rows:
            pk, name, _active = rows[pk]
            parts.append(name)
        return tuple(reversed(parts))

    found = [(path(pk), pk) for pk, (_parent, _name, active) in rows.items() if active or include_retired]
    return [(pk, " / ".join(names)) for names, pk in sorted(found, key=lambda one: [name.casefold() for name in one[0]])]


def _category_rows() -> list[tuple[int, int | None, str, bool]]:
    return list(Category.objects.values_list("id", "parent_id", "name", "is_active"))
