"""Where attached files are."""

from django.urls import path

from steward.web.files import page

app_name = "files"
urlpatterns = [path("<int:attachment_id>/<str:name>", page.page, name="page")]
