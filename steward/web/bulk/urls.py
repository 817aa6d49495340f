"""Where bulk runs are."""

from django.urls import path

from steward.web.bulk import runs, steering

app_name = "bulk"
urlpatterns = [
    path("", runs.page, name="page"),
    path("<int:bulk_id>/", runs.run, name="run"),
    path("<int:bulk_id>/steps/", runs.steps, name="steps"),
    path("<int:bulk_id>/preview/", runs.preview, name="preview"),
    path("<int:bulk_id>/progress/", runs.progress, name="progress"),
    path("<int:bulk_id>/tickets/", runs.tickets, name="tickets"),
    path("<int:bulk_id>/start/", steering.start, name="start"),
    path("<int:bulk_id>/stop/", steering.stop, name="stop"),
    path("<int:bulk_id>/resume/", steering.resume, name="resume"),
    path("<int:bulk_id>/undo/", steering.undo, name="undo"),
    path("<int:bulk_id>/again/", steering.again, name="again"),
]
