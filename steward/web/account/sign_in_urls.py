"""Where signing in happens: the library's pages, except those that go about things otherwise here."""

from django.urls import include, path
from django.views.generic import RedirectView

from steward.web.account import password

urlpatterns = [
    # The address is an admin's to change, since it is what a person is found and signed in by.
    path("email/", RedirectView.as_view(pattern_name="account:page"), name="account_email"),
    path("password/reset/", password.forgotten, name="account_reset_password"),
    path("", include("allauth.urls")),
]
