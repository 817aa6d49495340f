"""Where tickets are merged, split, watched and seen in passing; every change is a POST, so that it works without scripts."""

from django.urls import path

from steward.web.structure import merge, messages, watch

app_name = "structure"
urlpatterns = [
    path("merge/", merge.preview, name="merge"),
    path("merge/now/", merge.create, name="merge_now"),
    path("<int:ticket_id>/unmerge/", merge.undo, name="unmerge"),
    path("<int:ticket_id>/messages/<int:message_id>/", messages.page, name="message"),
    path("<int:ticket_id>/messages/<int:message_id>/split/", messages.split, name="split"),
    path("<int:ticket_id>/messages/<int:message_id>/move/", messages.move, name="move"),
    path("<int:ticket_id>/watchers/", watch.panel, name="watch"),
]
