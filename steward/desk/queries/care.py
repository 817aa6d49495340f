"""Reads around harmful content: how careful to be, who looked how long, and what may be said of a ticket elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from steward.core.rows import first_row, rows
from steward.desk.models import Attachment, CareLimits, Exposure, MediaView, Merge, Ticket
from steward.desk.rules.care import Carefulness, Limits
from steward.people.actor import Actor
from steward.roster.queries.duty import shift_of


@dataclass(frozen=True)
class Strictness:
    """How a person wants to meet media beyond what queues ask: all covered, and shown in gray."""

    cover_all: bool = False
    in_gray: bool = False


def strictness_of(user_id: int | None) -> Strictness:
    """Give how a person wants to meet media, in one query by the person."""
    found = first_row("SELECT cover_all, in_gray FROM desk_carepreference WHERE user_id = %s", [user_id or 0])
    return Strictness(*found) if found else Strictness()


def care_limits() -> Limits:
    """Give the desk's limits for looking at covered media."""
    row = CareLimits.objects.first()
    return row.value if row else Limits()


def carefulness_around(ticket: Ticket) -> list[Carefulness]:
    """Give how careful a ticket asks one to be, and each ticket it was merged into, where its messages are shown too."""
    found, at, seen = [ticket.carefulness], ticket.pk, {ticket.pk}
    while True:
        merge = Merge.objects.filter(source_id=at, undone_at=None).select_related("target__queue").first()
        if merge is None or merge.target_id in seen:
            return found
        found.append(merge.target.carefulness)
        at = merge.target_id
        seen.add(at)


def is_covered(file: Attachment, *, strict: bool) -> bool:
    """Tell whether a file is covered until asked for, wherever its message is shown; message and ticket were read along."""
    message = file.message
    from_requester = message.author_kind == "requester"
    places = [message.ticket, *([message.shown_on] if message.shown_on else [])]
    return any(
        care.covers(file.media_type, from_requester=from_requester, strict=strict)
        for place in places
        for care in carefulness_around(place)
    )


_FLAGGED = """
SELECT t.id FROM desk_ticket t JOIN desk_queue q ON q.id = t.queue_id
 WHERE t.id = ANY(%s) AND (q.restricted OR q.care <> 'none' OR t.harm <> '')
"""


def flagged_among(ticket_ids: list[int]) -> set[int]:
    """Give those of the tickets of which nothing written or sent may appear where nobody asked for it.

    Whatever draws a ticket's words outside its own page asks this first: notices, mails, previews, snippets, hover cards.
    """
    return {int(row[0]) for row in rows(_FLAGGED, [ticket_ids])} if ticket_ids else set()


def counts_since(actor: Actor, at: datetime) -> datetime:
    """Say from when on somebody's looking is counted now: the start of their shift, or of their day."""
    shift = shift_of(actor.user_id or 0, at)
    if shift is not None:
        return shift.starts_at
    return at.astimezone(ZoneInfo(actor.time_zone)).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def exposure_of(actor: Actor, at: datetime) -> Exposure | None:
    """Give how long somebody has looked in this shift or day, or None when they have not."""
    return Exposure.objects.filter(user_id=actor.user_id or 0, since=counts_since(actor, at)).first()


def open_view(*, view_id: int, attachment_id: int, user_id: int) -> MediaView | None:
    """Give a person's own view of a file that is not over, by which the file may be fetched."""
    return MediaView.objects.filter(
        pk=view_id, attachment_id=attachment_id, user_id=user_id, ended_at=None, how=MediaView.How.SHOWN
    ).first()


def views_of(user_id: int, *, most: int = 50) -> list[MediaView]:
    """Give a person's latest views, newest first, each with its file."""
    return list(MediaView.objects.filter(user_id=user_id).select_related("attachment").order_by("-opened_at", "-id")[:most])


@dataclass(frozen=True)
class Looking:
    """How long one person has looked: in all of the period asked for, in the last shift or day, and how many files."""

    user_id: int
    name: str
    seconds: int
    views: int
    last_since: datetime | None
    last_seconds: int
    last_allowed: int


_TOTALS = """
SELECT u.id, u.name, e.seconds, coalesce(v.views, 0), l.since, coalesce(l.seconds, 0), coalesce(l.allowed, 0)
  FROM (SELECT user_id, sum(seconds) AS seconds FROM desk_exposure WHERE since > %s GROUP BY user_id) e
  JOIN people_user u ON u.id = e.user_id
  LEFT JOIN (SELECT user_id, count(*) AS views FROM desk_mediaview WHERE opened_at > %s GROUP BY user_id) v ON v.user_id = u.id
  LEFT JOIN LATERAL (SELECT since, seconds, allowed FROM desk_exposure WHERE user_id = u.id ORDER BY since DESC LIMIT 1) l ON true
 ORDER BY e.seconds DESC, lower(u.name), u.id
"""


def looking_of_all(at: datetime, *, days: int = 7) -> list[Looking]:
    """Give how long each person has looked in the last days, longest first; what they looked at is not among it."""
    since = at - timedelta(days=days)
    return [Looking(*row) for row in rows(_TOTALS, [since, since])]


def care_problems() -> Iterator[str]:
    """Say which views of covered files are not as the ledger tells them."""
    for view_id, told in rows(_UNTOLD):
        yield f"view {view_id}: {told}"


_UNTOLD = """
WITH viewed AS (SELECT (payload->>'view_id')::bigint AS id FROM ledger_event WHERE kind = 'desk.media_viewed'),
     ended AS (SELECT (payload->>'view_id')::bigint AS id, (payload->>'seconds')::bigint AS seconds
                 FROM ledger_event WHERE kind = 'desk.media_view_ended')
SELECT v.id, 'not in the ledger' FROM desk_mediaview v WHERE NOT EXISTS (SELECT 1 FROM viewed w WHERE w.id = v.id)
UNION ALL
SELECT w.id, 'in the ledger, but there is no such view' FROM viewed w
 WHERE NOT EXISTS (SELECT 1 FROM desk_mediaview v WHERE v.id = w.id)
UNION ALL
SELECT v.id, 'lasted ' || v.seconds || ' s, the ledger says ' || coalesce(e.seconds::text, 'nothing')
  FROM desk_mediaview v LEFT JOIN ended e ON e.id = v.id
 WHERE v.how = 'shown' AND (v.ended_at IS NOT NULL) AND e.seconds IS DISTINCT FROM v.seconds
UNION ALL
SELECT e.id, 'ended in the ledger, but not in its row' FROM ended e JOIN desk_mediaview v ON v.id = e.id WHERE v.ended_at IS NULL
ORDER BY 1
"""
