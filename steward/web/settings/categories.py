"""The category tree."""

from dataclasses import dataclass, field

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from steward.core import clock
from steward.core.errors import Invalid, NotFound
from steward.desk.actions.settings import change_category, create_category
from steward.desk.models import Category
from steward.desk.permissions import may_manage_desk
from steward.web.settings import choices
from steward.web.settings.answering import done, show
from steward.web.settings.asking import only
from steward.web.settings.history import history_of
from steward.web.settings.weights import read_weight, written
from steward.web.shared.asking import Request, optional_number, text


@dataclass
class Node:
    """A category with what stands below it."""

    category: Category
    below: list["Node"] = field(default_factory=list)


@require_safe
@only(may_manage_desk)
def page(request: Request) -> HttpResponse:
    context = {"tree": _tree(), "parents": choices.category_choices(), "parent": request.GET.get("below", "")}
    return show(request, "settings/categories.html", "categories", context)


@require_POST
@only(may_manage_desk)
def create(request: Request) -> HttpResponse:
    values = {"name": text(request, "name"), "parent": _parent(request)}
    create_category(values=values, by=request.actor, at=clock.now())
    return done(request, _("Created."), "settings:categories")


@require_safe
@only(may_manage_desk)
def category(request: Request, category_id: int) -> HttpResponse:
    found = Category.objects.filter(pk=category_id).first()
    if found is None:
        raise NotFound(_("There is no such category."))
    context = {
        "category": found,
        "weight": written(found.weight) if found.weight is not None else "",
        "parents": [pair for pair in choices.category_choices(include_retired=True) if pair[0] != category_id],
        "history": history_of(f"category:{category_id}"),
    }
    return show(request, "settings/category.html", "categories", context)


@require_POST
@only(may_manage_desk)
def update(request: Request, category_id: int) -> HttpResponse:
    values = {"name": text(request, "name"), "parent": _parent(request), "weight": _weight(request)}
    change_category(category_id=category_id, values=values, by=request.actor, at=clock.now())
    return done(request, _("Saved."), "settings:category", category_id)


@require_POST
@only(may_manage_desk)
def active(request: Request, category_id: int) -> HttpResponse:
    is_active = bool(text(request, "active"))
    change_category(category_id=category_id, values={"is_active": is_active}, by=request.actor, at=clock.now())
    return done(
        request, _("In use again.") if is_active else _("Retired: it stays on old tickets."), "settings:category", category_id
    )


def _parent(request: Request) -> Category | None:
    parent_id = optional_number(request, "parent")
    if parent_id is None:
        return None
    parent = Category.objects.filter(pk=parent_id).first()
    if parent is None:
        raise Invalid(_("There is no such category."), field="parent", hint=_("Choose one from the list."))
    return parent


def _weight(request: Request) -> int | None:
    raw = text(request, "weight").strip()
    return read_weight(raw, "weight") if raw else None


def _tree() -> list[Node]:
    nodes = {category.pk: Node(category) for category in Category.objects.order_by("id")}
    roots: list[Node] = []
    for node in sorted(nodes.values(), key=lambda one: (not one.category.is_active, one.category.name.casefold())):
        parent = nodes.get(node.category.parent_id or 0)
        (parent.below if parent else roots).append(node)
    return roots
