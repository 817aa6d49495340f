"""The sites the widget stands on, and the secrets they sign with."""

from datetime import timedelta
from typing import Annotated

from ninja import Query, Router
from pydantic import Field, StrictInt

from steward.api.operations import CREATED, get, patch, post
from steward.api.shapes import Given, Instant, Line, Listed, PathId, Sent, Yes
from steward.api.tokens import Asked
from steward.api.v1.finding import MOST_ROWS, USUAL_ROWS, must, nothing_here, walk
from steward.api.versions import Versioned
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
from steward.desk.permissions import may_manage_desk
from steward.people.permissions import require
from steward.people.rules import Scope

router = Router(tags=["Widget"])
READ, WRITE = Scope.SETTINGS_READ, Scope.SETTINGS_WRITE
Cursor = Annotated[str, Query(max_length=2_000)]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS)]
Lines = Annotated[list[Line], Field(max_length=100)]


class WidgetSiteOut(Given):
    """A site; `origins` are where its pages may stand, `kept_params` what is kept of the query of their addresses."""

    id: int
    key: str
    name: str
    origins: list[str]
    kept_params: list[str]
    is_active: bool


class WidgetSiteIn(Sent):
    """What a site is to be."""

    name: Line
    origins: Lines
    kept_params: Lines = []


class WidgetSiteChange(Sent):
    """What of a site is to change."""

    name: Line = ""
    origins: Lines = []
    kept_params: Lines = []
    is_active: Yes = True


class WidgetSecretOut(Given):
    """A secret of a site, without what it is; the current one has no end."""

    id: int
    created_at: Instant
    ends_at: Instant | None


class WidgetSecretMade(WidgetSecretOut):
    """A secret of a site, as it is."""

    secret: str


class OverlapIn(Sent):
    """How many seconds the secret before is still believed; a day unless said."""

    overlap: Annotated[StrictInt, Field(ge=0, le=2_592_000)] = int(OVERLAP.total_seconds())


def _seen(request: Asked, site_id: int) -> WidgetSiteOut:
    if not may_manage_desk(request.actor):
        raise nothing_here()
    return WidgetSiteOut.model_validate(must(WidgetSite, site_id))


SITE = Versioned("widget_site", WidgetSite, "site_id", _seen)


@get(router, "/widget-sites", scope=READ, out=Listed[WidgetSiteOut])
def list_widget_sites(request: Asked, cursor: Cursor = "", limit: Limit = USUAL_ROWS) -> Listed[WidgetSiteOut]:
    """List the sites of the widget."""
    require(may_manage_desk(request.actor))
    return walk(WidgetSite.objects.all(), cursor=cursor, limit=limit, show=WidgetSiteOut.model_validate)


@get(router, "/widget-sites/{int:site_id}", scope=READ, out=WidgetSiteOut, versioned=SITE)
def get_widget_site(request: Asked, site_id: PathId) -> WidgetSiteOut:
    """Give a site."""
    return _seen(request, site_id)


@post(router, "/widget-sites", scope=WRITE, out=WidgetSiteOut, status=CREATED)
def make_widget_site(request: Asked, body: WidgetSiteIn) -> WidgetSiteOut:
    """Set up a site with its first secret, which a new one made here replaces."""
    return WidgetSiteOut.model_validate(create_widget_site(values=body.given(), by=request.actor, at=clock.now()))


@patch(router, "/widget-sites/{int:site_id}", scope=WRITE, out=WidgetSiteOut, versioned=SITE)
def update_widget_site(request: Asked, site_id: PathId, body: WidgetSiteChange) -> WidgetSiteOut:
    """Change a site, close it or open it again."""
    changed = change_widget_site(site_id=site_id, values=body.given(), by=request.actor, at=clock.now())
    return WidgetSiteOut.model_validate(changed)


@get(router, "/widget-sites/{int:site_id}/secrets", scope=READ, out=list[WidgetSecretOut])
def list_widget_secrets(request: Asked, site_id: PathId) -> list[WidgetSecretOut]:
    """List the secrets of a site, the newest first, without what they are."""
    require(may_manage_desk(request.actor))
    rows = WidgetSecret.objects.filter(site=must(WidgetSite, site_id)).order_by("-id")[:MOST_ROWS]
    return [WidgetSecretOut.model_validate(row) for row in rows]


@post(router, "/widget-sites/{int:site_id}/secrets", scope=WRITE, out=WidgetSecretMade, status=CREATED)
def make_widget_secret(request: Asked, site_id: PathId, body: OverlapIn) -> WidgetSecretMade:
    """Give a site a new secret; the one before is believed for the overlap."""
    made = issue_widget_secret(site_id=site_id, overlap=timedelta(seconds=body.overlap), by=request.actor, at=clock.now())
    return WidgetSecretMade(**WidgetSecretOut.model_validate(made).model_dump(), secret=secret_of(made))


@post(router, "/widget-secrets/{int:secret_id}/revoke", scope=WRITE, out=WidgetSecretOut)
def end_widget_secret(request: Asked, secret_id: PathId) -> WidgetSecretOut:
    """Stop believing an old secret at once."""
    return WidgetSecretOut.model_validate(revoke_widget_secret(secret_id=secret_id, by=request.actor, at=clock.now()))
