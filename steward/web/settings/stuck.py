"""What is stuck on a channel, on the way in or out: tried once more, or let go."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from steward.channels.actions.hearing import drop_envelope, retry_envelope
from steward.channels.actions.resending import drop_failed, retry_failed
from steward.channels.models import InboundEnvelope
from steward.channels.permissions import may_manage_channels
from steward.channels.queries.accounts import parked_on
from steward.core import clock
from steward.core.errors import NotFound
from steward.web.settings.answering import done
from steward.web.settings.asking import only
from steward.web.shared.asking import Request

MOST_AT_ONCE = 1_000


@require_POST
@only(may_manage_channels)
def retry_all_parked(request: Request, channel_id: int) -> HttpResponse:
    parked, at = parked_on(channel_id, most=MOST_AT_ONCE), clock.now()
    # In the order in which they came: what belongs together is taken in as it was said.
    for one in reversed(parked):
        retry_envelope(envelope_id=one.pk, by=request.actor, at=at)
    said = ngettext("%(count)s is taken in again.", "%(count)s are taken in again.", len(parked)) % {"count": len(parked)}
    return done(request, said, "settings:channel", channel_id)


@require_POST
@only(may_manage_channels)
def retry_parked(request: Request, channel_id: int, envelope_id: int) -> HttpResponse:
    _of_channel(channel_id, envelope_id)
    retry_envelope(envelope_id=envelope_id, by=request.actor, at=clock.now())
    return done(request, _("It is taken in again."), "settings:channel", channel_id)


@require_POST
@only(may_manage_channels)
def drop_parked(request: Request, channel_id: int, envelope_id: int) -> HttpResponse:
    _of_channel(channel_id, envelope_id)
    drop_envelope(envelope_id=envelope_id, by=request.actor, at=clock.now())
    return done(request, _("Let go. What it held is not kept."), "settings:channel", channel_id)


@require_POST
@only(may_manage_channels)
def retry_all_failed(request: Request, channel_id: int) -> HttpResponse:
    count = retry_failed(channel_id=channel_id, by=request.actor, at=clock.now())
    said = ngettext("%(count)s is sent again.", "%(count)s are sent again.", count) % {"count": count}
    return done(request, said, "settings:channel", channel_id)


@require_POST
@only(may_manage_channels)
def retry_one_failed(request: Request, channel_id: int, outgoing_id: int) -> HttpResponse:
    _some(retry_failed(channel_id=channel_id, outgoing_id=outgoing_id, by=request.actor, at=clock.now()))
    return done(request, _("It is sent again."), "settings:channel", channel_id)


@require_POST
@only(may_manage_channels)
def drop_one_failed(request: Request, channel_id: int, outgoing_id: int) -> HttpResponse:
    _some(drop_failed(channel_id=channel_id, outgoing_id=outgoing_id, by=request.actor, at=clock.now()))
    return done(request, _("Let go. On its ticket it stays marked as not delivered."), "settings:channel", channel_id)


def _of_channel(channel_id: int, envelope_id: int) -> None:
    if not InboundEnvelope.objects.filter(pk=envelope_id, channel_id=channel_id).exists():
        raise NotFound(_("There is no such envelope."))


def _some(count: int) -> None:
    if not count:
        raise NotFound(_("It is not stuck any more."), hint=_("Reload the page."))
