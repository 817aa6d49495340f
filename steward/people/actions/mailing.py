"""Sending one-time links by mail, where outgoing mail is set up."""

import secrets
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from steward.people.actions.passwords import TOKEN_BYTES
from steward.people.models import Invitation, PasswordLink
from steward.people.rules import has_expired, token_hash


def mail_invitation(*, invitation_id: int, at: datetime) -> bool:
    """Send an open invitation's link to its address; False says that it is no longer open.

    The link gets a new token each time, so that none has to be kept: of two mails, the later one works.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        invitation = Invitation.objects.select_for_update(no_key=True).get(id=invitation_id)
        if invitation.accepted_at or invitation.withdrawn_at or has_expired(invitation.expires_at, at):
            return False
        invitation.token_hash = token_hash(token)
        invitation.save(update_fields=["token_hash"])
    with translation.override(invitation.language or settings.DESK_LANGUAGE):
        send_mail(
            subject=_("You are invited to the desk"),
            message=_("You are invited to the desk. This link makes your account; it works once, until %(end)s:\n\n%(link)s\n")
            % {"end": f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC", "link": _address("account:join", token)},
            from_email=None,
            recipient_list=[invitation.email],
        )
    return True


def mail_password_link(*, password_link_id: int, at: datetime) -> bool:
    """Send an open password link to its user; False says that it is no longer open.

    As with an invitation, each mail carries a new token.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        link = PasswordLink.objects.select_for_update(of=("self",), no_key=True).select_related("user").get(id=password_link_id)
        if link.used_at or link.withdrawn_at or not link.user.is_active or has_expired(link.expires_at, at):
            return False
        link.token_hash = token_hash(token)
        link.save(update_fields=["token_hash"])
    with translation.override(link.user.language):
        send_mail(
            subject=_("Set a new password"),
            message=_("With this link you set a new password for the desk; it works once, until %(end)s:\n\n%(link)s\n")
            % {"end": f"{link.expires_at:%Y-%m-%d %H:%M} UTC", "link": _address("account:new_password", token)},
            from_email=None,
            recipient_list=[link.user.email],
        )
    return True


def _address(name: str, token: str) -> str:
    return str(settings.BASE_URL).rstrip("/") + reverse(name, args=[token])
