"""The address `/here/`: a page says who looks at a ticket or writes on it, and every process hears of it."""

from django.db import connection
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from steward.channels.actions.writing import plan_typing
from steward.core.rows import first_row
from steward.desk.queries.access import is_of_the_desk, visible_queue_ids
from steward.people.actor import Actor
from steward.web.live.presence import MODES, Seen
from steward.web.live.whispers import CHANNEL, tell
from steward.web.shared.asking import Request, number_in, text

LONGEST_NAME = 60
LONGEST_TAB = 40
LEFT = "left"


@require_POST
def here(request: Request) -> HttpResponse:
    """Take in one sighting; a ticket that the person does not see is passed over in silence, and nothing is stored."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    seen = _seen(request, number_in(text(request, "ticket")) or 0)
    if seen is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, next(tell([seen]))])
        if seen.person and seen.mode == "reply":
            # Where they ask in a chat, the answer's coming is shown there.
            plan_typing(ticket_id=seen.ticket_id)
    return HttpResponse(status=204)


def _seen(request: Request, ticket_id: int) -> Seen | None:
    actor, mode, tab = request.actor, text(request, "mode"), text(request, "tab")[:LONGEST_TAB]
    if mode not in {*MODES, LEFT}:
        return None
    found = first_row("SELECT queue_id, requester_id FROM desk_ticket WHERE id = %s", [ticket_id])
    if found is None:
        return None
    queue_id, requester_id = found
    if text(request, "as") == "requester":
        return _typing(actor, ticket_id, queue_id, requester_id, mode, tab)
    if not is_of_the_desk(actor) or actor.user_id is None or queue_id not in visible_queue_ids(actor):
        return None
    return Seen(ticket_id, queue_id, actor.user_id, actor.name[:LONGEST_NAME], mode, tab)


def _typing(actor: Actor, ticket_id: int, queue_id: int, requester_id: int, mode: str, tab: str) -> Seen | None:
    """Of a requester only that they write is told, never that they look."""
    if actor.requester_id is None or actor.requester_id != requester_id:
        return None
    return Seen(ticket_id, queue_id, 0, actor.name[:LONGEST_NAME], mode if mode == "reply" else LEFT, tab)
