"""Whom a session belongs to, read once a page."""

from allauth.account.auth_backends import AuthenticationBackend

from steward.people.models import User
from steward.people.queries.actors import signed_in


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Signs people in as the library does; named in settings as AUTHENTICATION_BACKENDS."""

    def get_user(self, user_id: int) -> User | None:
        """Find the user of a session; None ends it."""
        return signed_in(int(user_id))
