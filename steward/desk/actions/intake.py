"""Taking in what requesters say: a first message becomes a ticket, a further one finds its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from steward.core.errors import Invalid
from steward.core.prepared import Prepared
from steward.core.text import clean, is_blank, one_line
from steward.desk.actions.assignment import give
from steward.desk.actions.confirming import ask_for_rating
from steward.desk.actions.field_values import fill_at_opening
from steward.desk.actions.filing import StoredFile
from steward.desk.actions.lifecycle import close_with, move, reopen
from steward.desk.actions.linking import join
from steward.desk.actions.locking import default_status, lock_where_it_goes_on, touch
from steward.desk.actions.searching import index_new
from steward.desk.actions.waking import end_snooze
from steward.desk.actions.writing import (
    LONGEST_SUBJECT,
    clean_body,
    clean_token,
    conversation_of,
    sent_before,
    write_message,
)
from steward.desk.facts.ticket import FixConfirmed, TicketOpened
from steward.desk.models import Category, Conversation, Link, Message, Queue, Snooze, Ticket
from steward.desk.permissions import may_open_for_others
from steward.desk.rules.fields import Value
from steward.desk.rules.replies import Meaning, meaning_of
from steward.desk.rules.states import Outcome, Priority, State
from steward.ledger.actions.recording import record
from steward.people.actor import Actor, ActorKind
from steward.people.models import Requester
from steward.people.permissions import require
from steward.roster.queries.duty import is_on_duty

LONGEST_CODE = 200


@dataclass(frozen=True)
class Origin:
    """Where a ticket came from: the channel, and for imports the source and its id there."""

    channel: str
    source: str = ""
    external_id: str = ""
    language: str = ""


def open_ticket(  # noqa: PLR0913 -- a ticket starts with that many independent values
    *,
    requester: Requester,
    subject: str,
    body: str,
    origin: Origin,
    queue: Queue | None = None,
    category: Category | None = None,
    priority: int = Priority.NORMAL,
    client_token: str = "",
    files: Sequence[StoredFile] = (),
    fields: Mapping[int, Value] | None = None,
    by: Actor,
    at: datetime,
) -> Ticket:
    """Open a ticket with its first message; the same `client_token` or external id gives the same ticket.

    An empty subject is taken from the body's first line; without a queue it waits in the desk's first one.
    `fields` are the answers of the category's form, None where there was no form to fill.
    """
    _check_opener(requester, by)
    queue = queue or first_queue()
    _check_queue(queue, by)
    return _open(
        Opening(
            requester=requester,
            subject=subject,
            body=body,
            origin=origin,
            queue=queue,
            category=category,
            priority=priority,
            client_token=client_token,
            files=tuple(files),
            fields=fields,
        ),
        by=by,
        at=at,
    )


@dataclass(frozen=True)
class Opening:
    """All that a ticket starts with."""

    requester: Requester
    subject: str
    body: str
    origin: Origin
    queue: Queue
    category: Category | None
    priority: int
    client_token: str
    files: tuple[StoredFile, ...]
    fields: Mapping[int, Value] | None = None


def _open(opening: Opening, *, by: Actor, at: datetime) -> Ticket:
    requester, origin, files = opening.requester, _clean_origin(opening.origin), opening.files
    body = clean_body(opening.body, has_files=bool(files))
    subject = _subject(opening.subject, body, files)
    client_token = clean_token(opening.client_token)
    if opening.priority not in Ticket.Priority.values:
        raise Invalid(_("There is no such priority."), field="priority")
    # A file that is imported again would burn a number for each row it repeats.
    existing = _opened_before(requester, client_token="", origin=origin)
    if existing is not None:
        return existing
    status = default_status(State.NEW)
    try:
        with transaction.atomic():
            ticket = Ticket.objects.create(
                subject=subject,
                requester=requester,
                queue=opening.queue,
                status=status,
                state=status.state,
                priority=opening.priority,
                category=opening.category,
                channel=origin.channel,
                language=origin.language or requester.language,
                source=origin.source,
                external_id=origin.external_id,
                client_token=client_token,
                created_at=at,
                updated_at=at,
                last_message_at=at,
                last_requester_message_at=at,
            )
            conversation = record_opening(ticket, by_agent=by.kind == ActorKind.AGENT, by=by, at=at)
            index_new(ticket, subject, body, *(file.name for file in files), requester.name, requester.email or "")
            write_message(
                ticket,
                body=body,
                files=files,
                client_token=client_token,
                conversation=conversation,
                index=False,
                from_requester=True,
                by=_speaker(requester, by),
                at=at,
            )
            fill_at_opening(ticket, opening.fields, by=by, at=at)
            return ticket
    except IntegrityError:
        existing = _opened_before(requester, client_token=client_token, origin=origin)
        if existing is None:
            raise
        return existing


def _check_opener(requester: Requester, by: Actor) -> None:
    own = by.kind == ActorKind.REQUESTER and by.requester_id == requester.pk
    require(own or may_open_for_others(by), _("You may open tickets in your own name only."))


def _check_queue(queue: Queue, by: Actor) -> None:
    if not queue.is_active:
        raise Invalid(_("This queue is closed."), field="queue", hint=_("Choose another one."))
    if by.kind == ActorKind.REQUESTER and queue.purpose != Queue.Purpose.SUPPORT:
        raise Invalid(_("This queue takes no requests."), field="queue", hint=_("Choose another one."))


def _clean_origin(origin: Origin) -> Origin:
    return Origin(
        channel=clean(origin.channel, max_length=LONGEST_CODE, field="channel"),
        source=clean(origin.source, max_length=LONGEST_CODE, field="source", required=False),
        external_id=clean(origin.external_id, max_length=LONGEST_CODE, field="external_id", required=False),
        language=clean(origin.language, max_length=LONGEST_CODE, field="language", required=False),
    )


def _speaker(requester: Requester, by: Actor) -> Actor:
    """The first message is the requester's own word, whoever typed it in."""
    if by.kind in {ActorKind.REQUESTER, ActorKind.IMPORT, ActorKind.SYNC}:
        return by
    return Actor(
        kind=ActorKind.REQUESTER,
        id=requester.pk,
        requester_id=requester.pk,
        cause=by.cause or (f"typed:{by.user_id}" if by.user_id else ""),
        request_id=by.request_id,
    )


def _subject(subject: str, body: str, files: Sequence[StoredFile]) -> str:
    subject = clean(subject, max_length=100_000, field="subject", required=False)
    if is_blank(subject):
        first = next((line for line in body.splitlines() if not is_blank(line)), "")
        subject = first or (files[0].name if files else "")
    return one_line(subject, max_length=LONGEST_SUBJECT)


_FIRST_QUEUE = Prepared(
    lambda: Queue.objects.filter(is_active=True, restricted=False, purpose=Queue.Purpose.SUPPORT).order_by("position", "id")[:1]
)


def first_queue() -> Queue:
    """Give the queue that takes what nobody sent elsewhere; raises `Invalid` on a desk without one."""
    queue = _FIRST_QUEUE.first()
    if queue is None:
        raise Invalid(_("This desk has no queue yet."), hint=_("An admin makes one under Settings, Queues."))
    return queue


def record_opening(ticket: Ticket, *, by_agent: bool, by: Actor, at: datetime) -> Conversation:
    """Give a ticket just made its first conversation, and tell of it; `by_agent` says that nobody waits for a first answer."""
    conversation = Conversation.objects.create(
        ticket=ticket,
        channel=ticket.channel,
        requester_id=ticket.requester_id,
        created_at=at,
    )
    record(
        TicketOpened(
            ticket_id=ticket.pk,
            requester_id=ticket.requester_id,
            queue_id=ticket.queue_id,
            status_id=ticket.status_id,
            state=ticket.state,
            priority=ticket.priority,
            category_id=ticket.category_id,
            channel=ticket.channel,
            source=ticket.source,
            by_agent=by_agent,
        ),
        by=by,
        at=at,
    )
    return conversation


def _opened_before(requester: Requester, *, client_token: str, origin: Origin) -> Ticket | None:
    if client_token:
        found = Ticket.objects.filter(requester=requester, client_token=client_token).first()
        if found is not None:
            return found
    if origin.external_id:
        return Ticket.objects.filter(source=origin.source, external_id=origin.external_id).first()
    return None


def receive_message(
    *,
    ticket_id: int,
    body: str,
    client_token: str = "",
    files: Sequence[StoredFile] = (),
    by: Actor,
    at: datetime,
) -> Message:
    """Take in what a requester says on a ticket, and let it mean what it means.

    It continues a ticket that is worked, reopens one that is solved or closed, confirms when it is
    nothing but thanks, and opens a new, linked ticket when the old one was closed too long ago, once:
    what comes after it goes on there. What is said on a merged ticket is said, in its own conversation, on the
    ticket it was merged into; thanks from somebody else than that one's requester confirm nothing.
    """
    with transaction.atomic():
        ticket, spoken_on = lock_where_it_goes_on(ticket_id, by)
        # Somebody asked along speaks for themselves; a channel or import for the ticket's requester.
        speaker_id = by.requester_id if by.kind == ActorKind.REQUESTER and by.requester_id else spoken_on.requester_id
        for asked_on in dict.fromkeys((ticket.pk, ticket_id)):
            repeated = sent_before(asked_on, client_token=client_token, from_requester=True, by=by)
            if repeated is not None:
                return repeated
        meaning = meaning_of(
            state=State(ticket.state),
            body=body,
            has_files=bool(files),
            closed_at=ticket.closed_at,
            reopen_for=ticket.queue.reopen_for,
            at=at,
        )
        if meaning == Meaning.FOLLOW_UP:
            follower = _followed_by(ticket, speaker_id)
            if follower is not None:
                return receive_message(ticket_id=follower, body=body, client_token=client_token, files=files, by=by, at=at)
            return _continue_on_new_ticket(
                ticket,
                spoken_on=spoken_on,
                requester_id=speaker_id,
                body=body,
                client_token=client_token,
                files=files,
                by=by,
                at=at,
            )
        message = write_message(
            ticket,
            body=body,
            files=files,
            client_token=client_token,
            conversation=conversation_of(spoken_on, at, requester_id=speaker_id),
            from_requester=True,
            by=by,
            at=at,
        )
        if meaning != Meaning.CONFIRM or speaker_id == ticket.requester_id:
            _take_effect(ticket, meaning, by=by, at=at)
        if ticket.snoozing == Ticket.Snoozing.ASLEEP:
            end_snooze(ticket, ended_as=Snooze.Ended.REPLY, by=by, at=at)
            touch(ticket, at, "snoozing")
        return message


def _take_effect(ticket: Ticket, meaning: Meaning, *, by: Actor, at: datetime) -> None:
    if meaning == Meaning.CONTINUE and ticket.state in {State.PENDING, State.ON_HOLD}:
        move(ticket, to=default_status(State.OPEN), by=by, at=at)
    elif meaning == Meaning.CONFIRM:
        confirm(ticket, question_id=None, by=by, at=at)
    elif meaning == Meaning.REOPEN:
        reopen(ticket, why="reply", by=by, at=at)
        hand_back_if_off_duty(ticket, by=by, at=at)


def confirm(ticket: Ticket, *, question_id: int | None, by: Actor, at: datetime) -> None:
    """Take the requester's word that a locked ticket is fixed: it closes as confirmed, whenever the word came."""
    from_open_question = ticket.question_set.filter(kind="confirmation", answered_at=None, withdrawn_at=None)
    for question in from_open_question:
        question.answer, question.answered_at = "yes", at
        question.save(update_fields=["answer", "answered_at"])
        question_id = question_id or question.pk
    if ticket.confirmed_at is not None:
        return
    ticket.confirmed_at = at
    record(FixConfirmed(ticket_id=ticket.pk, question_id=question_id), by=by, at=at)
    if ticket.state == State.CLOSED:
        ticket.outcome = Outcome.CONFIRMED.value
        touch(ticket, at, "confirmed_at", "outcome")
    else:
        ticket.timer_set.filter(done_at=None, cancelled_at=None).update(cancelled_at=at)
        touch(ticket, at, "confirmed_at")
        close_with(ticket, outcome=Outcome.CONFIRMED, by=by, at=at)
    ask_for_rating(ticket, at=at)


def hand_back_if_off_duty(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Give a reopened ticket back to its queue when its owner is not on shift, so that somebody awake sees it."""
    if ticket.assignee_id is None or is_on_duty(ticket.assignee_id, at):
        return
    give(ticket, to=None, how="handback", by=by, at=at)


def _followed_by(old: Ticket, requester_id: int) -> int | None:
    links = Link.objects.filter(to_ticket=old, kind=Link.Kind.FOLLOW_UP, removed_at=None)
    links = links.exclude(from_ticket__state=State.CLOSED.value).filter(from_ticket__requester_id=requester_id)
    return links.order_by("-from_ticket_id").values_list("from_ticket_id", flat=True).first()


def _queue_to_go_on_in(old: Ticket) -> Queue:
    # What was restricted stays so, even where its queue was closed since: those named on it still see it.
    if old.queue.restricted or (old.queue.is_active and old.queue.purpose == Queue.Purpose.SUPPORT):
        return old.queue
    return first_queue()


def _continue_on_new_ticket(
    old: Ticket,
    *,
    spoken_on: Ticket,
    requester_id: int,
    body: str,
    client_token: str,
    files: Sequence[StoredFile],
    by: Actor,
    at: datetime,
) -> Message:
    new = _open(
        Opening(
            requester=Requester.objects.get(pk=requester_id),
            subject=spoken_on.subject,
            body=body,
            origin=Origin(channel=spoken_on.channel, language=spoken_on.language),
            queue=_queue_to_go_on_in(old),
            category=old.category,
            priority=old.priority,
            client_token=client_token,
            files=tuple(files),
        ),
        by=by,
        at=at,
    )
    join(new, old, kind=Link.Kind.FOLLOW_UP, by=by, at=at)
    return Message.objects.filter(ticket=new).order_by("id").earliest("id")
