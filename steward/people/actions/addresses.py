"""Keeping what the sign-in knows of a user's address in step with the user."""

from allauth.account.models import EmailAddress

from steward.people.models import User


def keep_address(user: User, *, verified: bool) -> None:
    """Make the user's address the only one they sign in with; for use inside the caller's transaction.

    An address an admin wrote, or that came with an invitation, counts as verified.
    """
    EmailAddress.objects.filter(user_id=user.pk).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(
        user_id=user.pk,
        email=user.email,
        defaults={"verified": verified, "primary": True},
    )
