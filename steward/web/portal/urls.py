"""Where requesters ask and follow."""

from django.urls import path

from steward.web.portal import answers, home, replies, requests

app_name = "portal"
urlpatterns = [
    path("", home.page, name="page"),
    path("ask/", home.ask, name="ask"),
    path("ask/fields/", home.fields, name="ask_fields"),
    path("requests/<int:ticket_id>/", requests.page, name="request"),
    path("requests/<int:ticket_id>/live/", requests.live, name="live"),
    path("requests/<int:ticket_id>/seen/", requests.seen, name="seen"),
    path("requests/<int:ticket_id>/messages/", replies.create, name="messages"),
    path("requests/<int:ticket_id>/answers/<int:question_id>/", answers.create, name="answer"),
]
