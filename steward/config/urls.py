"""Every address of the server, by screen."""

from django.urls import include, path

from steward.web.account import sign_in_urls

urlpatterns = [
    path("", include("steward.web.home.urls")),
    path("", include("steward.web.inbox.urls")),
    path("tickets/", include("steward.web.structure.urls")),
    path("tickets/", include("steward.web.ticket.urls")),
    path("bulk/", include("steward.web.bulk.urls")),
    path("aside/", include("steward.web.structure.aside_urls")),
    path("files/", include("steward.web.files.urls")),
    path("portal/", include("steward.web.portal.urls")),
    path("channels/", include("steward.web.inbound.urls")),
    path("chat/", include("steward.web.chat.urls")),
    path("", include("steward.web.widget.urls")),
    path("settings/", include("steward.web.settings.urls")),
    path("shift/", include("steward.web.shift.urls")),
    path("shifts/", include("steward.web.roster.urls")),
    path("erasure/", include("steward.web.erasure.urls")),
    path("care/", include("steward.web.care.urls")),
    path("notices/", include("steward.web.notices.urls")),
    path("here/", include("steward.web.live.urls")),
    path("writing/", include("steward.web.writing.urls")),
    path("palette/", include("steward.web.palette.urls")),
    path("report/", include("steward.web.insight.urls")),
    path("account/", include("steward.web.account.urls")),
    path("api/", include("steward.api.urls")),
    path("sign-in/", include(sign_in_urls)),
]

handler400 = "steward.web.shared.errors.bad_request"
handler403 = "steward.web.shared.errors.forbidden"
handler404 = "steward.web.shared.errors.not_found"
handler500 = "steward.web.shared.errors.server_error"
