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
from steward.channels.queries.deliveries import here_at, mailed_at, tickets_with_unread
from steward.channels.rules.notices import mail_is_due
from steward.core.deferring import defer
from steward.core.text import one_line
from steward.desk.models import Ticket
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
        ticket = Ticket.objects.select_for_update(of=("self",)).select_related("requester").get(pk=ticket_id)
        waiting = list(
            Delivery.objects.select_for_update().filter(ticket=ticket, state=Delivery.State.SENT, mailed_at=None).order_by("id")
        )
        if not waiting or not mail_is_due(
            waiting_since=min(delivery.sent_at or at for delivery in waiting),
            mailed_at=mailed_at(ticket_id),
            here_at=here_at(ticket),
            at=at,
        ):
            return False
        Delivery.objects.filter(pk__in=[delivery.pk for delivery in waiting]).update(mailed_at=at)
        if not ticket.requester.email:
            return False
        newest = waiting[-1]
        record(RequesterMailed(ticket_id=ticket_id, message_id=newest.message_id), by=MAILING, at=at)
        defer("channels.mail_notice", delivery_id=newest.pk)
        return True


def mail_notice(*, delivery_id: int) -> bool:
    """Send the mail that an answer waits; False says that the requester has looked in the meantime.

    After a crash it may go out twice; both have one Message-ID, by which mail programs show one.
    """
    delivery = Delivery.objects.select_related("message__author_user", "ticket__requester", "ticket__queue").get(pk=delivery_id)
    requester = delivery.ticket.requester
    if delivery.state == Delivery.State.SEEN or not requester.email:
        return False
    with translation.override(requester.language or settings.DESK_LANGUAGE):
        mail = EmailMessage(
            subject=_("There is an answer to your request #%(number)s") % {"number": delivery.ticket_id},
            body=_text(delivery),
            to=[requester.email],
            headers={
                "Message-ID": f"<answer-{delivery.pk}@{urlsplit(settings.BASE_URL).hostname or 'localhost'}>",
                "Date": formatdate((delivery.mailed_at or delivery.created_at).timestamp()),
                "Auto-Submitted": "auto-generated",
            },
        )
    mail.send()
    return True


def _text(delivery: Delivery) -> str:
    link = str(settings.BASE_URL).rstrip("/") + reverse("portal:request", args=[delivery.ticket_id])
    parts = [_("There is an answer to your request #%(number)s.") % {"number": delivery.ticket_id}]
    # What is asked of a restricted queue is for the page alone, behind the sign-in.
    if not delivery.ticket.queue.restricted:
        parts += [one_line(delivery.ticket.subject, max_length=200), one_line(delivery.message.body, max_length=LONGEST_PREVIEW)]
    parts.append(_("Read it and answer here: %(link)s") % {"link": link})
    return "\n\n".join(part for part in parts if part) + "\n"
