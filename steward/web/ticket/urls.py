"""Where a ticket and its resources are; every change is a POST, so that it works without scripts."""

from django.urls import path

from steward.web.ticket import (
    applying,
    assignee,
    choosing,
    custom_fields,
    fields,
    follow_ups,
    harm,
    links,
    macros,
    notes,
    page,
    queue,
    replies,
    saved_replies,
    status,
    tags,
    undelivered,
)

app_name = "ticket"
urlpatterns = [
    path("choose/", choosing.page, name="choose"),
    path("apply/", applying.create, name="apply"),
    path("<int:ticket_id>/", page.page, name="page"),
    path("<int:ticket_id>/live/", page.live, name="live"),
    path("<int:ticket_id>/drafts/", page.drafts, name="drafts"),
    path("<int:ticket_id>/earlier/", page.earlier, name="earlier"),
    path("<int:ticket_id>/replies/", replies.create, name="replies"),
    path("<int:ticket_id>/messages/<int:message_id>/send-again/", undelivered.create, name="send_again"),
    path("<int:ticket_id>/notes/", notes.create, name="notes"),
    path("<int:ticket_id>/status/", status.update, name="status"),
    path("<int:ticket_id>/fields/", fields.update, name="fields"),
    path("<int:ticket_id>/custom-fields/", custom_fields.update, name="custom_fields"),
    path("<int:ticket_id>/assignee/", assignee.update, name="assignee"),
    path("<int:ticket_id>/harm/", harm.update, name="harm"),
    path("<int:ticket_id>/queue/", queue.update, name="queue"),
    path("<int:ticket_id>/tags/", tags.create, name="tags"),
    path("<int:ticket_id>/tags/<int:tag_id>/remove/", tags.destroy, name="untag"),
    path("<int:ticket_id>/follow-ups/", follow_ups.create, name="follow_ups"),
    path("<int:ticket_id>/follow-ups/<int:follow_up_id>/", follow_ups.update, name="follow_up"),
    path("<int:ticket_id>/links/", links.create, name="links"),
    path("<int:ticket_id>/links/<int:link_id>/remove/", links.destroy, name="unlink"),
    path("<int:ticket_id>/saved-replies/", saved_replies.page, name="saved_replies"),
    path("<int:ticket_id>/saved-replies/<int:saved_reply_id>/used/", saved_replies.used, name="saved_reply_used"),
    path("<int:ticket_id>/macros/", macros.page, name="macros"),
    path("<int:ticket_id>/macros/<int:macro_id>/", macros.macro, name="macro"),
    path("<int:ticket_id>/macros/<int:macro_id>/run/", macros.run, name="run_macro"),
    path("<int:ticket_id>/macro-runs/<int:run_id>/undo/", macros.undo, name="undo_macro"),
]
