"""Where the lists are."""

from django.urls import path

from steward.web.inbox import bulk, counting, follow_ups, next, page, saved, saving, suggest  # noqa: A004 -- the resource is called so

app_name = "inbox"
urlpatterns = [
    path("tickets/", page.page, name="page"),
    path("tickets/pane/", page.pane, name="pane"),
    path("tickets/bulk/", bulk.create, name="bulk"),
    path("tickets/next/", next.create, name="next"),
    path("tickets/counts/", counting.page, name="counts"),
    path("tickets/suggest/", suggest.page, name="suggest"),
    path("tickets/views/", saved.page, name="saved"),
    path("tickets/views/new/", saving.create, name="save"),
    path("tickets/views/update/", saving.update, name="update_view"),
    path("tickets/views/layout/", saving.lay_out, name="lay_out"),
    path("tickets/views/<int:view_id>/history/", saved.history, name="view_history"),
    path("tickets/views/<int:view_id>/", saved.change, name="change_view"),
    path("follow-ups/", follow_ups.page, name="follow_ups"),
]
