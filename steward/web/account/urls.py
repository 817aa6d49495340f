"""Where one's own account and the one-time links are."""

from django.urls import path

from steward.web.account import join, notices, password, profile

app_name = "account"
urlpatterns = [
    path("", profile.page, name="page"),
    path("notices/", notices.page, name="notices"),
    path("join/<str:token>/", join.page, name="join"),
    path("new-password/<str:token>/", password.page, name="new_password"),
]
