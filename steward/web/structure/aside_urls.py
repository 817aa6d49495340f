"""Where those answer who are asked beside a ticket: a guest by a link, a team signed in."""

from django.urls import path

from steward.web.structure import asides

app_name = "aside"
urlpatterns = [
    path("", asides.asked, name="asked"),
    path("team/<int:conversation_id>/", asides.answer_as_team, name="team"),
    path("<str:token>/", asides.answer_by_link, name="guest"),
]
