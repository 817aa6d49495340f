"""Whom a session belongs to, read once a page."""

from allauth.account.auth_backends import AuthenticationBackend

from steward.core.prepared import Prepared
from steward.people.models import User

_ACTIVE = Prepared(lambda user_id: User.objects.filter(pk=user_id, is_active=True), user_id=int)


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Signs people in as the library does; named in settings as AUTHENTICATION_BACKENDS."""

    def get_user(self, user_id: int) -> User | None:
        """Find the user of a session; None ends it."""
        return _ACTIVE.first(user_id=int(user_id))
