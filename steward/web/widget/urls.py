"""Where the widget's script is, what it asks, and what agents see of the pages it stands on; its stream is at `/widget/live`."""

from django.urls import path

from steward.web.widget import files, panel, script, session, talking

app_name = "widget"
urlpatterns = [
    path("widget.js", script.script, name="script"),
    path("widget/session/", session.create, name="session"),
    path("widget/state/", talking.state, name="state"),
    path("widget/messages/", talking.say, name="messages"),
    path("widget/seen/", talking.seen, name="seen"),
    path("widget/answers/", talking.answer, name="answers"),
    path("widget/files/<int:attachment_id>/", files.file, name="file"),
    path("widget/pages/<int:ticket_id>/", panel.pages, name="pages"),
]
