"""Asking somebody besides the requester: its own thread inside the ticket, which the requester never sees."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.errors import Conflict
from steward.core.text import clean, one_line
from steward.desk.actions.filing import StoredFile
from steward.desk.actions.locking import lock, lock_for_work, lock_merged_or_not, touch
from steward.desk.actions.writing import clean_token, sent_before, write_message
from steward.desk.facts.structure import (
    SideConversationEnded,
    SideConversationReopened,
    SideConversationStarted,
    SideLinkRenewed,
)
from steward.desk.models import Conversation, Message, Ticket
from steward.desk.notice_kinds import ASIDE
from steward.desk.queries.access import only_those_who_see
from steward.ledger.actions.recording import record
from steward.people.actions import notify
from steward.people.actor import Actor, ActorKind
from steward.people.models import Team
from steward.people.queries import members_of

LONGEST_PARTY, LONGEST_TOPIC = 200, 200
GUEST_CHANNEL = "guest"


def guest(conversation: Conversation, *, request_id: str = "") -> Actor:
    """Give whoever holds a guest's link as actor: they may answer in that conversation, and nothing else."""
    return Actor(kind=ActorKind.GUEST, name=conversation.party, cause=f"aside:{conversation.pk}", request_id=request_id)


def start_aside(  # noqa: PLR0913 -- what is asked, of whom, and how, are independent
    *,
    ticket_id: int,
    topic: str,
    body: str,
    party: str = "",
    address: str = "",
    team: Team | None = None,
    files: Sequence[StoredFile] = (),
    client_token: str = "",
    by: Actor,
    at: datetime,
) -> Conversation:
    """Ask a team of this desk, or a third party by name and address, about a ticket; the same token starts it once."""
    topic = one_line(clean(topic, max_length=10_000, field="topic"), max_length=LONGEST_TOPIC)
    party = team.name if team else one_line(clean(party, max_length=10_000, field="party"), max_length=LONGEST_PARTY)
    address = "" if team else clean(address, max_length=LONGEST_PARTY, field="address", required=False)
    with transaction.atomic():
        ticket = lock_for_work(ticket_id, by)
        repeated = sent_before(ticket.pk, client_token=client_token, by=by)
        if repeated is not None:
            return repeated.conversation
        conversation = Conversation.objects.create(
            ticket=ticket,
            kind=Conversation.Kind.SIDE,
            channel=GUEST_CHANNEL,
            topic=topic,
            party=party,
            address=address,
            team=team,
            created_at=at,
        )
        record(
            SideConversationStarted(ticket_id=ticket.pk, conversation_id=conversation.pk, team_id=team.pk if team else None),
            by=by,
            at=at,
        )
        _write(ticket, conversation, body, files=files, client_token=client_token, by=by, at=at)
        return conversation


def say_aside(
    *,
    conversation_id: int,
    body: str,
    files: Sequence[StoredFile] = (),
    client_token: str = "",
    by: Actor,
    at: datetime,
) -> Message:
    """Write to the third party, in the ticket's name; nothing of it reaches the requester, and no clock moves."""
    with transaction.atomic():
        conversation, ticket = _locked(conversation_id, by)
        repeated = sent_before(ticket.pk, client_token=client_token, by=by)
        if repeated is not None:
            return repeated
        _refuse_ended(conversation)
        return _write(ticket, conversation, body, files=files, client_token=client_token, by=by, at=at)


def answer_aside(*, conversation_id: int, body: str, client_token: str = "", by: Actor, at: datetime) -> Message:
    """Take in what the third party, or somebody of the team asked, answers; whoever wrote last is told.

    The caller has found the conversation by the guest's link or by the team.
    """
    with transaction.atomic():
        found = Conversation.objects.select_related("team").get(pk=conversation_id)
        ticket = lock(found.ticket_id)
        repeated = sent_before(ticket.pk, client_token=client_token, by=by)
        if repeated is not None:
            return repeated
        conversation = Conversation.objects.get(pk=conversation_id)
        _refuse_ended(conversation)
        message = write_message(
            ticket,
            body=body,
            kind=Message.Kind.SIDE,
            conversation=conversation,
            client_token=clean_token(client_token),
            from_outside=True,
            by=by,
            at=at,
        )
        asked = Message.objects.filter(conversation=conversation, author_kind=ActorKind.AGENT).exclude(author_user_id=by.user_id)
        asker = asked.order_by("-id").values_list("author_user_id", flat=True).first()
        _tell(ticket, [asker, ticket.assignee_id], conversation, by=by, at=at)
        return message


def end_aside(*, conversation_id: int, by: Actor, at: datetime) -> None:
    """End a side conversation: its link takes no more answers; a second time is no error."""
    with transaction.atomic():
        conversation, ticket = _locked(conversation_id, by)
        if conversation.ended_at is None:
            conversation.ended_at = at
            conversation.save(update_fields=["ended_at"])
            touch(ticket, at)
            record(SideConversationEnded(ticket_id=ticket.pk, conversation_id=conversation.pk), by=by, at=at)


def reopen_aside(*, conversation_id: int, by: Actor, at: datetime) -> None:
    """Take an ended side conversation up again."""
    with transaction.atomic():
        conversation, ticket = _locked(conversation_id, by)
        if conversation.ended_at is not None:
            conversation.ended_at = None
            conversation.save(update_fields=["ended_at"])
            touch(ticket, at)
            record(SideConversationReopened(ticket_id=ticket.pk, conversation_id=conversation.pk), by=by, at=at)


def renew_link(*, conversation_id: int, by: Actor, at: datetime) -> Conversation:
    """Make the links given out so far useless; the conversation has a new one."""
    with transaction.atomic():
        conversation, ticket = _locked(conversation_id, by)
        conversation.link_version += 1
        conversation.save(update_fields=["link_version"])
        record(SideLinkRenewed(ticket_id=ticket.pk, conversation_id=conversation.pk), by=by, at=at)
        return conversation


def _locked(conversation_id: int, by: Actor) -> tuple[Conversation, Ticket]:
    found = Conversation.objects.filter(pk=conversation_id, kind=Conversation.Kind.SIDE).values_list("ticket_id", flat=True).first()
    # A merged ticket's side conversations go on: they are shown on the target.
    ticket = lock_merged_or_not(found or 0, by)
    return Conversation.objects.select_related("team").get(pk=conversation_id), ticket


def _refuse_ended(conversation: Conversation) -> None:
    if conversation.ended_at is not None:
        hint = _("Ask whoever sent you the link to take it up.")
        raise Conflict(_("This conversation was ended. Your text is kept."), field="body", hint=hint)


def _write(
    ticket: Ticket,
    conversation: Conversation,
    body: str,
    *,
    files: Sequence[StoredFile],
    client_token: str,
    by: Actor,
    at: datetime,
) -> Message:
    message = write_message(
        ticket,
        body=body,
        kind=Message.Kind.SIDE,
        conversation=conversation,
        files=files,
        client_token=client_token,
        by=by,
        at=at,
    )
    if conversation.team_id is not None:
        members = [pk for pk in members_of(conversation.team_id).values_list("id", flat=True) if pk != by.user_id]
        # They may not see the ticket: the notice names the conversation alone.
        notify(user_ids=members, kind=ASIDE, data={"conversation_id": conversation.pk}, by=by, at=at)
    return message


def _tell(ticket: Ticket, user_ids: list[int | None], conversation: Conversation, *, by: Actor, at: datetime) -> None:
    seeing = only_those_who_see([pk for pk in dict.fromkeys(user_ids) if pk and pk != by.user_id], queue=ticket.queue)
    data = {"conversation_id": conversation.pk}
    notify(user_ids=seeing, kind=ASIDE, ticket_id=ticket.pk, queue_id=ticket.queue_id, data=data, by=by, at=at)
