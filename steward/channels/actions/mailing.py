"""Telling a requester who is not looking that an answer waits."""

from datetime import datetime
from email.utils import formatdate
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from steward.channels.facts import RequesterMailed
from steward.channels.models import Delivery
from steward.channels.queries.accounts import thread_of
from steward.channels.queries.deliveries import here_at, mailed_at, tickets_with_unread
from steward.channels.queries.widget import newest_address
from steward.channels.rules.kinds import ChannelKind
from steward.channels.rules.notices import PATIENCE, mail_is_due
from steward.core.deferring import defer
from steward.core.text import one_line
from steward.desk.actions.participants import keep_mailed
from steward.desk.models import Conversation, Message, Ticket
from steward.desk.queries.participants import participants_of
from steward.ledger.actions.recording import record
from steward.people.actor import system
from steward.people.queries.links import mail_is_set_up

MAILING = system("channels.mail")
LONGEST_PREVIEW = 600


def plan_mails(*, at: datetime, most: int = 200) -> int:
    """Decide which requesters are told by mail that an answer waits; give how many.

    One mail for each burst of a conversation; nothing on a desk that sends no mail.
    """
    if not mail_is_set_up():
        return 0
    return sum(_plan(ticket_id, at=at) for ticket_id in tickets_with_unread(at=at, most=most))


def _plan(ticket_id: int, *, at: datetime) -> bool:
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket_id)
        found = Delivery.objects.select_for_update(of=("self",)).select_related("message__conversation__requester")
        waiting = found.filter(ticket=ticket, state=Delivery.State.SENT, mailed_at=None).order_by("id")
        # After a merge, answers to several people stand on one ticket: each is told of their own.
        theirs: dict[int, list[Delivery]] = {}
        for delivery in waiting:
            theirs.setdefault(delivery.message.conversation.requester_id or 0, []).append(delivery)
        return sum(_plan_for(ticket, requester_id, mine, at=at) for requester_id, mine in theirs.items()) > 0


def _plan_for(ticket: Ticket, requester_id: int, waiting: list[Delivery], *, at: datetime) -> bool:
    requester = waiting[0].message.conversation.requester
    if requester is None or not mail_is_due(
        waiting_since=min(delivery.sent_at or at for delivery in waiting),
        mailed_at=mailed_at(ticket.pk, requester_id=requester_id),
        here_at=here_at(ticket, requester_id=requester_id),
        at=at,
    ):
        return False
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in waiting]).update(mailed_at=at)
    if not requester.email:
        return False
    newest = waiting[-1]
    record(RequesterMailed(ticket_id=ticket.pk, message_id=newest.message_id), by=MAILING, at=at)
    defer("channels.mail_notice", delivery_id=newest.pk)
    return True


def mail_notice(*, delivery_id: int) -> bool:
    """Send the mail that an answer waits; False says that the requester has looked in the meantime.

    After a crash it may go out twice; both have one Message-ID, by which mail programs show one.
    """
    delivery = Delivery.objects.select_related(
        "message__author_user", "message__conversation__requester", "message__conversation__ticket__queue"
    ).get(pk=delivery_id)
    requester, asked_on = delivery.message.conversation.requester, delivery.message.conversation.ticket
    if delivery.state == Delivery.State.SEEN or requester is None or not requester.email:
        return False
    with translation.override(requester.language or settings.DESK_LANGUAGE):
        subject = _("There is an answer to your request #%(number)s") % {"number": asked_on.pk}
        body = _text(asked_on, delivery.message, _("There is an answer to your request #%(number)s."))
        mail = _mail(requester.email, subject, body, key=f"answer-{delivery.pk}", at=delivery.mailed_at or delivery.created_at)
    mail.send()
    return True


def plan_participant_mails(*, message_id: int, at: datetime) -> int:
    """Have those who take part in a ticket mailed of an answer in a while, unless they have read it by then; give how many."""
    if not mail_is_set_up():
        return 0
    message = Message.objects.select_related("conversation").get(pk=message_id)
    thread = thread_of(message.conversation)
    if thread is not None and thread.channel.kind == ChannelKind.EMAIL:
        # It goes to them as a copy of the letter itself.
        return 0
    with transaction.atomic():
        told = [one for one in participants_of(message.conversation.ticket_id) if one.email]
        for one in told:
            defer(
                "channels.mail_participant",
                schedule_at=at + PATIENCE,
                conversation_id=one.conversation_id,
                message_id=message_id,
            )
        return len(told)


def mail_participant(*, conversation_id: int, message_id: int) -> bool:
    """Mail somebody who takes part that there is an answer; False where they have read or were mailed of it meanwhile.

    It tells of the newest answer, so that a burst of them is one mail.
    """
    talk = Conversation.objects.select_related("requester", "ticket__queue").get(pk=conversation_id)
    who, asked_on = talk.requester, talk.ticket
    said = Message.objects.filter(conversation__ticket=asked_on, kind=Message.Kind.MESSAGE).exclude(author_kind="requester")
    newest = said.filter(pk__gte=message_id, automatic=False).order_by("-id").first()
    if newest is None or who is None or not who.email or asked_on.requester_id == who.pk:
        return False
    if not keep_mailed(conversation_id=conversation_id, message_id=newest.pk):
        return False
    with translation.override(who.language or settings.DESK_LANGUAGE):
        subject = _("There is an answer to request #%(number)s, in which you take part") % {"number": asked_on.pk}
        body = _text(asked_on, newest, _("There is an answer to request #%(number)s, in which you take part."))
        _mail(who.email, subject, body, key=f"part-{talk.pk}-{newest.pk}", at=newest.created_at).send()
    return True


def _mail(to: str, subject: str, body: str, *, key: str, at: datetime) -> EmailMessage:
    return EmailMessage(
        subject=subject,
        body=body,
        to=[to],
        headers={
            "Message-ID": f"<{key}@{urlsplit(settings.BASE_URL).hostname or 'localhost'}>",
            "Date": formatdate(at.timestamp()),
            "Auto-Submitted": "auto-generated",
        },
    )


def where_to_read(asked_on: Ticket) -> str:
    """Give where the answer is read: in the portal, or, by whoever has no account here, on the page they asked from."""
    if asked_on.channel == ChannelKind.WIDGET and asked_on.requester.user_id is None and (page := newest_address(asked_on.pk)):
        return page
    return str(settings.BASE_URL).rstrip("/") + reverse("portal:request", args=[asked_on.pk])


def _text(asked_on: Ticket, message: Message, first: str) -> str:
    link = where_to_read(asked_on)
    parts = [first % {"number": asked_on.pk}]
    # What may be harmful, or is asked of a restricted queue, is for the page alone, behind the sign-in.
    if not asked_on.carefulness.is_flagged:
        parts += [one_line(asked_on.subject, max_length=200), one_line(message.body, max_length=LONGEST_PREVIEW)]
    parts.append(_("Read it and answer here: %(link)s") % {"link": link})
    return "\n\n".join(part for part in parts if part) + "\n"
