"""Mailing a third party what they are asked beside a ticket; their answer comes back by the link."""

from email.utils import formatdate
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from steward.core.deferring import defer
from steward.desk.models import Message
from steward.desk.queries.asides import token_of
from steward.people.queries.links import mail_is_set_up
from steward.people.rules import is_email, normalize_email


def plan_aside(*, message_id: int) -> bool:
    """Have a message of a side conversation mailed, where its party has an e-mail address and this desk sends mail."""
    message = Message.objects.select_related("conversation").get(pk=message_id)
    talk = message.conversation
    if talk.team_id is not None or not is_email(normalize_email(talk.address)) or not mail_is_set_up():
        return False
    with transaction.atomic():
        defer("channels.mail_aside", message_id=message_id)
    return True


def mail_aside(*, message_id: int) -> None:
    """Send the mail; after a crash it may go out twice, with one Message-ID, by which mail programs show one."""
    message = Message.objects.select_related("conversation__ticket__queue").get(pk=message_id)
    talk = message.conversation
    link = str(settings.BASE_URL).rstrip("/") + reverse("aside:guest", args=[token_of(talk)])
    # Of a restricted queue nothing but the link leaves the desk.
    words = "" if talk.ticket.queue.restricted else message.body
    body = [words, _("Read it and answer here: %(link)s") % {"link": link}]
    EmailMessage(
        subject=_("A question from the support desk") if talk.ticket.queue.restricted else talk.topic,
        body="\n\n".join(part for part in body if part) + "\n",
        to=[normalize_email(talk.address)],
        headers={
            "Message-ID": f"<aside-{message.pk}@{urlsplit(settings.BASE_URL).hostname or 'localhost'}>",
            "Date": formatdate(message.created_at.timestamp()),
        },
    ).send()
