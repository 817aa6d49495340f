"""The address `/widget/live`: the event stream for the widget on other pages, opened by a session it shows, never by a cookie."""

from datetime import UTC
from urllib.parse import parse_qs

from asgiref.sync import sync_to_async
from django.db import close_old_connections

from steward.channels.queries.widget import reachable_ticket, session_in
from steward.core import clock
from steward.core.errors import DomainError
from steward.web.live.stream import Receive, Scope, Send, following
from steward.web.live.topics import Sight

BEARER = "Bearer "


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one stream about a person's own requests: 401 without a session, 429 for too many at once."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    origin = headers.get("origin") or f"{scope.get('scheme', 'http')}://{headers.get('host', '')}"
    shared = [
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-allow-headers", b"Authorization, Last-Event-ID"),
        (b"access-control-max-age", b"7200"),
        (b"vary", b"Origin"),
        (b"cross-origin-resource-policy", b"cross-origin"),
    ]
    if scope["method"] == "OPTIONS":
        await send({"type": "http.response.start", "status": 204, "headers": shared})
        return await send({"type": "http.response.body", "body": b"", "more_body": False})
    shown = headers.get("authorization", "")
    token = shown.removeprefix(BEARER) if shown.startswith(BEARER) else ""
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    ticket = query.get("ticket", [""])[0]
    ticket_id = int(ticket) if ticket.isascii() and ticket.isdigit() and len(ticket) < 18 else None  # noqa: PLR2004

    async def ask() -> Sight | None:
        return await _sight(token, origin, ticket_id)

    await following(scope, receive, send, ask=ask, topics=_topics(ticket_id), shared=shared)
    return None


def _topics(ticket_id: int | None) -> frozenset[str]:
    return frozenset({"mine", *([f"ticket:{ticket_id}"] if ticket_id else [])})


@sync_to_async(thread_sensitive=False)
def _sight(token: str, origin: str, ticket_id: int | None) -> Sight | None:
    """Say whom the session is for right now; None once it is over, moved, or shows what it may not."""
    close_old_connections()
    try:
        session = session_in(token, origin=origin, at=clock.now().astimezone(UTC))
        if ticket_id is not None:
            reachable_ticket(session, ticket_id)
    except DomainError:
        return None
    # Whoever has no account here is told apart from those who have by the sign; no user has such a number.
    return Sight(user_id=-session.requester.pk, requester_id=session.requester.pk, queue_ids=frozenset())
