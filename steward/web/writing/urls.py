"""Where drafts are saved, held replies are decided about, and both are listed."""

from django.urls import path

from steward.web.writing import drafts, held, page

app_name = "writing"
urlpatterns = [
    path("", page.page, name="page"),
    path("tickets/<int:ticket_id>/<slug:kind>/", drafts.draft, name="draft"),
    path("tickets/<int:ticket_id>/<slug:kind>/files/", drafts.attach, name="attach"),
    path("files/<int:file_id>/remove/", drafts.detach, name="detach"),
    path("copies/<int:copy_id>/use/", drafts.use, name="use"),
    path("copies/<int:copy_id>/drop/", drafts.drop, name="drop"),
    path("drafts/<int:draft_id>/discard/", drafts.discard, name="discard"),
    path("drafts/<int:draft_id>/share/", drafts.share, name="share"),
    path("drafts/<int:draft_id>/take/", drafts.take, name="take"),
    path("held/<int:held_id>/send/", held.send, name="send"),
    path("held/<int:held_id>/back/", held.back, name="back"),
    path("held/<int:held_id>/due/", held.due, name="due"),
]
