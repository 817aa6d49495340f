"""What the desk says: replies to the requester, notes among ourselves."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.errors import Conflict, Invalid
from steward.desk.actions.assignment import take_over
from steward.desk.actions.filing import StoredFile
from steward.desk.actions.filling import refuse_placeholders
from steward.desk.actions.lifecycle import check_state, never_new_again, set_state
from steward.desk.actions.locking import lock_for_work
from steward.desk.actions.naming import name_people
from steward.desk.actions.watching import How, start_watching
from steward.desk.actions.writing import clean_body, sent_before, write_message
from steward.desk.models import Conversation, HeldReply, Message, Ticket
from steward.desk.queries.family import family_of
from steward.desk.queries.joined import talk_on
from steward.desk.rules.states import State
from steward.people.actor import Actor


class NewerMessages(Conflict):
    """Somebody wrote on this ticket after the page was drawn; the text is still in the box."""

    code = "newer_messages"


def reply(  # noqa: PLR0913 -- a reply carries that many independent choices
    *,
    ticket_id: int,
    body: str,
    then: State | None = None,
    reason: str = "",
    files: Sequence[StoredFile] = (),
    client_token: str = "",
    to: Sequence[int] = (),
    seen_message_id: int | None = None,
    anyway: bool = False,
    by: Actor,
    at: datetime,
) -> Message:
    """Answer the requester, and in the same step set the ticket to `then`.

    `to` names conversations where there are several, after a merge or with somebody asked along; each is told the same.

    A new ticket becomes open and the first who answers owns it. Raises `NewerMessages` when something was
    said after `seen_message_id`, unless `anyway`; the same `client_token` gives the message already sent.
    """
    with transaction.atomic():
        ticket = lock_for_work(ticket_id, by)
        repeated = sent_before(ticket.pk, client_token=client_token, by=by)
        if repeated is not None:
            return repeated
        if seen_message_id is not None and not anyway:
            refuse_unread(ticket, seen_message_id, by=by)
        refuse_placeholders(body)
        # What a rule sends, no person wrote: it answers nobody, and takes no ticket up.
        automatic = not by.is_somebody
        message = _say(ticket, _talks(ticket, to), body, automatic=automatic, files=files, client_token=client_token, by=by, at=at)
        take_over(ticket, by=by, at=at)
        # Its owner hears of it anyhow; a colleague who steps in wants to hear what comes of it.
        if not automatic and by.user_id not in {None, ticket.assignee_id}:
            start_watching(ticket, [by.user_id or 0], how=How.REPLY, by=by, at=at)
        if then is not None and (then != State(ticket.state) or then == State.ON_HOLD):
            set_state(ticket, state=then, reason=reason, by=by, at=at)
        elif State(ticket.state) == State.NEW and not automatic:
            set_state(ticket, state=State.OPEN, by=by, at=at)
        return message


def check_reply(
    ticket: Ticket,
    *,
    body: str,
    then: State | None = None,
    reason: str = "",
    has_files: bool = False,
    to: Sequence[int] = (),
    seen_message_id: int | None = None,
    by: Actor,
) -> None:
    """Raise what `reply` on a locked ticket would be refused with, without writing anything."""
    if seen_message_id is not None:
        refuse_unread(ticket, seen_message_id, by=by)
    refuse_placeholders(body)
    clean_body(body, has_files=has_files)
    _talks(ticket, to)
    if then == State.NEW:
        raise never_new_again()
    if then is not None and (then != State(ticket.state) or then == State.ON_HOLD):
        check_state(ticket, state=then, reason=reason)


def _talks(ticket: Ticket, to: Sequence[int]) -> list[Conversation | None]:
    """Find the conversations to answer in among those of the ticket and what was merged into it; none chosen, its own."""
    if not to:
        return [None]
    family = family_of(ticket.pk)
    found = [talk_on(family, pk) for pk in dict.fromkeys(to)]
    if None in found:
        raise Invalid(
            _("One of these conversations is no longer on #%(number)s. Nothing was sent.") % {"number": ticket.pk},
            field="to",
            hint=_("Reload the page and choose again whom you answer."),
        )
    return [*found]


def _say(
    ticket: Ticket,
    talks: Sequence[Conversation | None],
    body: str,
    *,
    automatic: bool,
    files: Sequence[StoredFile],
    client_token: str,
    by: Actor,
    at: datetime,
) -> Message:
    said = [
        write_message(
            ticket,
            body=body,
            automatic=automatic,
            files=files,
            conversation=talk,
            # The first carries the token by which a repeated request is known; the others go with it.
            client_token=client_token if number == 0 else "",
            by=by,
            at=at,
        )
        for number, talk in enumerate(talks)
    ]
    return said[0]


def refuse_unread(ticket: Ticket, seen_message_id: int, *, by: Actor) -> None:
    """Raise `NewerMessages` when something was said on a locked ticket after the message seen, or a colleague is about to."""
    newer = (
        Message.objects.filter(ticket=ticket, kind=Message.Kind.MESSAGE, pk__gt=seen_message_id, automatic=False)
        .select_related("author_user", "requester")
        .order_by("-id")
        .first()
    )
    if newer is not None:
        writer = newer.author_user or newer.requester
        raise NewerMessages(
            _("%(name)s wrote while you were typing. Your text is kept.")
            % {"name": (writer.name if writer else "") or _("Somebody")},
            field="body",
            theirs=newer.body[:500],
            hint=_("Read it, then send again to send anyway."),
        )
    waiting = HeldReply.objects.filter(ticket=ticket, released_at=None, taken_back_at=None, is_scheduled=False)
    about_to = waiting.exclude(author_id=by.user_id).select_related("author").order_by("-id").first()
    if about_to is not None:
        raise NewerMessages(
            _("%(name)s is sending a reply right now. Your text is kept.") % {"name": about_to.author.name},
            field="body",
            theirs=about_to.body[:500],
            hint=_("Read it, then send again to send anyway."),
        )


def add_note(
    *,
    ticket_id: int,
    body: str,
    files: Sequence[StoredFile] = (),
    client_token: str = "",
    by: Actor,
    at: datetime,
) -> Message:
    """Write an internal note; it is never delivered and moves no clock."""
    with transaction.atomic():
        ticket = lock_for_work(ticket_id, by)
        repeated = sent_before(ticket.pk, client_token=client_token, by=by)
        if repeated is not None:
            return repeated
        note = write_message(
            ticket,
            body=body,
            kind=Message.Kind.NOTE,
            files=files,
            client_token=client_token,
            by=by,
            at=at,
        )
        name_people(ticket, note, by=by, at=at)
        return note
