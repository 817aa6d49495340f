"""Holding every ticket's present row against the fold of its events, and the counts against the rows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Sum

from steward.desk.models import (
    Conversation,
    FollowUp,
    HandedTicket,
    Handling,
    Link,
    Merge,
    Message,
    Ticket,
    TicketSearch,
    TicketTag,
    Watcher,
)
from steward.desk.queries.custom_fields import kinds, values_of
from steward.desk.queries.fold import Folded, differences, filled, fold
from steward.desk.queries.verification_views import wrong_views
from steward.desk.rules.fields import told
from steward.ledger.models import Event

CHUNK = 500


def problems() -> Iterator[str]:
    """Yield a sentence for each ticket whose present state is not what its events tell, and each wrong count."""
    if connection.in_atomic_block:
        yield from _problems()
        return
    # One instant of a desk at work: rows and events read one after the other would seem to differ.
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield from _problems()


def _problems() -> Iterator[str]:
    last = 0
    while True:
        tickets = list(Ticket.objects.filter(pk__gt=last).order_by("id")[:CHUNK])
        if not tickets:
            break
        yield from _check(tickets)
        last = tickets[-1].pk
    yield from _streams_without_ticket()
    yield from _wrong_snoozes()
    yield from _wrong_counts()
    yield from _wrong_search_rows()
    yield from wrong_views()


def _check(tickets: list[Ticket]) -> Iterator[str]:
    ids = [ticket.pk for ticket in tickets]
    events: dict[int, list[Event]] = defaultdict(list)
    streams = [f"ticket:{pk}" for pk in ids]
    for event in Event.objects.filter(stream__in=streams).order_by("stream", "seq"):
        events[event.subject_id].append(event)
    summed = Handling.objects.filter(ticket_id__in=ids).exclude(closed_at=None).values_list("ticket_id")
    handled = dict(summed.annotate(seconds=Sum("seconds")))
    fields, kind_of = values_of(ids), kinds()
    parts = {
        "tags": _grouped(TicketTag.objects.filter(ticket_id__in=ids).values_list("ticket_id", "tag_id")),
        "messages": _grouped(Message.objects.filter(ticket_id__in=ids).values_list("ticket_id", "id")),
        "handovers": _grouped(HandedTicket.objects.filter(ticket_id__in=ids).values_list("ticket_id", "handover_id")),
        "open_follow_ups": _grouped(
            FollowUp.objects.filter(ticket_id__in=ids, done_at=None).values_list("ticket_id", "id"),
        ),
        "links": _grouped(
            pair
            for side in ("from_ticket_id", "to_ticket_id")
            for pair in Link.objects.filter(**{f"{side}__in": ids}, removed_at=None).values_list(side, "id")
        ),
        "closings": _grouped(
            (ticket_id, (pk, closing))
            for side in ("from_ticket_id", "to_ticket_id")
            for ticket_id, pk, closing in Link.objects.filter(**{f"{side}__in": ids}, removed_at=None)
            .exclude(closing="")
            .values_list(side, "id", "closing")
        ),
        "merged": _grouped(Merge.objects.filter(target_id__in=ids, undone_at=None).values_list("target_id", "source_id")),
        "moved": _grouped(
            (home, (pk, shown_on))
            for home, pk, shown_on in Message.objects.filter(ticket_id__in=ids)
            .exclude(shown_on=None)
            .values_list("ticket_id", "id", "shown_on_id")
        ),
        "watchers": _grouped(Watcher.objects.filter(ticket_id__in=ids, stopped_at=None).values_list("ticket_id", "user_id")),
        "participants": _grouped(
            Conversation.objects.filter(ticket_id__in=ids, kind=Conversation.Kind.REQUESTER, ended_at=None)
            .exclude(requester_id=F("ticket__requester_id"))
            .values_list("ticket_id", "requester_id")
        ),
        "open_sides": _grouped(
            Conversation.objects.filter(ticket_id__in=ids, kind=Conversation.Kind.SIDE, ended_at=None).values_list(
                "ticket_id", "id"
            )
        ),
    }
    for ticket in tickets:
        tale = fold((event.fact, event.occurred_at) for event in events[ticket.pk] if event.fact is not None)
        found = Folded(
            requester_id=ticket.requester_id,
            queue_id=ticket.queue_id,
            status_id=ticket.status_id,
            state=ticket.state,
            priority=ticket.priority,
            category_id=ticket.category_id,
            assignee_id=ticket.assignee_id,
            outcome=ticket.outcome,
            waiting_reason=ticket.waiting_reason,
            snoozing=ticket.snoozing,
            handled_seconds=handled.get(ticket.pk, 0),
            harm=ticket.harm,
            solved_at=ticket.solved_at,
            confirmed_at=ticket.confirmed_at,
            closed_at=ticket.closed_at,
            merged_into=ticket.merged_into_id,
            fields=frozenset(
                pair
                for field_id, value in fields.get(ticket.pk, {}).items()
                for pair in filled(field_id, told(kind_of[field_id], value))
            ),
            **{name: frozenset(part[ticket.pk]) for name, part in parts.items()},
        )
        for difference in differences(tale, found):
            yield f"ticket #{ticket.pk}: {difference}"


def _grouped(pairs: Iterable[tuple[int, Any]]) -> dict[int, set[Any]]:
    groups: dict[int, set[Any]] = defaultdict(set)
    for key, value in pairs:
        groups[key].add(value)
    return groups


def _streams_without_ticket() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT s.name FROM ledger_stream s
             WHERE s.name LIKE 'ticket:%%'
               AND NOT EXISTS (SELECT 1 FROM desk_ticket t WHERE t.id = split_part(s.name, ':', 2)::bigint)
            """
        )
        for (name,) in cursor.fetchall():
            yield f"stream {name} tells of a ticket that does not exist"


def _wrong_snoozes() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(t.id, s.ticket_id) FROM (SELECT id, snoozing, assignee_id FROM desk_ticket WHERE snoozing <> '') t
              FULL JOIN (SELECT ticket_id, user_id, ended_at FROM desk_snooze WHERE settled_at IS NULL) s ON s.ticket_id = t.id
             WHERE t.id IS NULL OR s.ticket_id IS NULL OR (t.snoozing = 'asleep') <> (s.ended_at IS NULL)
                OR t.assignee_id IS DISTINCT FROM s.user_id
            """
        )
        for (pk,) in cursor.fetchall():
            yield f"ticket #{pk}: its mark and its snooze do not say the same"


def _wrong_counts() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(a.queue_id, b.queue_id), coalesce(a.state, b.state), coalesce(a.n, 0), coalesce(b.n, 0)
              FROM (SELECT queue_id, state, assignee_id, snoozing = 'asleep' AS asleep, count(*) AS n FROM desk_ticket
                     GROUP BY 1, 2, 3, 4) a
              FULL JOIN (SELECT queue_id, state, assignee_id, asleep, sum(n) AS n FROM desk_ticketcount
                          GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0) b
                ON a.queue_id = b.queue_id AND a.state = b.state AND a.assignee_id IS NOT DISTINCT FROM b.assignee_id
               AND a.asleep = b.asleep
             WHERE coalesce(a.n, 0) <> coalesce(b.n, 0)
            """
        )
        for queue_id, state, rows, counted in cursor.fetchall():
            yield f"queue {queue_id}: {rows} tickets are {state} but {counted} are counted"


def _wrong_search_rows() -> Iterator[str]:
    indexed = TicketSearch.objects.values_list("ticket_id")
    for pk in Ticket.objects.exclude(pk__in=indexed).values_list("id", flat=True)[:CHUNK]:
        yield f"ticket #{pk}: not in the search index"
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT t.id FROM desk_ticket t JOIN desk_ticketsearch s ON s.ticket_id = t.id
             WHERE s.marks IS DISTINCT FROM desk_ticket_marks(t)
                OR (SELECT array_agg(word ORDER BY word) FROM unnest(tsvector_to_array(s.document)) word WHERE word LIKE '%%/%%')
                   IS DISTINCT FROM (SELECT array_agg(DISTINCT word ORDER BY word) FROM unnest(s.marks) word)
            """
        )
        for (pk,) in cursor.fetchall():
            yield f"ticket #{pk}: the search index has it as something else than it is"
