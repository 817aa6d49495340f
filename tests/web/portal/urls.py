"""The requesters' screens where the server has them, with the built files beside them."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.views.static import serve

from steward.web.shared.assets import STATIC_FOLDER


def home(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("home")


urlpatterns = [
    path("", home, name="home"),
    path("account/", include("steward.web.account.urls")),
    path("sign-in/", include("steward.web.account.sign_in_urls")),
    path("portal/", include("steward.web.portal.urls")),
    path("files/", include("steward.web.files.urls")),
    path("chat/", include("steward.web.chat.urls")),
    re_path(rf"^{settings.STATIC_URL.lstrip('/')}(?P<path>.+)$", serve, {"document_root": STATIC_FOLDER}),
]
