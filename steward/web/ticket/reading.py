"""Everything a ticket's page shows, read in a fixed number of queries."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_time
from django.db.models import Choices, Q
from django.utils import timezone, translation

from steward.channels.queries.deliveries import why_not_delivered
from steward.channels.queries.letters import letters_behind
from steward.channels.rules.kinds import ChannelKind
from steward.core.prepared import Prepared
from steward.core.rows import rows
from steward.desk.actions.lifecycle import HOLD_REASONS
from steward.desk.models import Category, FollowUp, Link, Message, Question, Queue, Status, Ticket, TicketTag
from steward.desk.permissions import may_undo_merge, may_work
from steward.desk.queries.access import ticket_seen_by
from steward.desk.queries.care import strictness_of
from steward.desk.queries.custom_fields import Filled, fields_of
from steward.desk.queries.family import family_with, root_of, shown_on
from steward.desk.queries.joined import standing_merges
from steward.desk.queries.mentions import mentions_of
from steward.desk.queries.parts import Parts, parts_of
from steward.desk.queries.snoozes import sleep_of
from steward.desk.queries.timeline import MOST_MESSAGES, Entry, timeline
from steward.desk.rules.states import ENDED, State, moves_from
from steward.people.actor import Actor
from steward.web.shared.asking import Request
from steward.web.shared.media import Eyes
from steward.web.shared.times import locale
from steward.web.ticket.choices import Choice, assignees, category_choices, queue_choices, talk_choices
from steward.web.ticket.clocks import shown_clocks
from steward.web.ticket.conversation import items_of
from steward.web.ticket.field_names import field_names
from steward.web.ticket.wording import LINKS, LINKS_BACK, Names, reason_words
from steward.web.ticket.written import writing

_QUEUES = Prepared(lambda: Queue.objects.order_by("position", "name", "id"))
_CATEGORIES = Prepared(Category.objects.all)
_STATUSES = Prepared(lambda: Status.objects.filter(is_active=True).order_by("position", "id"))
_QUESTIONS = Prepared(lambda ticket_id: Question.objects.filter(ticket_id=ticket_id).order_by("id"), ticket_id=int)
_TAGS = Prepared(
    lambda ticket_id: TicketTag.objects.filter(ticket_id=ticket_id).select_related("tag").order_by("tag__name"), ticket_id=int
)
_FOLLOW_UPS = Prepared(
    lambda ticket_id: FollowUp.objects.filter(ticket_id=ticket_id).select_related("owner").order_by("done_at", "due_at", "id"),
    ticket_id=int,
)
_LINKS = Prepared(
    lambda ticket_id: (
        Link.objects.filter(Q(from_ticket_id=ticket_id) | Q(to_ticket_id=ticket_id), removed_at=None)
        .select_related("from_ticket__status", "to_ticket__status")
        .order_by("id")
    ),
    ticket_id=int,
)
_USER_FIELDS = ("old_assignee_id", "new_assignee_id", "owner_id", "user_id")


def whole(request: Request, ticket_id: int, *, at: datetime) -> dict[str, Any]:
    """Give all that the page shows; raises `NotFound` for a ticket out of sight."""
    actor, queue_ids = request.actor, [queue.pk for queue in request.queues]
    ticket = ticket_seen_by(actor, ticket_id, queue_ids=queue_ids)
    # Both are small tables: the names of events, the panel and its choices all come from one reading.
    queues, categories = _QUEUES.all(), _CATEGORIES.all()
    has = parts_of(ticket.pk)
    custom_fields = fields_of(ticket) if has.fields else []
    return {
        **conversation(actor, ticket, queues=queues, categories=categories, custom_fields=custom_fields, at=at),
        **beside(actor, ticket, has, queue_ids=queue_ids, queues=queues, categories=categories, at=at),
        **writing(actor, ticket, at=at),
        "custom_fields": custom_fields,
    }


def conversation(
    actor: Actor,
    ticket: Ticket,
    *,
    queues: Sequence[Queue],
    categories: Sequence[Category],
    custom_fields: Sequence[Filled] = (),
    at: datetime,
) -> dict[str, Any]:
    """Give the timeline with its events in words, and the messages it begins and ends with."""
    family = family_with(ticket)
    entries = timeline(ticket, family)
    names = Names(
        users=_users(entries),
        queues={queue.pk: queue.name for queue in queues},
        categories={category.pk: category.name for category in categories},
        tags=_tags(entries),
        parties=_parties(entries),
        requesters=_requesters(entries),
        fields=field_names(ticket, entries, custom_fields),
    )
    messages = [entry.message for entry in entries if entry.message is not None]
    has_failed = any(entry.event is not None and entry.event.kind == "channels.message_not_delivered" for entry in entries)
    merges = standing_merges(family, user_id=actor.user_id) if len(family) > 1 else []
    by_mail = ChannelKind.EMAIL in {ticket.channel, *(one.ticket.channel for one in merges)}
    return {
        "ticket": ticket,
        "undelivered": why_not_delivered(family) if has_failed else {},
        "works": may_work(actor, ticket),
        "items": (items := items_of(entries, names=names, eyes=eyes_on(actor, ticket, messages))),
        "covered": sum(1 for item in items for file in item.files if file.cover is not None and file.cover.shows),
        "last_message_id": max((message.pk for message in messages), default=0),
        "first_message_id": min((message.pk for message in messages), default=0),
        "has_earlier": len(messages) >= MOST_MESSAGES and _has_before(family, messages),
        "family": family,
        "mentions": mentions_of(messages),
        "talk_choices": talk_choices(family) if len(family) > 1 else [],
        "merges": merges,
        "letters": letters_behind([message.pk for message in messages]) if by_mail else {},
        "may_unmerge": {one.ticket.pk for one in merges if may_undo_merge(actor, merged_at=one.at, at=at)},
        "goes_on_in": root_of(ticket.pk) if ticket.merged_into_id else 0,
        "solved_by": _solved_by(entries),
    }


def eyes_on(actor: Actor, ticket: Ticket, messages: Sequence[Message]) -> Eyes:
    """Say how careful to be with a ticket's files; one more query, and that only where there are files."""
    if not any(message.files for message in messages):
        return Eyes()
    strictness = strictness_of(actor.user_id)
    return Eyes(ticket.carefulness, strict=strictness.cover_all, in_gray=strictness.in_gray)


def beside(
    actor: Actor,
    ticket: Ticket,
    has: Parts,
    *,
    queue_ids: list[int],
    queues: Sequence[Queue],
    categories: Sequence[Category],
    at: datetime,
) -> dict[str, Any]:
    """Give what stands beside the conversation: fields, clocks, requester, promises, links, and what may be done."""
    questions = _QUESTIONS.all(ticket_id=ticket.pk) if has.questions else []
    return {
        "at": at,
        "queue_ids": queue_ids,
        "language_name": _language(ticket),
        "local_time": _local_time(ticket, at),
        "tomorrow": f"{timezone.localtime(at) + timedelta(days=1):%Y-%m-%dT09:00}",
        "link_words": tuple((kind, str(words)) for kind, words in LINKS.items() if kind != "split_from"),
        "link_closings": _choices(Link.Closing, translation.get_language() or ""),
        "harms": _choices(Ticket.Harm, translation.get_language() or ""),
        "link_words_all": LINKS,
        "link_words_back": LINKS_BACK,
        "reason_words": reason_words,
        "sleep": sleep_of(ticket),
        "clocks": shown_clocks(ticket.pk, at=at),
        "tags": [row.tag for row in _TAGS.all(ticket_id=ticket.pk)] if has.tags else [],
        "follow_ups": _follow_ups(ticket, any_here=has.follow_ups),
        "follow_up_outcomes": FollowUp.Outcome,
        "links": _links(ticket, queue_ids) if has.links else [],
        "moves": _moves(ticket),
        "hold_reasons": tuple((reason, str(reason_words(reason))) for reason in HOLD_REASONS),
        "is_ended": ticket.state in ENDED,
        "confirmation": _latest(questions, Question.Kind.CONFIRMATION),
        "rating": _latest(questions, Question.Kind.RATING),
        "assignees": assignees(actor, ticket, at=at),
        "queue_choices": queue_choices(actor, queues, ticket),
        "category_choices": category_choices(categories, ticket),
    }


@lru_cache(maxsize=64)
def _choices(of: type[Choices], _language: str) -> tuple[tuple[str, str], ...]:
    return tuple((str(value), str(label)) for value, label in of.choices)


def _users(entries: Sequence[Entry]) -> dict[int, str]:
    wanted: set[int] = {value for entry in entries for name in _USER_FIELDS if (value := getattr(entry.fact, name, None))}
    return dict(rows("SELECT id, name FROM people_user WHERE id = ANY(%s)", [list(wanted)])) if wanted else {}


def _tags(entries: Sequence[Entry]) -> dict[int, str]:
    wanted: set[int] = {value for entry in entries if (value := getattr(entry.fact, "tag_id", None))}
    return dict(rows("SELECT id, name FROM desk_tag WHERE id = ANY(%s)", [list(wanted)])) if wanted else {}


def _parties(entries: Sequence[Entry]) -> dict[int, str]:
    told = [entry for entry in entries if entry.event is not None and entry.event.kind.startswith("desk.side_")]
    wanted = {value for entry in told if (value := getattr(entry.fact, "conversation_id", None))}
    return dict(rows("SELECT id, party FROM desk_conversation WHERE id = ANY(%s)", [list(wanted)])) if wanted else {}


def _requesters(entries: Sequence[Entry]) -> dict[int, str]:
    told = [entry.fact for entry in entries if entry.event is not None and entry.event.kind.startswith("desk.participant_")]
    wanted = list({getattr(fact, "requester_id", 0) for fact in told})
    sql = "SELECT id, coalesce(nullif(name, ''), email, '') FROM people_requester WHERE id = ANY(%s)"
    return dict(rows(sql, [wanted])) if wanted else {}


def _has_before(family: Sequence[int], messages: Sequence[Message]) -> bool:
    return Message.objects.filter(shown_on(family), pk__lt=min(message.pk for message in messages)).exists()


def _solved_by(entries: Sequence[Entry]) -> str:
    said = [entry for entry in entries if entry.event is not None and entry.event.kind == "desk.ticket_solved"]
    return said[-1].who if said else ""


def _follow_ups(ticket: Ticket, *, any_here: bool) -> list[FollowUp]:
    """Give what was promised here and on what was merged into it: a promise stays on its ticket and is kept from here."""
    family = family_with(ticket)
    if len(family) == 1:
        return _FOLLOW_UPS.all(ticket_id=ticket.pk) if any_here else []
    found = FollowUp.objects.filter(ticket_id__in=family).select_related("owner")
    return list(found.order_by("done_at", "due_at", "id"))


def _latest(questions: Sequence[Question], kind: Question.Kind) -> Question | None:
    return next((question for question in reversed(questions) if question.kind == kind), None)


def _links(ticket: Ticket, queue_ids: list[int]) -> list[dict[str, Any]]:
    drawn = []
    for row in _LINKS.all(ticket_id=ticket.pk):
        back = row.to_ticket_id == ticket.pk
        other = row.from_ticket if back else row.to_ticket
        # Of a ticket out of sight not even the subject is shown.
        drawn.append({"id": row.pk, "kind": row.kind, "back": back, "other": other if other.queue_id in queue_ids else None})
    return drawn


def _moves(ticket: Ticket) -> tuple[Choice, ...]:
    allowed = {state.value for state in moves_from(State(ticket.state))} - {State.NEW.value}
    return tuple(Choice(row.pk, row.name, row.state) for row in _STATUSES.all() if row.state in allowed)


def _language(ticket: Ticket) -> str:
    spoken = ticket.requester.language or ticket.language
    try:
        return str(Locale.parse(translation.to_locale(spoken)).get_display_name(locale()) or spoken) if spoken else ""
    except (UnknownLocaleError, ValueError):
        return spoken


def _local_time(ticket: Ticket, at: datetime) -> str:
    """Say what time it is where the requester is: an answer at night is read in the morning."""
    zone = ticket.requester.time_zone
    try:
        return f"{format_time(at.astimezone(ZoneInfo(zone)), 'short', locale=locale())} ({zone})" if zone else ""
    except (ZoneInfoNotFoundError, ValueError):
        return zone
