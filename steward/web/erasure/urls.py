"""Where people and single messages are erased."""

from django.urls import path

from steward.web.erasure import messages, people

app_name = "erasure"
urlpatterns = [
    path("requesters/<int:requester_id>/", people.requester, name="requester"),
    path("people/<int:user_id>/", people.user, name="user"),
    path("messages/<int:message_id>/", messages.page, name="message"),
]
