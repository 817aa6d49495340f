"""How the sign-in library does things here: closed sign-up, and every write through the actions of people."""

from typing import Any, cast

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.conf import settings
from django.http import HttpRequest

from steward.core import clock
from steward.people.actions import set_password, sign_up
from steward.people.actions.passwords import hashed_password
from steward.people.actor import Actor, anonymous
from steward.people.models import User
from steward.people.queries.links import mail_is_set_up
from steward.web.account.middleware import actor_of


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """The rules of the desk for the sign-in library."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 -- the library's signature
        """Let anybody in as requester only where the desk says so and their address can be proven by mail.

        Without that proof, whoever writes down somebody's address would read their tickets.
        """
        return settings.SIGNUP == "open" and app_settings.EMAIL_VERIFICATION == "mandatory" and mail_is_set_up()

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:  # noqa: ARG002, FBT001, FBT002 -- the library's signature
        """Make the account of somebody who signed up."""
        data = form.cleaned_data
        name = data.get("name") or data["email"].partition("@")[0]
        return sign_up(
            email=data["email"],
            name=name,
            password_hash=hashed_password(data["password1"], user=User(email=data["email"], name=name)),
            by=actor_of(request),
            at=clock.now(),
        )

    def set_password(self, user: User, password: str) -> None:
        """Set a password that its owner changed, or set anew by mail."""
        by = _actor()
        how = "self" if by.user_id == user.pk else "mail"
        user.password = set_password(user_id=user.pk, password=password, how=how, by=by, at=clock.now()).password

    def clean_email(self, email: str) -> str:
        """Compare addresses the way they are stored."""
        return cast("str", super().clean_email(email)).lower()


def _actor() -> Actor:
    request = context.request
    return actor_of(request) if request is not None else anonymous()
