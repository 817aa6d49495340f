"""The widget in the demo desk: two sites, and two queries that were asked on their pages a moment ago."""

from datetime import datetime, timedelta

from steward.channels.actions.taking_in import take_in
from steward.channels.actions.widget_sites import change_widget_site, create_widget_site, issue_widget_secret
from steward.channels.queries.widget import let_in
from steward.channels.rules.kinds import ChannelKind
from steward.channels.said import Said
from steward.people.actions.requesters import ensure_requester
from steward.people.actor import Actor

_ASKED = (
    (
        18,
        "mara",
        "Mara Lindt",
        "Nights",
        "DE",
        "review/7",
        "Review queue 7",
        "The labels I set here are gone after I reload.",
    ),
    (7, "teo", "Teo Brandt", "Days", "DE", "appeals", "Appeals", "Where do I see who decided an appeal before me?"),
)
ASKED_ON_PAGES = len(_ASKED)
_PAGE = "http://127.0.0.1:8601"


def stand_on_pages(*, by: Actor, now: datetime) -> None:
    """Set the sites up, one with a secret that was replaced yesterday, and let two people ask on a page."""
    console = create_widget_site(
        values={"name": "Moderation console", "origins": [_PAGE, "http://localhost:8601"], "kept_params": ["case"]},
        by=by,
        at=now - timedelta(days=6),
    )
    issue_widget_secret(site_id=console.pk, overlap=timedelta(days=7), by=by, at=now - timedelta(days=1))
    old = create_widget_site(
        values={"name": "Old labeling tool", "origins": ["https://labels.example"]}, by=by, at=now - timedelta(days=6)
    )
    change_widget_site(site_id=old.pk, values={"is_active": False}, by=by, at=now - timedelta(days=2))
    for minutes, key, name, team, market, path, title, words in _ASKED:
        at = now - timedelta(minutes=minutes)
        requester = ensure_requester(
            email=f"{key}@console.example",
            name=name,
            team=team,
            market=market,
            platform_role="moderator",
            language="en",
            source=f"widget:{console.key}",
            external_id=key,
            by=by,
            at=at,
        )
        page: dict[str, str | int] = {
            "site_id": console.pk,
            "address": f"{_PAGE}/{path}",
            "title": f"{title} · Moderation console",
            "app_version": "console 4.2.1",
            "client_version": "desktop 9.0",
        }
        take_in(kind=ChannelKind.WIDGET, said=Said(body=words, client_token=f"demo-{key}", page=page), by=let_in(requester), at=at)
