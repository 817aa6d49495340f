"""Every address of the server, by screen."""

from django.urls import include, path

from steward.web.account import sign_in_urls

urlpatterns = [
    path("", include("steward.web.home.urls")),
    path("", include("steward.web.inbox.urls")),
    path("sign-in/", include(sign_in_urls)),
    path("account/", include("steward.web.account.urls")),
    path("portal/", include("steward.web.portal.urls")),
]
