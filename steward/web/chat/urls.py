"""Where requesters chat."""

from django.urls import path

from steward.web.chat import messages, page

app_name = "chat"
urlpatterns = [
    path("", page.current, name="page"),
    path("new/", page.new, name="new"),
    path("messages/", messages.start, name="start"),
    path("<int:ticket_id>/", page.one, name="one"),
    path("<int:ticket_id>/live/", page.live, name="live"),
    path("<int:ticket_id>/messages/", messages.create, name="messages"),
]
