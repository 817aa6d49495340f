"""Where the lists are."""

from django.urls import path

from steward.web.inbox import follow_ups, next, page  # noqa: A004 -- the resource is called so

app_name = "inbox"
urlpatterns = [
    path("tickets/", page.page, name="page"),
    path("tickets/pane/", page.pane, name="pane"),
    path("tickets/next/", next.create, name="next"),
    path("follow-ups/", follow_ups.page, name="follow_ups"),
]
