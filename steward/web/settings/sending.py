"""For how long a reply can be taken back, on each channel."""

from dataclasses import replace

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from steward.core import clock
from steward.desk.actions.settings import set_hold_time
from steward.desk.models import HoldTime
from steward.desk.permissions import may_manage_desk
from steward.desk.rules.holding import LONGEST_HOLD, usual_hold
from steward.web.settings.answering import done, show
from steward.web.settings.asking import only, small_number
from steward.web.settings.history import history_of
from steward.web.shared.asking import Request
from steward.web.shared.history import Line
from steward.web.shared.labels import CHANNELS


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_manage_desk)
def page(request: Request) -> HttpResponse:
    rows = {row.channel: row for row in HoldTime.objects.filter(channel__in=list(CHANNELS))}
    if request.method == "POST":
        with transaction.atomic():
            for channel in CHANNELS:
                seconds = small_number(request, channel)
                if seconds != _seconds(rows, channel):
                    set_hold_time(channel=channel, seconds=seconds, by=request.actor, at=clock.now())
        return done(request, _("Saved."), "settings:sending")
    context = {
        "channels": [(channel, str(label), _seconds(rows, channel)) for channel, label in CHANNELS.items()],
        "longest": LONGEST_HOLD,
        "history": _history(rows),
    }
    return show(request, "settings/sending.html", "sending", context)


def _seconds(rows: dict[str, HoldTime], channel: str) -> int:
    return rows[channel].seconds if channel in rows else usual_hold(channel)


def _history(rows: dict[str, HoldTime]) -> list[Line]:
    """Give the history of all channels as one, each line with the channel's name."""
    found = [
        replace(line, what=f"{CHANNELS[channel]}: {line.what}")
        for channel, row in rows.items()
        for line in history_of(f"hold_time:{row.pk}")
    ]
    return sorted(found, key=lambda line: line.at, reverse=True)
