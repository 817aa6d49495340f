"""Setting up the sites of the widget: where each may stand, and the secrets it signs with."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from steward.channels.facts import WidgetSecretIssued, WidgetSecretRevoked, WidgetSiteChanged, WidgetSiteCreated
from steward.channels.models import WidgetSecret, WidgetSite
from steward.channels.rules.widget_pages import line, origin_of
from steward.channels.widget_tables import MOST_ORIGINS
from steward.core.errors import Conflict, Invalid, NotFound
from steward.desk.actions.setting_rows import change_setting, create_setting, locked_setting
from steward.ledger.actions.recording import record
from steward.people.actor import Actor

FIELDS = frozenset({"name", "origins", "kept_params", "is_active"})
OVERLAP = timedelta(hours=24)
LONGEST_OVERLAP = timedelta(days=30)
MOST_PARAMS = 20
LONGEST_PARAM = 60


def create_widget_site(*, values: Mapping[str, Any], by: Actor, at: datetime) -> WidgetSite:
    """Set up a site with its first secret; raises `Conflict` for a name in use and `Invalid` for what is no origin."""
    with transaction.atomic():
        read = _read({"origins": [], **values})
        told = frozenset({*FIELDS, "key", "created_at"})
        site = create_setting(WidgetSite, WidgetSiteCreated, told, {**read, "key": _key(), "created_at": at}, by=by, at=at)
        _issue(site, None, by=by, at=at)
        return site


def change_widget_site(*, site_id: int, values: Mapping[str, Any], by: Actor, at: datetime) -> WidgetSite:
    """Change a site, close it or open it again; a closed one lets nobody in from that moment on."""
    with transaction.atomic():
        site = locked_setting(WidgetSite, site_id, by)
        return change_setting(site, WidgetSiteChanged, FIELDS, _read(values), by=by, at=at)


def issue_widget_secret(*, site_id: int, overlap: timedelta = OVERLAP, by: Actor, at: datetime) -> WidgetSecret:
    """Give a site a new secret; the one before is believed for the overlap, so that its servers can be changed in peace."""
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise Invalid(_("The old secret stays for at most 30 days."), field="overlap")
    with transaction.atomic():
        site = locked_setting(WidgetSite, site_id, by)
        old = WidgetSecret.objects.select_for_update().filter(site=site, ends_at=None).first()
        if old is not None:
            old.ends_at = at + overlap
            old.save(update_fields=["ends_at"])
        return _issue(site, old, by=by, at=at)


def revoke_widget_secret(*, secret_id: int, by: Actor, at: datetime) -> WidgetSecret:
    """Stop believing an old secret at once; the current one is replaced, not revoked."""
    with transaction.atomic():
        found = WidgetSecret.objects.filter(pk=secret_id).first()
        if found is None:
            raise NotFound(_("There is no such secret."))
        locked_setting(WidgetSite, found.site_id, by)
        secret = WidgetSecret.objects.select_for_update().get(pk=secret_id)
        if secret.ends_at is None:
            raise Conflict(_("This is the site's current secret."), hint=_("Make a new one without overlap instead."))
        if secret.ends_at > at:
            secret.ends_at = at
            secret.save(update_fields=["ends_at"])
            record(WidgetSecretRevoked(widget_site_id=secret.site_id, secret_id=secret.pk), by=by, at=at)
        return secret


def _key() -> str:
    return f"site_{secrets.token_hex(6)}"


def _issue(site: WidgetSite, old: WidgetSecret | None, *, by: Actor, at: datetime) -> WidgetSecret:
    secret = WidgetSecret.objects.create(site=site, seed=secrets.token_hex(16), created_at=at)
    fact = WidgetSecretIssued(
        widget_site_id=site.pk,
        secret_id=secret.pk,
        old_secret_id=old.pk if old else None,
        old_ends_at=old.ends_at if old else None,
    )
    record(fact, by=by, at=at)
    return secret


def _read(values: Mapping[str, Any]) -> dict[str, Any]:
    read = dict(values)
    if "origins" in read:
        read["origins"] = _origins(read["origins"])
    if "kept_params" in read:
        read["kept_params"] = _params(read["kept_params"])
    return read


def _origins(given: Iterable[str]) -> list[str]:
    wanted = [text.strip() for text in given if text.strip()]
    found = {text: origin_of(text) for text in wanted}
    if wrong := next((text for text, origin in found.items() if not origin or "*" in origin), ""):
        raise Invalid(
            _("This is not the address of a page: %(text)s") % {"text": wrong[:100]},
            field="origins",
            hint=_("Write scheme and host, such as https://console.example."),
        )
    if not found:
        raise Invalid(_("Say on which pages it may stand."), field="origins", hint=_("Write one address in each line."))
    if len(found) > MOST_ORIGINS:
        raise Invalid(_("That is more than %(most)s addresses.") % {"most": MOST_ORIGINS}, field="origins")
    return list(dict.fromkeys(found.values()))


def _params(given: Iterable[str]) -> list[str]:
    names = list(dict.fromkeys(name for text in given if (name := line(text, LONGEST_PARAM + 1))))
    if len(names) > MOST_PARAMS or any(len(name) > LONGEST_PARAM for name in names):
        raise Invalid(_("These are too many, or too long."), field="kept_params")
    return names
