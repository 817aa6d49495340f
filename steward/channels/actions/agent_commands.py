"""What an agent can do from a triage thread, through the same actions as on the screens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from steward.channels.actions.outbox import tell
from steward.channels.contract import Account, Wrote
from steward.channels.models import ChannelThread
from steward.channels.rules.commands import Command, span_and_words
from steward.channels.rules.raw import digest_of
from steward.core.errors import DomainError, Invalid
from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.changing import transfer_ticket
from steward.desk.actions.filing import StoredFile
from steward.desk.actions.following_up import add_follow_up
from steward.desk.actions.lifecycle import change_status, solve_ticket
from steward.desk.actions.locking import lock_in_sight
from steward.desk.actions.replies import reply
from steward.desk.models import Queue, Ticket
from steward.desk.queries.access import visible_queue_ids
from steward.desk.rules.states import ENDED, State
from steward.people.actor import Actor
from steward.people.models import User

DEFAULT_SPAN = 24 * 60


@dataclass(frozen=True)
class _Asked:
    """A command with all that obeying it takes."""

    ticket_id: int
    rest: str
    token: str
    files: Sequence[StoredFile]
    by: Actor
    at: datetime


def obey(
    account: Account,
    command: Command,
    thread: ChannelThread,
    said: Wrote,
    *,
    files: Sequence[StoredFile],
    by: Actor,
    at: datetime,
) -> int | None:
    """Do what an agent asks for and say what came of it, also why not; give the message it became, where it became one."""
    token = f"c{account.channel_id}:{digest_of(said.vendor_id)}"
    asked = _Asked(thread.triage_of_id or 0, command.rest, token, files, by, at)
    message_id: int | None = None
    try:
        with transaction.atomic():
            # Whoever sees the room sees the thread; what was moved out of their sight since seems not to exist.
            lock_in_sight(asked.ticket_id, by)
            if command.name == "reply":
                sent = reply(ticket_id=asked.ticket_id, body=command.rest, files=files, client_token=token, by=by, at=at)
                message_id, words = sent.pk, _("Sent to the requester.")
            else:
                words = _COMMANDS[command.name](asked)
    except DomainError as error:
        words = " ".join(part for part in (error.message, error.hint) if part)
    tell(channel_id=account.channel_id, place=said.place, text=words, key=f"obeyed:{digest_of(said.vendor_id)}", at=at)
    return message_id


def _take(asked: _Asked) -> str:
    user = User.objects.get(pk=asked.by.user_id)
    assign_ticket(ticket_id=asked.ticket_id, to=user, by=asked.by, at=asked.at)
    return _("#%(number)s is yours.") % {"number": asked.ticket_id}


def _pending(asked: _Asked) -> str:
    _say(asked)
    change_status(ticket_id=asked.ticket_id, state=State.PENDING, by=asked.by, at=asked.at)
    return _("#%(number)s waits for the requester.") % {"number": asked.ticket_id}


def _solve(asked: _Asked) -> str:
    _say(asked)
    solve_ticket(ticket_id=asked.ticket_id, by=asked.by, at=asked.at)
    return _("#%(number)s is solved; the requester is asked whether it is.") % {"number": asked.ticket_id}


def _say(asked: _Asked) -> None:
    if asked.rest or asked.files:
        reply(
            ticket_id=asked.ticket_id,
            body=asked.rest,
            files=asked.files,
            client_token=asked.token,
            by=asked.by,
            at=asked.at,
        )


def _queue(asked: _Asked) -> str:
    name, _colon, reason = asked.rest.partition(":")
    seen = Queue.objects.filter(pk__in=visible_queue_ids(asked.by), is_active=True)
    queue = seen.filter(name__iexact=name.strip()).first()
    if queue is None:
        names = ", ".join(seen.order_by("position", "id").values_list("name", flat=True))
        raise Invalid(_("There is no queue of that name."), hint=_("There are: %(names)s.") % {"names": names})
    transfer_ticket(ticket_id=asked.ticket_id, queue_id=queue.pk, reason=reason.strip(), by=asked.by, at=asked.at)
    return _("#%(number)s was handed to %(queue)s.") % {"number": asked.ticket_id, "queue": queue.name}


def _follow_up(asked: _Asked) -> str:
    minutes, words = span_and_words(asked.rest) or (DEFAULT_SPAN, asked.rest)
    due_at = asked.at + timedelta(minutes=minutes)
    owner = User.objects.get(pk=asked.by.user_id)
    add_follow_up(ticket_id=asked.ticket_id, owner=owner, what=words, due_at=due_at, by=asked.by, at=asked.at)
    return _("Noted for you: follow up on #%(number)s.") % {"number": asked.ticket_id}


def _status(asked: _Asked) -> str:
    ticket = Ticket.objects.select_related("status", "queue", "assignee").get(pk=asked.ticket_id)
    owner = ticket.assignee.name if ticket.assignee is not None else _("nobody")
    return f"#{ticket.pk} · {ticket.status.name} · {ticket.queue.name} · {owner}"


def _mine(asked: _Asked) -> str:
    mine = Ticket.objects.filter(assignee_id=asked.by.user_id).exclude(state__in=[state.value for state in ENDED])
    mine = mine.filter(queue_id__in=visible_queue_ids(asked.by))
    lines = [f"#{ticket.pk} · {ticket.subject}" for ticket in mine.order_by("due_at", "id")[:20]]
    return "\n".join(lines) or _("Nothing is assigned to you.")


def _help(_asked: _Asked) -> str:
    return _(
        "What you write here is an internal note. /reply … answers the requester; /take, /pending …, /solve …, "
        "/queue NAME: reason, /follow-up 2h what, /status, /mine do what they say."
    )


_COMMANDS: dict[str, Callable[[_Asked], str]] = {
    "take": _take,
    "pending": _pending,
    "solve": _solve,
    "resolve": _solve,
    "queue": _queue,
    "follow-up": _follow_up,
    "status": _status,
    "mine": _mine,
    "help": _help,
}
