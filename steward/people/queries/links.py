"""Reads of one-time links by their token."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from steward.core.errors import Conflict, NotFound
from steward.people.models import Invitation, PasswordLink
from steward.people.queries.people import has_admin
from steward.people.rules import has_expired, token_hash


def mail_is_set_up() -> bool:
    """Tell whether this desk can send mail at all."""
    return not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")


def require_mail() -> None:
    """Go on only where mail can be sent; raises `Conflict` otherwise."""
    if not mail_is_set_up():
        raise Conflict(_("This desk sends no mail."), hint=_("Hand the link over yourself, or set STEWARD_EMAIL_URL."))


def open_invitation(*, token: str, at: datetime) -> Invitation:
    """Find the invitation of a link that can still be accepted.

    Raises `NotFound` for an unknown link, `Conflict` for a used, withdrawn or expired one.
    """
    invitation = Invitation.objects.filter(token_hash=token_hash(token)).first()
    if invitation is None:
        raise _unknown()
    require_acceptable(invitation, at=at)
    return invitation


def open_password_link(*, token: str, at: datetime) -> PasswordLink:
    """Find the password link that can still be used, with its user; raises as `open_invitation` does."""
    link = PasswordLink.objects.filter(token_hash=token_hash(token)).select_related("user").first()
    if link is None:
        raise _unknown()
    require_usable(link, at=at)
    return link


def require_acceptable(invitation: Invitation, *, at: datetime) -> None:
    """Go on only with an invitation that can still be accepted; raises `Conflict` saying why not."""
    _require_open(
        used=invitation.accepted_at is not None,
        withdrawn=invitation.withdrawn_at is not None,
        expires_at=invitation.expires_at,
        at=at,
    )
    if invitation.first_admin and has_admin():
        raise Conflict(_("This desk has an admin already."), hint=_("Ask them for an invitation."))


def require_usable(link: PasswordLink, *, at: datetime) -> None:
    """Go on only with a password link that can still be used; raises `Conflict` saying why not."""
    _require_open(
        used=link.used_at is not None,
        withdrawn=link.withdrawn_at is not None or not link.user.is_active,
        expires_at=link.expires_at,
        at=at,
    )


def _require_open(*, used: bool, withdrawn: bool, expires_at: datetime, at: datetime) -> None:
    hint = _("Ask an admin for a new link.")
    if used:
        raise Conflict(_("This link was used already."), hint=_("Sign in, or ask an admin for a new link."))
    if withdrawn:
        raise Conflict(_("This link was withdrawn."), hint=hint)
    if has_expired(expires_at, at):
        raise Conflict(_("This link has expired."), hint=hint)


def _unknown() -> NotFound:
    return NotFound(_("There is no such link."), hint=_("Copy the whole address, or ask an admin for a new link."))
