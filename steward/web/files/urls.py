"""Where attached files are."""

from django.urls import path

from steward.web.files import page, redacted, views

app_name = "files"
urlpatterns = [
    path("editor/", redacted.editor, name="editor"),
    path("beats/", views.beats, name="beats"),
    path("ends/", views.ends, name="ends"),
    path("views/<int:view_id>/end/", views.end, name="end"),
    path("of/<int:ticket_id>/views/", views.views_of_ticket, name="views_of_ticket"),
    path("<int:attachment_id>/views/", views.views, name="views"),
    path("<int:attachment_id>/veil/", views.veiled, name="veil"),
    path("<int:attachment_id>/download/", views.download, name="download"),
    path("<int:attachment_id>/redacted/", redacted.create, name="redacted"),
    path("<int:attachment_id>/<str:name>", page.page, name="page"),
]
