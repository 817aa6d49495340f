"""The fields a desk asks beside the fixed ones."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steward.core import clock
from steward.core.errors import Invalid, NotFound
from steward.desk.actions.field_settings import add_options, change_field, change_option, create_field
from steward.desk.models import CustomField, FieldCategory, FieldOption
from steward.desk.permissions import may_manage_desk
from steward.desk.rules.fields import CHOSEN, Definition, Kind, Option, Value, read, read_named
from steward.web.settings.answering import done, show
from steward.web.settings.asking import only, small_number
from steward.web.settings.choices import category_choices
from steward.web.settings.history import history_of
from steward.web.shared.asking import Request, is_on, numbers, one_of, text


@require_safe
@only(may_manage_desk)
def page(request: Request) -> HttpResponse:
    paths = dict(category_choices(include_retired=True))
    fields = CustomField.objects.order_by("-is_active", "position", "id").prefetch_related(
        Prefetch("fieldcategory_set", FieldCategory.objects.order_by("id")), "options"
    )
    rows = [
        {"field": one, "under": [paths[row.category_id] for row in one.fieldcategory_set.all()], "choices": len(one.options.all())}
        for one in fields
    ]
    return show(request, "settings/fields.html", "fields", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_manage_desk)
def create(request: Request) -> HttpResponse:
    if request.method != "POST":
        kind = request.GET.get("kind", "")
        return show(request, "settings/field.html", "fields", _form(CustomField(kind=kind if kind in set(Kind) else "text")))
    kind = one_of(request, "kind", [kind.value for kind in Kind])
    options = _lines(request)
    if kind in CHOSEN and not options:
        raise Invalid(_("A list to choose from needs choices."), field="options", hint=_("Write them one a line."))
    values = {**_values(request), "kind": kind}
    if kind not in CHOSEN:
        values["default"] = _default(request, CustomField(kind=kind, name=text(request, "name")))
    made = create_field(
        values=values,
        category_ids=numbers(request, "category_ids"),
        options=options if kind in CHOSEN else (),
        by=request.actor,
        at=clock.now(),
    )
    return done(request, _("Created."), "settings:field", made.pk)


@require_safe
@only(may_manage_desk)
def field(request: Request, field_id: int) -> HttpResponse:
    found = _found(field_id)
    return show(request, "settings/field.html", "fields", {**_form(found), "history": history_of(f"field:{field_id}")})


@require_POST
@only(may_manage_desk)
def update(request: Request, field_id: int) -> HttpResponse:
    found = _found(field_id)
    values = {**_values(request), "default": _default(request, found)}
    change_field(field_id=field_id, values=values, category_ids=numbers(request, "category_ids"), by=request.actor, at=clock.now())
    return done(request, _("Saved."), "settings:field", field_id)


@require_POST
@only(may_manage_desk)
def active(request: Request, field_id: int) -> HttpResponse:
    is_active = bool(text(request, "active"))
    change_field(field_id=field_id, values={"is_active": is_active}, by=request.actor, at=clock.now())
    return done(
        request, _("In use again.") if is_active else _("Retired: what tickets hold stays in sight."), "settings:field", field_id
    )


@require_POST
@only(may_manage_desk)
def options(request: Request, field_id: int) -> HttpResponse:
    """Add choices, one a line."""
    names = _lines(request)
    if not names:
        raise Invalid(_("There is no text."), field="options", hint=_("Write them one a line."))
    add_options(field_id=field_id, names=names, by=request.actor, at=clock.now())
    return done(request, _("Added."), "settings:field", field_id)


@require_POST
@only(may_manage_desk)
def option(request: Request, field_id: int, option_id: int) -> HttpResponse:
    """Rename a choice, move it, retire it or take it into use again."""
    values: dict[str, Any] = {}
    if "name" in request.POST:
        values["name"] = text(request, "name")
    if "position" in request.POST:
        values["position"] = small_number(request, "position")
    if "active" in request.POST:
        values["is_active"] = text(request, "active") == "1"
    change_option(field_id=field_id, option_id=option_id, values=values, by=request.actor, at=clock.now())
    return done(request, _("Saved."), "settings:field", field_id)


def _found(field_id: int) -> CustomField:
    found = CustomField.objects.filter(pk=field_id).first()
    if found is None:
        raise NotFound(_("There is no such field."))
    return found


def _form(found: CustomField) -> dict[str, Any]:
    choices = list(found.options.order_by("position", "id")) if found.pk else []
    return {
        "field": found,
        "kinds": CustomField.Kind.choices,
        "has_choices": found.kind in CHOSEN,
        "choices": choices,
        "default": _definition(found, choices),
        "under": list(FieldCategory.objects.filter(field=found).values_list("category_id", flat=True)) if found.pk else [],
        "categories": category_choices(include_retired=True),
        "history": [],
    }


def _definition(found: CustomField, choices: list[FieldOption]) -> Definition:
    """Give the field as it is asked for its own default."""
    return Definition(
        id=0,
        name=_("Default"),
        kind=Kind(found.kind),
        options=tuple(Option(one.pk, one.name, one.is_active) for one in choices),
    )


def _default(request: Request, found: CustomField) -> Value:
    if found.kind == Kind.PERSON:
        return None
    choices = list(found.options.all()) if found.pk else []
    definition = _definition(found, choices)
    raw = request.POST.getlist("field-0")
    try:
        return read(definition, raw) if choices or found.kind not in CHOSEN else read_named(definition, ";".join(raw))
    except Invalid as error:
        raise Invalid(error.message, field="field-0", hint=error.hint) from error


def _values(request: Request) -> dict[str, Any]:
    return {
        "name": text(request, "name"),
        "help": text(request, "help"),
        "pattern": text(request, "pattern"),
        "lowest": text(request, "lowest"),
        "highest": text(request, "highest"),
        "asks_requester": is_on(request, "asks_requester"),
        "required_at_open": is_on(request, "required_at_open"),
        "required_at_solve": is_on(request, "required_at_solve"),
        "position": small_number(request, "position"),
    }


def _lines(request: Request) -> list[str]:
    return [line for line in (" ".join(one.split()) for one in text(request, "options").splitlines()) if line]
