"""Opening a session by the page's token, and saying whom it is for and what fits."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils import translation

from steward.channels.actions.widget_opening import open_widget
from steward.channels.queries.widget import SESSION_FOR, session_token
from steward.core import clock
from steward.desk.actions.writing import MOST_FILES
from steward.web.widget.asking import from_pages, language_of, origin_of_request


@from_pages("POST", with_session=False)
def create(request: HttpRequest) -> HttpResponseBase:
    session = open_widget(
        site_key=request.POST.get("site", "")[:100],
        token=request.POST.get("token", "")[:5_000],
        origin=origin_of_request(request),
        time_zone=request.POST.get("zone", "")[:100],
        request_id=str(getattr(request, "request_id", "")),
        at=clock.now(),
    )
    # What the page asks for goes before what the person is known by; the widget then speaks as it is told.
    return JsonResponse(
        {
            "session": session_token(session),
            "seconds": int(SESSION_FOR.total_seconds()),
            "name": session.actor.name,
            "person": session.requester.pk,
            "language": language_of(request, session.actor.language),
            "kept": session.site.kept_params,
            "most_bytes": settings.MAX_FILE_BYTES,
            "most_body": settings.MAX_BODY_BYTES,
            "most_files": MOST_FILES,
            "rtl": translation.get_language_bidi(),
        }
    )
