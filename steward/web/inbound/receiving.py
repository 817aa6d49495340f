"""A request of a vendor: verified, kept, and answered only then."""

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from steward.channels.actions.arriving import receive
from steward.channels.contract import Call, Forged
from steward.core import clock
from steward.core.errors import NotFound

log = logging.getLogger(__name__)


@csrf_exempt
def page(request: HttpRequest, kind: str, channel_id: int, rest: str) -> HttpResponse:
    """Take what a vendor brings; who calls is known by the vendor's own signature or token, never by a session."""
    call = Call(
        method=str(request.method),
        path=f"/{rest}",
        headers={name.lower(): value for name, value in request.headers.items()},
        query={name: value for name, value in request.GET.items() if isinstance(value, str)},
        body=request.body,
    )
    try:
        answer = receive(channel_id=channel_id, kind=kind, call=call, at=clock.now())
    except Forged as error:
        log.warning("inbound.forged", extra={"kind": kind, "channel": channel_id, "why": str(error)})
        return JsonResponse({"errcode": "M_FORBIDDEN", "error": str(error)}, status=403)
    except NotFound as error:
        return JsonResponse({"errcode": "M_NOT_FOUND", "error": error.message}, status=404)
    return JsonResponse(dict(answer.body), status=answer.status)
