"""Reading the widget's side: a site's secrets, who a session is, and what it may reach: what was asked through its site."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core import signing
from django.db import connection
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from steward.channels.models import WidgetPage, WidgetSecret, WidgetSite
from steward.channels.rules.widget_tokens import Refusal
from steward.channels.widget.refusals import WidgetRefused
from steward.core.errors import NotFound
from steward.desk.models import Ticket
from steward.desk.queries.access import own_ticket
from steward.people.actor import Actor
from steward.people.models import Requester
from steward.people.queries.actors import requester_actor

SESSION_FOR = timedelta(minutes=15)
MOST_LISTED = 20
_SALT = "steward.widget.session"
_SECRET_SALT = "steward.widget.secret"  # noqa: S105 -- the salt, not the secret


@dataclass(frozen=True)
class WidgetSession:
    """Somebody in front of a page of a site, believed for some minutes."""

    site: WidgetSite
    secret_id: int
    requester: Requester
    actor: Actor
    origin: str
    expires_at: datetime


def secret_of(row: WidgetSecret) -> str:
    """Give the secret itself: 256 bits, as text."""
    made = salted_hmac(_SECRET_SALT, f"{row.site.key}:{row.seed}", algorithm="sha256")
    return f"whs_{made.hexdigest()}"


def believed_secrets(site: WidgetSite, at: datetime) -> list[tuple[int, str]]:
    """Give the secrets of a site that are believed at an instant, newest first, by id."""
    rows = WidgetSecret.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), site=site).select_related("site").order_by("-id")
    return [(row.pk, secret_of(row)) for row in rows]


def session_token(session: WidgetSession) -> str:
    """Give what the widget shows with each request until the session is over."""
    held = [session.site.pk, session.secret_id, session.requester.pk, session.origin, int(session.expires_at.timestamp())]
    return signing.dumps(held, salt=_SALT)


def session_in(token: str, *, origin: str, at: datetime, request_id: str = "") -> WidgetSession:
    """Read a session anew from the tables, in two queries; raises `WidgetRefused` for one that is over, made up or moved."""
    try:
        site_id, secret_id, requester_id, of_origin, until = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise WidgetRefused(Refusal.SESSION) from error
    expires_at = datetime.fromtimestamp(until, tz=UTC)
    secret = WidgetSecret.objects.select_related("site").filter(pk=secret_id, site_id=site_id).first()
    if secret is None or expires_at <= at or (secret.ends_at is not None and secret.ends_at <= at):
        raise WidgetRefused(Refusal.SESSION)
    stands_there(secret.site, origin)
    if origin != of_origin:
        raise WidgetRefused(Refusal.ORIGIN)
    requester = Requester.objects.select_related("user").filter(pk=requester_id).first()
    if requester is None:
        raise WidgetRefused(Refusal.SESSION)
    return WidgetSession(
        site=secret.site,
        secret_id=secret.pk,
        requester=requester,
        actor=let_in(requester, request_id=request_id),
        origin=origin,
        expires_at=expires_at,
    )


def stands_there(site: WidgetSite, origin: str) -> None:
    """Go on only if a site is open and may stand on a page of this origin."""
    if not site.is_active:
        raise WidgetRefused(Refusal.SITE_CLOSED)
    if origin not in site.origins:
        raise WidgetRefused(Refusal.ORIGIN)


def let_in(requester: Requester, *, request_id: str = "") -> Actor:
    """Give a requester as actor, unless their account here was closed or their data were erased."""
    if requester.erased_at is not None or (requester.user is not None and not requester.user.is_active):
        raise WidgetRefused(Refusal.PERSON_CLOSED)
    return requester_actor(requester, cause="widget", request_id=request_id)


def reachable_ticket(session: WidgetSession, ticket_id: int) -> Ticket:
    """Give a ticket of the person's own that was asked, or gone on with, through this site; raises `NotFound` for any other."""
    asked_here = WidgetPage.objects.filter(ticket_id=ticket_id, requester_id=session.requester.pk, site_id=session.site.pk)
    if not asked_here.exists():
        raise NotFound(_("There is no such conversation here."))
    return own_ticket(session.actor, ticket_id)


@dataclass(frozen=True)
class Talk:
    """A conversation as the widget lists it; `news` counts answers of people that were not seen."""

    id: int
    subject: str
    state: str
    outcome: str
    last_message_at: datetime
    news: int


_TALKS = """
WITH mine AS (
    SELECT DISTINCT ticket_id FROM channels_widgetpage WHERE requester_id = %s AND site_id = %s ORDER BY ticket_id DESC LIMIT %s
)
SELECT t.id, t.subject, r.state, r.outcome, r.last_message_at,
       (SELECT count(*) FROM desk_conversation c
          JOIN desk_message m ON m.conversation_id = c.id
          LEFT JOIN channels_delivery d ON d.message_id = m.id
         WHERE c.ticket_id = t.id AND c.requester_id = %s AND m.kind = 'message' AND m.author_kind <> 'requester'
           AND NOT m.automatic AND d.state IS DISTINCT FROM 'seen')
  FROM mine JOIN desk_ticket t ON t.id = mine.ticket_id
  JOIN LATERAL (
    WITH RECURSIVE way AS (
        SELECT t.id, t.merged_into_id
         UNION ALL
        SELECT p.id, p.merged_into_id FROM desk_ticket p JOIN way ON p.id = way.merged_into_id
    )
    SELECT g.state, g.outcome, g.last_message_at FROM way JOIN desk_ticket g ON g.id = way.id WHERE g.merged_into_id IS NULL
  ) r ON true
 WHERE t.requester_id = %s
 ORDER BY r.state = 'closed', t.id DESC
"""


def talks_of(session: WidgetSession) -> list[Talk]:
    """Give the latest conversations of somebody through a site, those that go on first, in one query."""
    requester_id = session.requester.pk
    with connection.cursor() as cursor:
        cursor.execute(_TALKS, [requester_id, session.site.pk, MOST_LISTED, requester_id, requester_id])
        return [Talk(*row) for row in cursor.fetchall()]


def pages_of(ticket_id: int, *, most: int = 5) -> Sequence[WidgetPage]:
    """Give the pages a ticket was written from, the newest first, for the agents' side."""
    return list(WidgetPage.objects.filter(ticket_id=ticket_id).select_related("site").order_by("-id")[:most])


def newest_address(ticket_id: int) -> str:
    """Give the address of the page that somebody last wrote from on a ticket; empty for none."""
    found: Any = WidgetPage.objects.filter(ticket_id=ticket_id).exclude(address="").order_by("-id").first()
    return str(found.address) if found is not None else ""
