"""Where tickets are merged, split, watched and seen in passing; every change is a POST, so that it works without scripts."""

from django.urls import path

from steward.web.structure import asides, merge, messages, participants, parts, people, refs, watch

app_name = "structure"
urlpatterns = [
    path("merge/", merge.preview, name="merge"),
    path("merge/from/", merge.from_list, name="merge_from_list"),
    path("merge/now/", merge.create, name="merge_now"),
    path("<int:ticket_id>/unmerge/", merge.undo, name="unmerge"),
    path("<int:ticket_id>/messages/<int:message_id>/", messages.page, name="message"),
    path("<int:ticket_id>/messages/<int:message_id>/split/", messages.split, name="split"),
    path("<int:ticket_id>/messages/<int:message_id>/move/", messages.move, name="move"),
    path("refs/", refs.unfurl, name="refs"),
    path("<int:ticket_id>/card/", refs.card, name="card"),
    path("<int:ticket_id>/names/", people.names, name="names"),
    path("<int:ticket_id>/requester/", people.requester, name="requester"),
    path("<int:ticket_id>/parts/", parts.page, name="parts"),
    path("<int:ticket_id>/asides/", asides.panel, name="asides"),
    path("<int:ticket_id>/asides/new/", asides.new, name="aside_new"),
    path("<int:ticket_id>/asides/<int:conversation_id>/", asides.thread, name="aside"),
    path("<int:ticket_id>/participants/", participants.panel, name="participants"),
    path("<int:ticket_id>/participants/find/", participants.find, name="find_participant"),
    path("<int:ticket_id>/participants/<int:requester_id>/remove/", participants.destroy, name="remove_participant"),
    path("<int:ticket_id>/watchers/", watch.panel, name="watch"),
]
