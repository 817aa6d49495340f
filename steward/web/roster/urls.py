"""Where the shifts are."""

from django.urls import path

from steward.web.roster import page, shifts

app_name = "roster"
urlpatterns = [
    path("", page.page, name="page"),
    path("new/", shifts.create, name="new"),
    path("<int:shift_id>/", shifts.shift, name="shift"),
    path("<int:shift_id>/cancel/", shifts.cancel, name="cancel"),
]
