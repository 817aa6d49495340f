"""The operator's page: whether everything behind the screens keeps up, and what is stuck."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from steward import __version__
from steward.core import clock
from steward.desk.permissions import may_manage_desk
from steward.ledger.actions.following import retry_parked
from steward.ledger.queries import lags, parked_streams
from steward.web.settings.answering import done, show, wants_part
from steward.web.settings.asking import only
from steward.web.shared import htmx
from steward.web.shared.asking import Request, text

LATE_SECONDS = 30
LONG_WRITE_SECONDS = 5


@dataclass(frozen=True)
class OpenWrite:
    """The oldest transaction anywhere on the server that has written: every subscriber waits for it."""

    pid: int
    database: str
    application: str
    seconds: float


@dataclass(frozen=True)
class Jobs:
    """Who works through the jobs, how many wait their turn by now, and how many failed for good."""

    workers: int
    waiting: int
    failed: int


@require_safe
@only(may_manage_desk)
def page(request: Request) -> HttpResponse:
    context = _looked()
    if wants_part(request):
        return render(request, "settings/system_state.html", context)
    return show(request, "settings/system.html", "system", {**context, "release": __version__, "server": _server()})


@require_POST
@only(may_manage_desk)
def retry(request: Request) -> HttpResponse:
    name, stream = text(request, "subscriber"), text(request, "stream").replace("\x00", "")
    if retry_parked(subscriber=name, stream=stream, at=clock.now()):
        return done(request, _("%(stream)s flows again.") % {"stream": stream}, "settings:system")
    toast = htmx.Toast(
        _("%(stream)s stopped again.") % {"stream": stream},
        hint=_("The error shown is the new one. The whole of it is in the worker's log."),
        tone="error",
    )
    if wants_part(request):
        return htmx.answer(request, "settings/system_refresh.html", _looked(), toast=toast)
    messages.error(request, f"{toast.title} {toast.hint}")
    return htmx.go(request, reverse("settings:system"))


def _looked() -> dict[str, Any]:
    at = clock.now()
    # Only the first line: what follows may quote the row at fault, which is not the operator's to read.
    parked = [(one, one.error.strip().splitlines()[0] if one.error.strip() else "") for one in parked_streams()]
    write = _oldest_write()
    return {
        "at": at,
        "lags": lags(at),
        "late_seconds": LATE_SECONDS,
        "parked": parked,
        "write": write,
        "is_long": write is not None and write.seconds >= LONG_WRITE_SECONDS,
        "jobs": _jobs(),
    }


def _oldest_write() -> OpenWrite | None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT pid, coalesce(datname, ''), coalesce(application_name, ''),
                   extract(epoch FROM clock_timestamp() - xact_start)::float
              FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid() ORDER BY xact_start LIMIT 1
            """
        )
        row = cursor.fetchone()
    return OpenWrite(*row) if row else None


def _jobs() -> Jobs:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds'),
                   (SELECT count(*) FROM procrastinate_jobs
                     WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())),
                   (SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed')
            """
        )
        return Jobs(*cursor.fetchone())


def _server() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])
