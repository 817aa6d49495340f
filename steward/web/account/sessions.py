"""Sessions in the database, read with one plain statement: every page of everybody signed in reads one."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from steward.core import clock
from steward.core.rows import first_row

_LIVE = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(DatabaseStore):
    """Named in settings as SESSION_ENGINE by its module."""

    def load(self) -> dict[str, Any]:
        """Read what the session holds; nothing, and no key any more, for one that ended or never was."""
        row = first_row(_LIVE, [self.session_key, clock.now()])
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])
