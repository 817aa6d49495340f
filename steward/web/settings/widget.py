"""The sites of the widget: where each stands, how it is put into a page, and the secrets it signs with."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steward.channels.actions.widget_sites import (
    OVERLAP,
    change_widget_site,
    create_widget_site,
    issue_widget_secret,
    revoke_widget_secret,
)
from steward.channels.models import WidgetSecret, WidgetSite
from steward.channels.queries.widget import secret_of
from steward.core import clock
from steward.core.errors import NotFound
from steward.desk.permissions import may_manage_desk
from steward.web.settings.answering import done, show
from steward.web.settings.asking import only
from steward.web.settings.history import history_of
from steward.web.shared.asking import Request, one_of, text

_OVERLAPS = {"0": timedelta(0), "1": timedelta(hours=1), "24": OVERLAP, "168": timedelta(days=7)}


@require_safe
@only(may_manage_desk)
def page(request: Request) -> HttpResponse:
    sites = list(WidgetSite.objects.order_by("-is_active", "name", "id"))
    return show(request, "settings/widget_sites.html", "widget", {"sites": sites})


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_manage_desk)
def create(request: Request) -> HttpResponse:
    if request.method == "POST":
        made = create_widget_site(values=_values(request), by=request.actor, at=clock.now())
        return done(request, _("Created. Now put it into the page."), "settings:widget_site", made.pk)
    return show(request, "settings/widget_site.html", "widget", {"site": WidgetSite(origins=[]), "history": []})


@require_safe
@only(may_manage_desk)
def site(request: Request, site_id: int) -> HttpResponse:
    found = _found(site_id)
    now = clock.now()
    context: dict[str, Any] = {
        "site": found,
        "secrets": list(WidgetSecret.objects.filter(site=found).order_by("-id")[:20]),
        "at": now,
        "snippet": _snippet(found),
        "overlaps": _overlaps(),
        "history": history_of(f"widget_site:{site_id}"),
    }
    return show(request, "settings/widget_site.html", "widget", context)


@require_POST
@only(may_manage_desk)
def update(request: Request, site_id: int) -> HttpResponse:
    change_widget_site(site_id=site_id, values=_values(request), by=request.actor, at=clock.now())
    return done(request, _("Saved."), "settings:widget_site", site_id)


@require_POST
@only(may_manage_desk)
def active(request: Request, site_id: int) -> HttpResponse:
    is_active = bool(text(request, "active"))
    change_widget_site(site_id=site_id, values={"is_active": is_active}, by=request.actor, at=clock.now())
    return done(request, _("The site is open again.") if is_active else _("The site is closed."), "settings:widget_site", site_id)


@require_POST
@only(may_manage_desk)
def issue(request: Request, site_id: int) -> HttpResponse:
    overlap = _OVERLAPS[one_of(request, "overlap", _OVERLAPS)]
    issue_widget_secret(site_id=site_id, overlap=overlap, by=request.actor, at=clock.now())
    return done(request, _("There is a new secret. Put it on the page's server."), "settings:widget_site", site_id)


@require_POST
@only(may_manage_desk)
@never_cache
def secret(request: Request, site_id: int, secret_id: int) -> HttpResponse:
    """Show a secret to whoever asks for it; it stands in no page that was only opened."""
    found = WidgetSecret.objects.select_related("site").filter(pk=secret_id, site_id=site_id).first()
    if found is None:
        raise NotFound(_("There is no such secret."))
    return render(request, "settings/widget_secret.html", {"secret": secret_of(found), "site": found.site})


@require_POST
@only(may_manage_desk)
def revoke(request: Request, site_id: int, secret_id: int) -> HttpResponse:
    _found(site_id)
    if not WidgetSecret.objects.filter(pk=secret_id, site_id=site_id).exists():
        raise NotFound(_("There is no such secret."))
    revoke_widget_secret(secret_id=secret_id, by=request.actor, at=clock.now())
    return done(request, _("It is believed no longer."), "settings:widget_site", site_id)


def _found(site_id: int) -> WidgetSite:
    found = WidgetSite.objects.filter(pk=site_id).first()
    if found is None:
        raise NotFound(_("There is no such site."))
    return found


def _values(request: Request) -> dict[str, Any]:
    return {
        "name": text(request, "name"),
        "origins": text(request, "origins").split(),
        "kept_params": text(request, "kept_params").replace(",", " ").split(),
    }


def _snippet(found: WidgetSite) -> str:
    address = str(settings.BASE_URL).rstrip("/")
    return f'<script async src="{address}/widget.js"\n  data-site="{found.key}" data-token-url="/help-token"></script>'


def _overlaps() -> list[tuple[str, str]]:
    return [
        ("24", _("The old one is believed for a day")),
        ("168", _("The old one is believed for a week")),
        ("1", _("The old one is believed for an hour")),
        ("0", _("The old one is believed no longer, at once")),
    ]
